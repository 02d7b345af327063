"""Less came than was ordered: the dry run shows it, the commit does exactly that, and everybody touched is told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, Actor, Role
from domain.campaigns import CancelReason
from domain.errors import Forbidden, NotAllCounted, NotFound, PlanChanged, WrongState
from domain.ledger import Account
from models import AuditRecord, Campaign, Notification, Order, OutboxMessage
from services import returning, transitions
from services.pickup import completing, shortages
from services.pickup.redeeming import Redeem, redeem
from services.queries.shortages import ShortagePlan
from tests.builders import people
from tests.services.pickup.world import World, balance, code_of, counted, lines_of, one


def plan(world: World, campaign: str) -> ShortagePlan:
    """The dry run."""
    with world.unit.reading(world.leader) as ctx:
        return shortages.plan(ctx, campaign)


def commit(world: World, campaign: str) -> ShortagePlan:
    """Look, and commit what was seen."""
    seen = plan(world, campaign)
    with world.unit(world.leader) as ctx:
        done = shortages.commit(ctx, shortages.CommitShortage(campaign, seen.digest))
    assert done == seen
    return done


def arrived(world: World, orders: list[str], name: str = "草莓") -> list[tuple[int, int]]:
    """(arrived, refunded) units of each order's line."""
    with world.unit(CLOCK) as ctx:
        lines = [lines_of(ctx, order)[name] for order in orders]
        return [(line.arrived_units, line.refunded_units) for line in lines]


def short_by_two(world: World, **values: Any) -> tuple[str, list[str]]:
    """Three neighbours want 4, 2 and 1; five came. The campaign and the orders."""
    campaign = world.campaign(**values)
    orders = []
    for units in (4, 2, 1):
        orders.append(world.order(world.resident(), campaign, {"草莓": units}))
        world.clock.advance(seconds=1)
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.leader, delivery, 草莓=5)
    return campaign, orders


@pytest.mark.parametrize(
    ("mode", "gets"), [("one_each", [2, 2, 1]), ("first_come", [4, 1, 0]), ("in_proportion", [3, 1, 1])]
)
def test_each_mode_gives_its_shares_and_refunds_the_rest(world: World, mode: str, gets: list[int]) -> None:
    campaign, orders = short_by_two(world, shortage_mode=mode)
    done = commit(world, campaign)
    wanted = [4, 2, 1]
    assert arrived(world, orders) == [(got, want - got) for got, want in zip(gets, wanted, strict=True)]
    assert done.refund_fen == 2 * 1999
    assert [(order.refund_fen, order.lines[0].gets) for order in done.orders] == [
        ((want - got) * 1999, got) for got, want in zip(gets, wanted, strict=True)
    ]
    with world.unit(CLOCK) as ctx:
        states = ["ready" if got else "confirmed" for got in gets]  # until the gateway has paid the last fen back
        assert [one(ctx, Order, order).state for order in orders] == states
        assert balance(ctx, Account.GOODS_ON_HAND) == 5 * 1500
        assert balance(ctx, Account.MERCHANT_PAYABLE, world.merchant_id) == -5 * 1500
        assert balance(ctx, Account.REFUND_PAYABLE) == -2 * 1999
        assert balance(ctx, Account.BUYER_ESCROW) == -5 * 1999


def test_what_is_left_is_collected_to_the_end(world: World) -> None:
    campaign, orders = short_by_two(world)
    commit(world, campaign)
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem(tuple(orders), "batch"))
    with world.unit(CLOCK) as ctx:
        assert {one(ctx, Order, order).state for order in orders} == {"collected"}
        assert {code_of(ctx, order).state for order in orders} == {"redeemed"}
        assert balance(ctx, Account.BUYER_ESCROW) == 0
        assert balance(ctx, Account.GOODS_ON_HAND) == 0
        assert balance(ctx, Account.SALES) == -5 * 1999


