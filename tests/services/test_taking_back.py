"""An order page says whether the order can be taken back now, and that is what happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.actors import CLOCK
from domain.errors import TooLateToCancel, WrongState
from services import cancelling, closing
from services.paging import Page
from services.queries import orders
from services.queries.orders import OrderPage
from services.transactions import Transactions
from tests.builders.campaigns import Scene, buy, buyer, place, settle, stage_of
from tests.builders.clock import FrozenClock

Make = Callable[[Transactions, Scene, int], str]


def _page(unit: Transactions, stage: Scene, order: str) -> OrderPage:
    with unit.reading(buyer(stage.buyers[0])) as ctx:
        (listed,) = orders.list_mine(ctx, Page()).items
        shown = orders.mine(ctx, order)
        assert listed.cancellable is shown.cancellable
        return shown


def _taken_back(unit: Transactions, stage: Scene, order: str) -> bool:
    try:
        with unit(buyer(stage.buyers[0])) as ctx:
            cancelling.cancel(ctx, order)
    except (TooLateToCancel, WrongState):
        return False
    return True


@pytest.mark.parametrize(
    ("policy", "make", "state", "later"),
    [("prepaid", place, "pending_payment", True), ("prepaid", buy, "paid", False),
     ("on_pickup", place, "confirmed", False)],
)  # fmt: skip
@pytest.mark.parametrize("when", ["running", "closed", "formed"])
def test_the_page_offers_it_while_it_would_be_taken(
    unit: Transactions, clock: FrozenClock, policy: str, make: Make, state: str, *, later: bool, when: str
) -> None:
    stage = stage_of(unit, payment_policy=policy, hours=0.2)
    order = make(unit, stage, 0)
    assert _page(unit, stage, order).state == state
    if when != "running":
        clock.set(stage.closes_at + timedelta(seconds=1))
        with unit(CLOCK) as ctx:
            closing.close_overdue(ctx, stage.campaign_id)
    if when == "formed":
        settle(unit, stage)
    expected = later or when == "running"
    assert _page(unit, stage, order).cancellable is expected
    assert _taken_back(unit, stage, order) is expected
    assert _page(unit, stage, order).cancellable is False
