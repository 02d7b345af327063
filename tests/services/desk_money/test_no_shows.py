"""What is paid on pickup and never fetched: nothing is sold, the goods stay, and twice is enough."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, Actor
from domain.errors import AlreadyCollected, DomainError, NotReady, PrepaidOnly
from domain.ledger import Account
from models import Campaign, Offer, Order, Participation
from services import cancelling, closing
from services.campaigns import ending
from services.desk_money import no_shows
from services.pickup import completing, lapsing
from tests.services.desk_money.drawer import open_shift, state_of, take, waiting
from tests.services.pickup.world import World, balance, code_of, lines_of, offer_named, one


def _lapse(world: World) -> int:
    with world.unit(CLOCK) as ctx:
        return sum(no_shows.lapse(ctx, order_id) for order_id in no_shows.due(ctx, 99))


def _missed(world: World, who: Actor) -> str:
    order = waiting(world, {"草莓": 1}, who)
    world.clock.advance(days=1)
    assert _lapse(world) == 1
    return order


def test_nothing_is_sold_and_the_goods_stay_at_the_point(world: World) -> None:
    order = waiting(world, {"草莓": 2})
    world.clock.advance(days=1)
    with world.unit(CLOCK) as ctx:
        assert lapsing.lapse_due(ctx) == 0
    assert _lapse(world) == 1
    assert _lapse(world) == 0
    with world.unit(CLOCK) as ctx:
        row, line = one(ctx, Order, order), lines_of(ctx, order)["草莓"]
        assert (row.state, row.counted, row.cancel_reason) == ("completed", False, "not_fetched")
        assert (line.waived_fen, line.lapsed_units, line.commission_fen) == (3998, 0, 0)
        assert code_of(ctx, order).state == "voided"
        assert balance(ctx, Account.GOODS_ON_HAND) == 2 * 1500
        assert balance(ctx, Account.SALES) == balance(ctx, Account.BUYER_ESCROW) == 0
        assert balance(ctx, Account.LEADER_PENDING, world.leader_id) == 0
        assert completing.complete_campaigns(ctx) == 1


def test_too_late_is_too_late_for_cash_as_well(world: World) -> None:
    order, staff = waiting(world), world.staff()
    open_shift(world, staff)
    world.clock.advance(days=1)
    _lapse(world)
    with pytest.raises(NotReady):
        take(world, staff, order)


def test_two_schedulers_and_a_desk_at_once_end_it_once(world: World) -> None:
    order, staff = waiting(world), world.staff()
    open_shift(world, staff)
    world.clock.advance(days=1)

    def attempt(what: str) -> str:
        try:
            if what == "lapse":
                return "lapsed" if _lapse(world) else ""
            take(world, staff, order)
        except (NotReady, AlreadyCollected, DomainError) as refusal:
            return refusal.code()
        return "taken"

    with ThreadPoolExecutor(3) as pool:
        ended = list(pool.map(attempt, ("lapse", "take", "lapse")))
    assert ended.count("lapsed") + ended.count("taken") == 1
    assert state_of(world, order) == ("collected" if "taken" in ended else "completed")


def test_two_no_shows_close_pay_on_pickup_with_this_leader_for_ninety_days(world: World) -> None:
    who = world.resident()
    _missed(world, who)
    _missed(world, who)
    campaign = world.campaign(payment_policy="on_pickup")
    with pytest.raises(PrepaidOnly):
        world.order(who, campaign, {"草莓": 1})
    world.order(world.resident(), campaign, {"草莓": 1})
    world.order(who, world.campaign(), {"草莓": 1})
    world.clock.advance(days=90)
    world.order(who, world.campaign(payment_policy="on_pickup"), {"草莓": 1})


def test_one_no_show_and_a_paid_lapse_are_forgiven(world: World) -> None:
    who = world.resident()
    _missed(world, who)
    campaign = world.campaign()
    world.order(who, campaign, {"草莓": 1})
    world.bring(campaign)
    world.clock.advance(days=1)
    with world.unit(CLOCK) as ctx:
        assert lapsing.lapse_due(ctx) == 1
    world.order(who, world.campaign(payment_policy="on_pickup"), {"草莓": 1})


def test_an_order_counts_at_once_and_its_buyer_may_take_it_back_until_close(world: World) -> None:
    who = world.resident()
    campaign = world.campaign(payment_policy="on_pickup")
    order = world.order(who, campaign, {"草莓": 2})
    with world.unit(who) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.counted, row.roster_number, row.paid_at) == ("confirmed", True, 1, None)
        assert offer_named(ctx, campaign, "草莓").sold_units == 2
        cancelling.cancel(ctx, order)
    with world.unit(CLOCK) as ctx:
        assert (one(ctx, Order, order).state, offer_named(ctx, campaign, "草莓").sold_units) == ("cancelled", 0)


@pytest.mark.parametrize("way", ["campaign", "offer", "cancelled"])
def test_what_fails_cancels_an_order_that_nobody_had_paid(world: World, way: str) -> None:
    minimum = 5 if way == "campaign" else 0
    who = world.resident()
    campaign = world.campaign(payment_policy="on_pickup")
    order = world.order(who, campaign, {"草莓": 2})
    with world.unit(CLOCK) as ctx:
        one(ctx, Campaign, campaign).minimum = minimum
        if way == "offer":
            ctx.session.get_one(Offer, offer_named(ctx, campaign, "草莓").id).minimum_units = 9
    if way == "cancelled":
        with world.unit(world.leader) as ctx:
            ending.cancel(ctx, campaign, "不做了")
    world.settle(campaign)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.paid_fen, row.counted) == ("cancelled", 0, False)
        assert set(ctx.session.scalars(select(Participation.counted_orders))) == {0}
        assert closing.due(ctx, 9) == []
