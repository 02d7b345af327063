"""Nothing hangs for ever: reminders, lapses, the end of orders and campaigns, and commission released by the clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from domain.actors import CLOCK
from domain.ledger import Account
from models import Campaign, JournalEntry, Notification, Order
from services import commissions
from services.campaigns import ending
from services.pickup import completing, lapsing
from services.pickup.redeeming import Redeem, redeem
from tests.services.pickup.world import World, balance, code_of, lines_of, one


def _ready(world: World, units: dict[str, int]) -> tuple[str, str]:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, units)
    world.bring(campaign)
    return campaign, order


def _told(world: World, kind: str) -> int:
    with world.unit(CLOCK) as ctx:
        return ctx.session.scalar(select(func.count()).where(Notification.kind == kind)) or 0


def test_a_reminder_comes_once_two_hours_before_the_deadline(world: World) -> None:
    _ready(world, {"草莓": 1})
    world.clock.set(world.clock.now().replace(hour=10, minute=59))
    for minutes, expected in ((0, 0), (1, 1), (30, 1)):
        world.clock.advance(minutes=minutes)
        with world.unit(CLOCK) as ctx:
            lapsing.remind_due(ctx)
        assert _told(world, "reminder") == expected


def test_what_is_not_fetched_lapses_and_counts_as_sold(world: World) -> None:
    _, order = _ready(world, {"草莓": 3})
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((order,), "code", {lines_of(ctx, order)["草莓"].public_id: 1}))
    world.clock.advance(days=1)
    with world.unit(CLOCK) as ctx:
        assert lapsing.lapse_due(ctx) == 1
    with world.unit(CLOCK) as ctx:
        assert lapsing.lapse_due(ctx) == 0
        row = one(ctx, Order, order)
        assert (row.state, row.lapsed_at) == ("completed", world.clock.now())
        assert lines_of(ctx, order)["草莓"].lapsed_units == 2
        assert code_of(ctx, order).state == "voided"
        assert balance(ctx, Account.SALES) == -3 * 1999
        assert balance(ctx, Account.BUYER_ESCROW) == 0
        assert balance(ctx, Account.GOODS_ON_HAND) == 0
        assert balance(ctx, Account.DEFERRED_COMMISSION) == 0
    assert _told(world, "changed") == 1


def test_commission_is_released_when_after_sales_is_over_and_only_then(world: World) -> None:
    campaign, order = _ready(world, {"草莓": 1, "纸巾": 1})
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((order,), "code"))
    for hours, payable in ((23, 0), (1, 199 + 100), (1, 199 + 100)):
        world.clock.advance(hours=hours)
        with world.unit(CLOCK) as ctx:
            completing.complete_orders(ctx)
            commissions.release_due(ctx)
        with world.unit(CLOCK) as ctx:
            assert balance(ctx, Account.LEADER_PAYABLE, world.leader_id) == -payable
            assert balance(ctx, Account.LEADER_PENDING, world.leader_id) == payable - 299
    with world.unit(CLOCK) as ctx:
        assert completing.complete_campaigns(ctx) == 1
        assert one(ctx, Campaign, campaign).state == "completed"


def test_a_campaign_with_something_under_way_stays_open(world: World) -> None:
    _ready(world, {"草莓": 1})
    with world.unit(CLOCK) as ctx:
        assert completing.complete_campaigns(ctx) == 0


def test_eight_schedulers_lapse_and_release_each_order_once(world: World) -> None:
    campaign = world.campaign()
    orders = [world.order(world.resident(), campaign, {"草莓": 1}) for _ in range(12)]
    world.bring(campaign)

    def everything(_: int) -> None:
        for sweep in (lapsing.lapse_due, completing.complete_orders, commissions.release_due):
            with world.unit(CLOCK) as ctx:
                sweep(ctx, limit=5)

    for days in (1, 3):
        world.clock.advance(days=days)
        for _ in range(3):
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(everything, range(8)))
    with world.unit(CLOCK) as ctx:
        assert {one(ctx, Order, order).state for order in orders} == {"completed"}
        assert balance(ctx, Account.LEADER_PAYABLE, world.leader_id) == -12 * 199
        released = select(func.count()).where(JournalEntry.event == "commission_released")
        assert ctx.session.scalar(released) == 12


def test_a_leader_earns_nothing_on_own_orders(world: World) -> None:
    campaign = world.campaign()
    world.order(world.leader_as_resident, campaign, {"草莓": 1})
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        assert balance(ctx, Account.LEADER_PENDING, world.leader_id) == 0


def test_what_was_collected_of_a_cancelled_campaign_ends_like_any_order(world: World) -> None:
    campaign, order = _ready(world, {"草莓": 3})
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((order,), "code", {lines_of(ctx, order)["草莓"].public_id: 1}))
    with world.unit(world.leader) as ctx:
        ending.cancel(ctx, campaign, "货品有问题")
    world.settle(campaign)
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).state == "collected"
        assert balance(ctx, Account.LEADER_PENDING, world.leader_id) == -199
        assert balance(ctx, Account.DEFERRED_COMMISSION) == 0
        assert balance(ctx, Account.COMMISSION_EXPENSE) == 199
        assert balance(ctx, Account.BUYER_ESCROW) == 0
    world.clock.advance(hours=24)
    with world.unit(CLOCK) as ctx:
        assert completing.complete_orders(ctx) == 1