def test_everyone_touched_reads_units_and_sum_and_no_code(world: World) -> None:
    campaign, orders = short_by_two(world, shortage_mode="first_come")
    commit(world, campaign)
    with world.unit(CLOCK) as ctx:
        rows = select(Notification).where(Notification.cause.like("shortage:%")).order_by(Notification.order_id)
        full, part, none = ctx.session.scalars(rows).all()
        assert (full.kind, full.title) == ("arrival", "到货了，可以取货")
        assert "草莓 4 份已到" in full.body
        assert (part.kind, part.title) == ("arrival", "到货不足，已按规则分配")
        assert "草莓 1 份已到。草莓 到货不足，缺 1 份，¥19.99 原路退回。请在" in part.body
        assert (none.kind, none.title) == ("changed", "到货不足")
        assert "缺 1 份，¥19.99 原路退回" in none.body
        assert code_of(ctx, orders[0]).code not in full.body
        refunds = select(Notification.body).where(Notification.kind == "refund")
        assert ["到货不足" in body for body in ctx.session.scalars(refunds)] == [True, True]
        assert ctx.session.scalars(select(OutboxMessage.id).where(OutboxMessage.kind == "notify")).all()
        (record,) = ctx.session.scalars(select(AuditRecord).where(AuditRecord.event == "commit_shortage"))
        assert record.reason == "分到 5 件，缺 2 件，调拨 0 件"


def test_surplus_at_one_point_covers_what_is_short_at_another(world: World) -> None:
    campaign = world.campaign()
    east = [world.order(world.resident(), campaign, {"草莓": 3}) for _ in range(2)]
    west = world.order(world.resident(), campaign, {"草莓": 1}, point=1)
    world.settle(campaign)
    first, second = world.dispatch(campaign)
    world.count(world.leader, second, 草莓=6)
    world.count(world.leader, first, 草莓=3)
    done = commit(world, campaign)
    (offer,) = done.offers
    assert (offer.came, offer.wanted, offer.left) == (8, 6, 2)
    assert [(move.source, move.target, move.units) for move in offer.moves] == [("西门", "东门", 3)]
    assert (done.refund_fen, done.commission_fen) == (0, 0)
    assert arrived(world, [*east, west]) == [(3, 0), (3, 0), (1, 0)]
    with world.unit(CLOCK) as ctx:
        assert counted(ctx, first)["草莓"].short is False
        assert [counted(ctx, row)["草莓"].surplus_units for row in (first, second)] == [0, 2]
        assert balance(ctx, Account.GOODS_ON_HAND) == 7 * 1500


def test_a_point_counted_later_shares_its_goods_with_the_one_that_is_short(world: World) -> None:
    campaign = world.campaign()
    east = world.order(world.resident(), campaign, {"草莓": 3})
    west = world.order(world.resident(), campaign, {"草莓": 3, "纸巾": 1}, point=1)
    world.settle(campaign)
    first, second = world.dispatch(campaign)
    world.count(world.leader, first, 草莓=1)
    world.count(world.leader, second)
    assert arrived(world, [east, west]) == [(0, 0), (0, 0)]
    assert arrived(world, [west], "纸巾") == [(1, 0)]
    done = commit(world, campaign)
    assert [(move.source, move.target, move.units) for move in done.offers[0].moves] == [("西门", "东门", 1)]
    assert arrived(world, [east, west]) == [(2, 1), (2, 1)]


def test_what_was_ready_before_the_shortage_was_known_stays_where_it_is(world: World) -> None:
    campaign = world.campaign()
    east = world.order(world.resident(), campaign, {"草莓": 3})
    west = world.order(world.resident(), campaign, {"草莓": 3}, point=1)
    world.settle(campaign)
    first, second = world.dispatch(campaign)
    world.count(world.leader, second)
    with world.unit(world.staff(point=1)) as ctx:
        redeem(ctx, Redeem((west,), "code", {lines_of(ctx, west)["草莓"].public_id: 1}))
    world.count(world.leader, first, 草莓=1)
    commit(world, campaign)
    assert arrived(world, [east, west]) == [(1, 2), (3, 0)]


def test_the_commit_waits_until_every_point_with_the_offer_is_counted(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 3})
    world.order(world.resident(), campaign, {"草莓": 3}, point=1)
    world.settle(campaign)
    first, _ = world.dispatch(campaign)
    world.count(world.leader, first, 草莓=1)
    seen = plan(world, campaign)
    assert seen.waits_for == ["西门"]
    with pytest.raises(NotAllCounted) as refusal, world.unit(world.leader) as ctx:
        shortages.commit(ctx, shortages.CommitShortage(campaign, seen.digest))
    assert refusal.value.facts == {"points": "西门"}


def test_a_point_without_the_offer_is_not_waited_for_and_may_be_short_of_its_own_later(world: World) -> None:
    campaign = world.campaign()
    east = world.order(world.resident(), campaign, {"草莓": 2})
    west = world.order(world.resident(), campaign, {"纸巾": 2}, point=1)
    world.settle(campaign)
    first, second = world.dispatch(campaign)
    world.count(world.leader, first, 草莓=1)
    commit(world, campaign)
    world.count(world.leader, second, 纸巾=1)
    commit(world, campaign)
    assert arrived(world, [east]) == [(1, 1)]
    assert arrived(world, [west], "纸巾") == [(1, 1)]


