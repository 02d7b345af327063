"""What missing units carry goes back to the fen: discounts, lower tiers, delivery fees, commissions, unpaid orders."""

from __future__ import annotations

from sqlalchemy import event, func, select

from domain.actors import CLOCK
from domain.ledger import Account
from models import JournalEntry, Order, PriceTier, Refund, RefundLine
from services.pickup.redeeming import Redeem, redeem
from tests.services.pickup.test_shortage import arrived, commit, plan, short_by_two
from tests.services.pickup.world import World, balance, lines_of, offer_named, one


def _brought(world: World, campaign: str, **units: int) -> str:
    """Settle, ship and count one delivery."""
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.leader, delivery, **units)
    return delivery


def test_missing_units_carry_their_share_of_the_discount(world: World) -> None:
    campaign = world.campaign(prices={"草莓": 1000, "纸巾": 700}, discount_over_fen=3000, discount_fen=500)
    order = world.order(world.resident(), campaign, {"草莓": 3, "纸巾": 1})
    _brought(world, campaign, 草莓=1)
    with world.unit(CLOCK) as ctx:
        line = lines_of(ctx, order)["草莓"]
        assert (line.amount_fen, line.discount_fen) == (2595, 405)
    done = commit(world, campaign)
    assert done.refund_fen == 2 * 865
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((order,), "code"))
    with world.unit(CLOCK) as ctx:
        assert balance(ctx, Account.SALES) == -(865 + 605)
        assert balance(ctx, Account.BUYER_ESCROW) == 0
        assert ctx.session.scalars(select(Refund.amount_fen)).one() == 2 * 865


def test_missing_units_give_no_rebate_back_twice(world: World) -> None:
    campaign = world.campaign(prices={"草莓": 1000})
    with world.unit(CLOCK) as ctx:
        offer = offer_named(ctx, campaign, "草莓")
        ctx.session.add(PriceTier(offer_id=offer.id, from_units=5, price_fen=900))
    first, second = (world.order(world.resident(), campaign, {"草莓": units}) for units in (4, 2))
    _brought(world, campaign, 草莓=3)
    done = commit(world, campaign)
    assert arrived(world, [first, second]) == [(2, 2), (1, 1)]
    assert [order.refund_fen for order in done.orders] == [2 * 900, 900]
    with world.unit(CLOCK) as ctx:
        parts = ctx.session.execute(select(RefundLine.kind, func.sum(RefundLine.amount_fen)).group_by(RefundLine.kind))
        assert dict(parts.all()) == {"rebate": 400, "units": 2700}
        assert balance(ctx, Account.BUYER_ESCROW) == -3 * 900


def test_commission_follows_what_is_left(world: World) -> None:
    campaign, _ = short_by_two(world)
    with world.unit(CLOCK) as ctx:
        before = balance(ctx, Account.LEADER_PENDING, world.leader_id)
    done = commit(world, campaign)
    with world.unit(CLOCK) as ctx:
        after = balance(ctx, Account.LEADER_PENDING, world.leader_id)
    assert -after + before == done.commission_fen
    assert -after == 399 + 399 + 199  # ten per cent of 2, 2 and 1 units, each line rounded down


def test_the_leaders_own_order_shares_like_anybodys_and_earns_nothing(world: World) -> None:
    campaign = world.campaign()
    own = world.order(world.leader_as_resident, campaign, {"草莓": 1})
    late = world.order(world.resident(), campaign, {"草莓": 1})
    _brought(world, campaign, 草莓=1)
    done = commit(world, campaign)
    assert arrived(world, [own, late]) == [(1, 0), (0, 1)]
    assert [order.lines[0].commission_fen for order in done.orders] == [0, -199]


def test_who_pays_on_pickup_simply_owes_less(world: World) -> None:
    campaign = world.campaign(payment_policy="on_pickup")
    first, second = (world.order(world.resident(), campaign, {"草莓": units}) for units in (2, 1))
    _brought(world, campaign, 草莓=1)
    done = commit(world, campaign)
    assert (done.refund_fen, done.waived_fen) == (0, 2 * 1999)
    with world.unit(CLOCK) as ctx:
        line = lines_of(ctx, first)["草莓"]
        assert (line.arrived_units, line.refunded_fen, line.waived_fen) == (1, 1999, 1999)
        assert [one(ctx, Order, order).state for order in (first, second)] == ["ready", "cancelled"]
        assert ctx.session.scalars(select(Refund.id)).all() == []
        assert balance(ctx, Account.REFUND_PAYABLE) == 0


def test_with_the_last_unit_the_delivery_fee_goes_back_too(world: World) -> None:
    campaign = world.campaign(delivery_fee_fen=300)
    full, partly = (world.order(world.resident(), campaign, units) for units in ({"草莓": 1}, {"草莓": 1, "纸巾": 1}))
    _brought(world, campaign, 草莓=0)
    done = commit(world, campaign)
    assert [(order.refund_fen, order.fee_fen) for order in done.orders] == [(1999 + 300, 300), (1999, 0)]
    with world.unit(CLOCK) as ctx:
        assert [one(ctx, Order, order).fee_refunded_fen for order in (full, partly)] == [300, 0]
        assert balance(ctx, Account.REFUND_PAYABLE) == -(2 * 1999 + 300)


def test_two_orders_of_one_neighbour_count_as_one_person(world: World) -> None:
    campaign = world.campaign()
    twice = world.resident()
    orders = [world.order(who, campaign, {"草莓": 1}) for who in (twice, twice, world.resident())]
    _brought(world, campaign, 草莓=2)
    commit(world, campaign)
    assert arrived(world, orders) == [(1, 0), (0, 1), (1, 0)]


def test_goods_are_owed_once_for_what_came_in_full_and_once_for_what_was_short(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 2, "纸巾": 1})
    _brought(world, campaign, 草莓=1)
    commit(world, campaign)
    with world.unit(CLOCK) as ctx:
        causes = select(JournalEntry.cause).where(JournalEntry.event == "goods_arrived").order_by(JournalEntry.id)
        assert [cause.split(":")[0] for cause in ctx.session.scalars(causes)] == ["delivery", "shortage"]
        assert balance(ctx, Account.MERCHANT_PAYABLE, world.merchant_id) == -(1500 + 700)


def _statements(world: World, orders: int) -> int:
    """How many statements a commit takes in which one order is short and `orders` others get all they want."""
    campaign = world.campaign(shortage_mode="first_come")
    for _ in range(orders):
        world.order(world.resident(), campaign, {"草莓": 1})
    world.clock.advance(seconds=1)
    world.order(world.resident(), campaign, {"草莓": 1})
    _brought(world, campaign, 草莓=orders)
    plan(world, campaign)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(world.unit.engine, "before_cursor_execute", note)
    commit(world, campaign)
    event.remove(world.unit.engine, "before_cursor_execute", note)
    return len(statements)


def test_twenty_orders_that_get_all_take_no_more_statements_than_two(world: World) -> None:
    assert _statements(world, 2) == _statements(world, 20)
