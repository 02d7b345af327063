"""The live process over the product's own database: it says what the page says, and ends when it is asked to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
import requests
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from services.transactions import Transactions
from tests.builders.campaigns import Scene, Terms, buy, scene
from tests.house.source_tree import REPOSITORY


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    with unit(SYSTEM) as ctx:
        made = scene(ctx, Terms(quota=10), minimum=3)
    buy(unit, made, 0, 2)
    return made


@pytest.fixture
def process(unit: Transactions, tmp_path: Path, stage: Scene) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`python -m live` over the test's database, and its address."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("LINTUAN_")}
    url = unit.engine.url.render_as_string(hide_password=False)
    ours = {
        "ENV": "test", "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "LIVE_PORT": "0", "LIVE_STREAMS": "2",
        "SECRET_KEY": "tests-sign-with-this-key-0123456789", "PII_KEY": "tests-seal-with-that-key-9876543210",
        "PUBLIC_URL": "http://127.0.0.1:8000",
    }  # fmt: skip
    environment = {**others, **{f"LINTUAN_{name}": value for name, value in ours.items()}}
    with subprocess.Popen(
        [sys.executable, "-m", "live"], cwd=REPOSITORY, env=environment, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            yield child, f"http://127.0.0.1:{_line(child.stderr, 'streaming')['port']}"
        finally:
            child.terminate()


def _line(log: IO[str] | None, event: str) -> dict[str, Any]:
    """The first line of that event."""
    assert log is not None
    for line in log:
        said: dict[str, Any] = json.loads(line)
        if said["event"] == event:
            return said
    raise AssertionError(f"{event} was never said")


def events(stream: requests.Response) -> Iterator[dict[str, Any]]:
    """The counts of a stream, to its end."""
    for line in stream.iter_lines(chunk_size=1):
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def test_it_streams_what_the_page_says_until_it_is_ended(
    process: tuple[subprocess.Popen[str], str], client: FlaskClient, unit: Transactions, stage: Scene
) -> None:
    child, url = process
    path = f"/api/resident/campaigns/{stage.campaign}"
    with requests.get(f"{url}{path}/live", stream=True, timeout=60) as stream:
        told = events(stream)
        for buyer in (1, 2):
            count, page = next(told), client.get(path).get_json()
            assert count == {name: page[name] for name in count}
            assert set(count) == {"id", "state", "revision", "participant_count", "counted_units", "progress"}
            assert count["participant_count"] == buyer
            buy(unit, stage, buyer, 1)
        assert next(told)["progress"]["text"] == "已达 3 人，截团时确认"
        child.terminate()
        assert list(told) == []
    assert child.wait(120) == 0


def test_a_draft_and_a_made_up_campaign_are_not_found(
    process: tuple[subprocess.Popen[str], str], unit: Transactions
) -> None:
    _, url = process
    with unit(SYSTEM) as ctx:
        draft = scene(ctx, state="draft").campaign
    for campaign in (draft, "cmp_01m8b057g0619z9byd2tds3x1d", "ord_01m8b057g0619z9byd2tds3x1d"):
        assert requests.get(f"{url}/api/resident/campaigns/{campaign}/live", timeout=60).status_code == 404
