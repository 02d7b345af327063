"""`flask bot parse`: one JSON line out for each line in, whatever stands on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from bots.parsing import OfferName
from bots.parsing.reading import as_record
from cli.bot import command
from tests.servers.shared_run import REPOSITORY

CRAB = {"name": "大闸蟹", "unit": "只", "aliases": ["螃蟹"]}
YAM = {"name": "铁棍山药", "unit": "斤", "aliases": ["山药"]}


def run(*lines: str | dict[str, Any]) -> Result:
    text = "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
    return CliRunner().invoke(command, ["parse"], input=text.encode())


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout_bytes.decode().splitlines()]


def test_the_command_needs_neither_settings_nor_a_database() -> None:
    flask = Path(sys.executable).parent / "flask"
    asked = json.dumps({"text": "2只", "offers": [CRAB]}).encode()
    told = subprocess.run([flask, "bot", "parse"], cwd=REPOSITORY, env={}, input=asked, capture_output=True, check=True)
    assert json.loads(told.stdout)["items"] == [{"offer": "大闸蟹", "quantity": 2}]


def test_order_is_told_with_the_names_of_its_offers() -> None:
    result = run({"text": "山药两斤，螃蟹3只", "offers": [CRAB, YAM]})
    assert result.exit_code == 0
    items = [{"offer": "铁棍山药", "quantity": 2}, {"offer": "大闸蟹", "quantity": 3}]
    assert answers(result) == [{"kind": "order", "mode": "set", "items": items, "ask": None}]


def test_cancellation_of_all_of_an_offer_has_no_quantity() -> None:
    (answer,) = answers(run({"text": "山药不要了", "offers": [CRAB, YAM]}))
    assert answer == {
        "kind": "cancel",
        "mode": None,
        "items": [{"offer": "铁棍山药", "quantity": None}],
        "ask": None,
    }


def test_what_would_be_a_guess_is_asked_back_with_its_kind_and_mode_and_no_items() -> None:
    (answer,) = answers(run({"text": "再加2-3只", "offers": [CRAB]}))
    assert (answer["kind"], answer["mode"], answer["items"]) == ("order", "add", [])
    assert answer["ask"].endswith("请这样回复：2只")


def test_another_measure_is_asked_back_in_the_unit_of_the_offer() -> None:
    (answer,) = answers(run({"text": "要3公斤", "offers": [YAM]}))
    assert answer["ask"] == "这里按斤卖，要几斤？请这样回复：2斤"


def test_pasted_list_is_a_kind_of_its_own() -> None:
    (answer,) = answers(run({"text": "#接龙\n大闸蟹\n1. 张三 2只\n2. 李四 3只", "offers": [CRAB]}))
    assert answer == {"kind": "jielong", "mode": None, "items": [], "ask": None}


def test_bad_line_is_answered_in_its_place_and_the_others_still_are() -> None:
    result = run(
        {"text": "2只", "offers": [CRAB]}, "{", '"text"', {"text": 3}, {"text": "谢谢"}, {"text": "", "offers": {}}
    )
    assert result.exit_code == 1
    assert ["error" in answer for answer in answers(result)] == [False, True, True, True, False, True]


def test_offers_may_be_left_out_and_empty_lines_are_passed_over() -> None:
    result = run({"text": "帮助"}, "", {"text": "2份", "offers": []})
    assert [answer["kind"] for answer in answers(result)] == ["command", "order"]
    assert result.exit_code == 0


def test_two_offers_of_one_name_are_kept_apart() -> None:
    twins = (OfferName("early", "大闸蟹"), OfferName("late", "大闸蟹"))
    assert as_record("大闸蟹2只", twins)["ask"] is not None