def test_nothing_came_at_all(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.leader, delivery, 草莓=0)
    done = commit(world, campaign)
    assert (done.refund_fen, done.commission_fen) == (2 * 1999, -(2 * 199 + 1))
    assert arrived(world, [order]) == [(0, 2)]
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.counted, row.roster_number) == ("confirmed", False, 1)
        assert one(ctx, Campaign, campaign).participant_count == 0
        assert balance(ctx, Account.GOODS_ON_HAND) == 0
        assert balance(ctx, Account.LEADER_PENDING, world.leader_id) == 0


def test_an_order_of_which_the_rest_was_collected_before_ends_with_the_commit(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2, "纸巾": 1})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.leader, delivery, 草莓=0)
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((order,), "code"))
    commit(world, campaign)
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).state == "collected"
        assert code_of(ctx, order).state == "voided"
        assert balance(ctx, Account.SALES) == -1001
        assert balance(ctx, Account.BUYER_ESCROW) == 0


def test_what_comes_with_the_commit_keeps_the_code_and_puts_the_deadline_off(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2, "纸巾": 1})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.leader, delivery, 纸巾=1, 草莓=1)
    with world.unit(CLOCK) as ctx:
        before, code = one(ctx, Order, order).pickup_deadline, code_of(ctx, order).code
    world.clock.advance(days=3)
    commit(world, campaign)
    with world.unit(CLOCK) as ctx:
        after = one(ctx, Order, order).pickup_deadline
        assert before is not None
        assert after is not None
        assert after > world.clock.now() >= before
        assert (code_of(ctx, order).code, code_of(ctx, order).state) == (code, "issued")


def test_a_plan_that_is_not_what_would_happen_any_more_is_refused_and_nothing_changes(world: World) -> None:
    campaign, orders = short_by_two(world)
    seen = plan(world, campaign)
    with world.unit(world.leader) as ctx:
        order = one(ctx, Order, orders[0])
        transitions.lock(ctx, order)
        returning.take_off(ctx, order, {lines_of(ctx, orders[0])["草莓"]: 1}, CancelReason.LEADER)
    with pytest.raises(PlanChanged), world.unit(world.leader) as ctx:
        shortages.commit(ctx, shortages.CommitShortage(campaign, seen.digest))
    assert arrived(world, orders) == [(0, 1), (0, 0), (0, 0)]
    again = commit(world, campaign)
    assert again.refund_fen == 1999


def test_what_was_not_short_or_is_committed_already_cannot_be_committed(world: World) -> None:
    campaign, _ = short_by_two(world)
    seen = commit(world, campaign)
    with pytest.raises(PlanChanged), world.unit(world.leader) as ctx:
        shortages.commit(ctx, shortages.CommitShortage(campaign, seen.digest))
    empty = plan(world, campaign)
    assert (empty.offers, empty.orders, empty.refund_fen) == ([], [], 0)
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        shortages.commit(ctx, shortages.CommitShortage(campaign, empty.digest))


def test_nobody_but_the_leader_of_the_campaign_sees_or_commits_it(world: World) -> None:
    campaign, orders = short_by_two(world)
    digest = plan(world, campaign).digest
    for who in (world.resident(), world.staff()):
        with pytest.raises(Forbidden), world.unit(who) as ctx:
            shortages.commit(ctx, shortages.CommitShortage(campaign, digest))
        with pytest.raises(Forbidden), world.unit(who) as ctx:
            shortages.plan(ctx, campaign)
    with world.unit(CLOCK) as ctx:
        other = people.leader(ctx)
        stranger = Actor(Role.LEADER, other.id, other.resident_id)
    with pytest.raises(NotFound), world.unit(stranger) as ctx:
        shortages.commit(ctx, shortages.CommitShortage(campaign, digest))
    assert arrived(world, orders) == [(0, 0)] * 3


def test_a_campaign_ends_after_its_shortage_was_refunded(world: World) -> None:
    campaign, orders = short_by_two(world)
    commit(world, campaign)
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem(tuple(orders), "batch"))
    world.clock.advance(days=2)
    with world.unit(CLOCK) as ctx:
        completing.complete_orders(ctx)
        assert completing.complete_campaigns(ctx) == 1
