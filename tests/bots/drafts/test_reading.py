"""开团 in one message, read as terms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.drafts.reading import Draft, read_draft, read_fen, read_offer
from bots.parsing.normalise import normalise
from domain.clock import local

NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


def test_one_line_says_it_all() -> None:
    draft = read_draft("大闸蟹 58 周五20:00截 满10份成团", NOON)
    (offer,) = draft.offers
    assert (draft.title, offer.name, offer.price_fen) == ("大闸蟹", "大闸蟹", 5800)
    assert draft.closes_at is not None and local(draft.closes_at) == "11-27 20:00"
    assert (draft.minimum, draft.minimum_kind) == (10, "units")


def test_several_goods_stand_on_lines_of_their_own_below_a_title() -> None:
    draft = read_draft("周末水果\n草莓 29.9/盒 限购3\n蓝莓 19.8 共50盒\n周六20点半截 东门自提 周日到货", NOON)
    assert (draft.title, draft.points, draft.arrival_text) == ("周末水果", ("东门",), "周日到货")
    assert [(one.name, one.price_fen, one.unit, one.per_person, one.quota) for one in draft.offers] == [
        ("草莓", 2990, "盒", 3, None), ("蓝莓", 1980, "", None, 50),
    ]  # fmt: skip


@pytest.mark.parametrize(("said", "fen"), [
    ("58", 5800), ("58元", 5800), ("58.8", 5880), ("5块8", 580), ("¥12.80", 1280), ("58块钱", 5800), ("0", 0),
    ("58.888", None), ("便宜", None), ("-5", None), ("5块888", None), ("", None),
])  # fmt: skip
def test_money_is_read_to_the_fen(said: str, fen: int | None) -> None:
    assert read_fen(said) == fen


@pytest.mark.parametrize(("said", "minimum", "kind"), [
    ("满10份成团", 10, "units"), ("满5人成团", 5, "people"), ("20人成团", 20, "people"),
    ("满200元成团", 20000, "amount"), ("满30份", 30, "units"), ("10人团", 10, "people"),
])  # fmt: skip
def test_a_minimum_counts_units_people_or_money(said: str, minimum: int, kind: str) -> None:
    draft = read_draft(f"大闸蟹 58 {said}", NOON)
    assert (draft.minimum, draft.minimum_kind, draft.title) == (minimum, kind, "大闸蟹")


def test_the_weight_in_a_name_stays_in_the_name() -> None:
    assert read_offer("4-5两大闸蟹 58/只").name == "4-5两大闸蟹"


def test_what_is_not_said_is_left_out() -> None:
    draft = read_draft("大闸蟹", NOON)
    assert (draft.offers[0].price_fen, draft.closes_at, draft.minimum, draft.points) == (None, None, 0, ())


@given(st.text(max_size=120))
def test_any_text_is_read_and_remembered_without_a_fault(text: str) -> None:
    draft = read_draft(normalise(text), NOON)
    assert Draft.of(draft.facts) == draft
