"""The commission of what was never fetched waits for the after-sales time like any other."""

from __future__ import annotations

from datetime import timedelta

from domain.actors import CLOCK
from domain.ledger import Account
from models import Order
from services import commissions
from services.pickup import lapsing
from tests.services.pickup.world import World, balance, one


def test_a_lapsed_order_releases_its_commission_only_after_the_after_sales_time(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2})
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        deadline = one(ctx, Order, order).pickup_deadline
    assert deadline is not None
    world.clock.set(deadline)
    with world.unit(CLOCK) as ctx:
        assert lapsing.lapse_due(ctx) == 1
        assert commissions.release_due(ctx) == 0
        until = one(ctx, Order, order).aftersales_until
    assert until is not None and until > deadline
    world.clock.set(until - timedelta(seconds=1))
    with world.unit(CLOCK) as ctx:
        assert commissions.release_due(ctx) == 0
    world.clock.set(until)
    with world.unit(CLOCK) as ctx:
        assert commissions.release_due(ctx) == 1
        assert balance(ctx, Account.LEADER_PAYABLE, world.leader_id) == -399
