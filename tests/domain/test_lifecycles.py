"""The state tables guard themselves, and the pickup code its digits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import ids, pickup, privacy, state_tables
from domain.lifecycle import Machine
from domain.policy import Policy

ROW = "go | a | b | clock"


def test_a_duplicate_row_is_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        Machine("m", "a", f"{ROW}\n{ROW}")


def test_a_state_that_nothing_reaches_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing reaches"):
        Machine("m", "a", f"{ROW}\nleap | nowhere | c | clock")


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="janitor"):
        Machine("m", "a", "go | a | b | janitor")


@pytest.mark.parametrize("machine", state_tables.ALL, ids=lambda machine: machine.name)
def test_a_drawing_shows_every_state_and_event(machine: Machine) -> None:
    drawing = machine.mermaid()
    assert all(state in drawing for state in machine.states)
    assert all(f": {event}" in drawing for event in machine.moves)


def test_no_event_leads_out_of_a_final_refund_or_a_void_code() -> None:
    for machine, final in ((state_tables.REFUND, "closed"), (state_tables.PICKUP_CODE, "voided")):
        assert not any(machine.allows(event, final) for event in machine.moves)


@given(st.integers(0, 9_999_999), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_never_passes_for_a_pickup_code(body: int, place: int, change: int) -> None:
    code = f"{body:07d}" + pickup.check_digit(f"{body:07d}")
    assert pickup.is_code(code)
    wrong = code[:place] + str((int(code[place]) + change) % 10) + code[place + 1 :]
    assert not pickup.is_code(wrong)


@given(st.text(max_size=12))
def test_only_eight_plain_digits_are_a_code(text: str) -> None:
    if pickup.is_code(text):
        assert len(text) == 8
        assert text.isascii()


def test_ids_grow_with_time_and_know_their_kind() -> None:
    early = ids.new_id("Order", datetime(2026, 1, 1, tzinfo=UTC))
    late = ids.new_id("Order", datetime(2026, 1, 2, tzinfo=UTC))
    assert early < late
    assert ids.is_id("Order", early)
    assert not ids.is_id("Payment", early)
    assert not ids.is_id("Order", early.upper())
    assert max(len(ids.new_id(kind, datetime(2026, 1, 1, tzinfo=UTC))) for kind in ids.PREFIXES) <= 32


def test_fresh_goods_wait_until_this_evening_or_the_next() -> None:
    noon = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
    evening = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
    assert pickup.pickup_deadline(noon, True, Policy()) == evening
    assert pickup.pickup_deadline(evening - timedelta(hours=1), True, Policy()) == evening + timedelta(days=1)
    assert pickup.pickup_deadline(noon, False, Policy()) == noon + timedelta(days=3)


@pytest.mark.parametrize(
    ("name", "shown"), [("王小明", "王**"), ("13800001234", "匿名邻居"), ("  3栋李", "栋**"), ("", "匿名邻居")]
)
def test_a_neighbour_shows_one_character_and_no_digit(name: str, shown: str) -> None:
    assert privacy.masked_name(name) == shown
    assert privacy.masked_name(name, anonymous=True) == "匿名邻居"
