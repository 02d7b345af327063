"""Units change hands only as far as they came and were not given back, whatever the caller believes."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from domain.actors import CLOCK
from models import Order, OrderLine
from services.pickup.handing import HandOver, hand_over
from tests.services.pickup.world import World, lines_of, one


@pytest.mark.parametrize(("units", "refunded", "possible"), [(2, 0, True), (3, 0, False), (2, 1, False), (1, 1, True)])
def test_never_more_than_arrived_and_was_not_refunded(world: World, units: int, refunded: int, possible: bool) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2})
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        line = next(iter(lines_of(ctx, order).values()))
        ctx.session.execute(update(OrderLine).where(OrderLine.id == line.id).values(refunded_units=refunded))
        acts = [HandOver(one(ctx, Order, order), line, units, "a test's own cause")]
        assert hand_over(ctx, "lapsed_units", acts) is possible
        ctx.session.rollback()
