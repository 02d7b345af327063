"""Codes and deadlines: the small rules of the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pickup import (
    aftersales_until,
    check_digit,
    is_code,
    live_units,
    new_code,
    pickup_deadline,
)
from domain.policy import Policy

POLICY = Policy()


@given(st.from_regex(r"[0-9]{7}", fullmatch=True), st.integers(0, 7), st.integers(1, 9))
def test_any_single_wrong_digit_is_caught(body: str, place: int, by: int) -> None:
    code = body + check_digit(body)
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert is_code(code)
    assert not is_code(wrong)


def test_new_codes_check() -> None:
    assert all(is_code(new_code()) for _ in range(100))


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "abcdefgh", "１２３４５６７８", "1234567 "])
def test_what_is_not_eight_digits_is_no_code(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize(
    ("arrived", "deadline"),
    [
        ("2026-11-26T02:00", "2026-11-26T13:00"),  # in the morning: this evening
        ("2026-11-26T11:00", "2026-11-26T13:00"),  # two hours are enough
        ("2026-11-26T11:01", "2026-11-27T13:00"),  # less is not
        ("2026-11-26T16:30", "2026-11-27T13:00"),  # after midnight in Shanghai it is already the next day
    ],
)
def test_fresh_goods_wait_until_nine_in_the_evening(arrived: str, deadline: str) -> None:
    at = datetime.fromisoformat(arrived).replace(tzinfo=UTC)
    assert pickup_deadline(at, True, POLICY) == datetime.fromisoformat(deadline).replace(tzinfo=UTC)


def test_other_goods_wait_for_days_and_may_be_complained_of_for_days() -> None:
    at = datetime(2026, 11, 26, tzinfo=UTC)
    assert pickup_deadline(at, False, POLICY) == at + timedelta(days=3)
    assert aftersales_until(at, False, POLICY) == at + timedelta(days=7)
    assert aftersales_until(at, True, POLICY) == at + timedelta(hours=24)


@pytest.mark.parametrize(
    ("ordered", "confirmed", "refunded", "live"),
    [(5, 5, 0, 5), (5, 3, 2, 3), (5, 3, 3, 2), (5, 0, 5, 0), (5, 5, 5, 0)],
)
def test_live_units_are_confirmed_and_not_refunded(ordered: int, confirmed: int, refunded: int, live: int) -> None:
    assert live_units(ordered, confirmed, refunded) == live
