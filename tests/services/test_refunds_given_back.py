"""Money back by the leader or an operator: before hand-over and after it, whole or in part, never more than is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from domain.actors import CLOCK, Actor, Role
from domain.errors import DomainError, Forbidden, Invalid, NotFound, WrongState
from domain.ledger import Account
from models import AuditRecord, Campaign, Notification, Order, OrderLine, RefundLine
from services import commissions, giving_back, invariants
from services.context import Ctx
from services.giving_back import GiveBack, GivenBack
from services.pickup import completing, lapsing
from services.pickup.redeeming import Redeem, redeem
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import refunded
from tests.builders.clock import FrozenClock
from tests.services.desk_money import drawer
from tests.services.pickup.world import World, balance, code_of, lines_of, one


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood with a leader, two points and goods to sell."""
    return World(unit, clock)


@pytest.fixture
def operator(world: World) -> Actor:
    """Somebody of the platform."""
    return Actor(Role.OPERATOR, 1)


def line_ids(world: World, order: str) -> dict[str, str]:
    with world.unit.reading() as ctx:
        return {name: line.public_id for name, line in lines_of(ctx, order).items()}


def give_back(world: World, by: Actor, order: str, **parts: Any) -> GivenBack:
    """`units={"草莓": 1}` and so on, by the names of the lines."""
    ids = line_ids(world, order)
    named: dict[str, Any] = {
        key: {ids[name]: number for name, number in value.items()} if isinstance(value, dict) else value
        for key, value in parts.items()
    }
    with world.unit(by) as ctx:
        return giving_back.give_back(ctx, GiveBack(order, "顾客搬家", **named))


def ready(world: World, units: dict[str, int]) -> str:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, units)
    world.bring(campaign)
    return order


def collect(world: World, order: str, **units: int) -> None:
    ids = line_ids(world, order)
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((order,), "code", {ids[name]: number for name, number in units.items()}))


def test_a_leader_takes_units_off_before_hand_over_and_the_rest_is_fetched(world: World) -> None:
    order = ready(world, {"草莓": 3, "纸巾": 1})
    given = give_back(world, world.leader, order, units={"草莓": 2})
    assert (given.state, given.decided_fen) == ("ready", 2 * 1999)
    assert refunded(world.unit) == 2 * 1999
    collect(world, order)
    with world.unit.reading() as ctx:
        assert one(ctx, Order, order).state == "collected"
        assert lines_of(ctx, order)["草莓"].commission_fen == 199
        assert ctx.session.scalars(select(RefundLine.reason)).all() == ["leader"]
        told = ctx.session.scalars(select(Notification.body).where(Notification.title == "退款处理中")).all()
        assert told == ["团长退款，¥39.98 将原路退回付款人"]
        acts = select(AuditRecord.actor, AuditRecord.reason).where(AuditRecord.event == "give_back")
        assert ctx.session.execute(acts).all() == [(world.leader.label, "顾客搬家")]


@pytest.mark.parametrize("by", ["leader", "operator"])
def test_all_that_is_not_handed_over_ends_the_order(world: World, operator: Actor, by: str) -> None:
    order = ready(world, {"草莓": 1, "纸巾": 1})
    given = give_back(world, world.leader if by == "leader" else operator, order, rest=True)
    assert (given.state, given.decided_fen) == ("ready", 3000)
    with world.unit.reading() as ctx:
        assert code_of(ctx, order).state == "voided"
    assert refunded(world.unit) == 3000
    with world.unit.reading() as ctx:
        assert one(ctx, Order, order).state == "refunded"
        assert balance(ctx, Account.LEADER_PENDING, world.leader_id) == 0


def test_before_the_outcome_only_an_operator_may_and_the_place_is_free_again(world: World, operator: Actor) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2})
    with pytest.raises(WrongState):
        give_back(world, world.leader, order, rest=True)
    assert give_back(world, operator, order, rest=True).decided_fen == 2 * 1999
    with world.unit.reading() as ctx:
        row = one(ctx, Campaign, campaign)
        assert (row.counted_units, row.participant_count, row.roster_count) == (0, 0, 1)
    world.settle(campaign)
    assert refunded(world.unit) == 2 * 1999


def test_after_hand_over_units_and_an_amount_go_back_and_the_commission_follows(world: World) -> None:
    order = ready(world, {"草莓": 3, "纸巾": 1})
    collect(world, order)
    given = give_back(world, world.leader, order, handed_over={"草莓": 1}, compensation_fen={"纸巾": 301})
    assert (given.state, given.decided_fen) == ("collected", 1999 + 301)
    with world.unit.reading() as ctx:
        strawberries, tissues = lines_of(ctx, order).values()
        assert (strawberries.refunded_after_units, tissues.refunded_after_units) == (1, 0)
        assert (strawberries.commission_fen, tissues.commission_fen) == (399, 70)
        assert balance(ctx, Account.RETURNS) == 2300
    assert refunded(world.unit) == 2300


def test_after_after_sales_only_an_operator_may_and_released_commission_is_owed_back(
    world: World, operator: Actor, clock: FrozenClock
) -> None:
    order = ready(world, {"草莓": 1})
    collect(world, order)
    clock.advance(days=8)
    with world.unit(CLOCK) as ctx:
        completing.complete_orders(ctx)
        commissions.release_due(ctx)
    with pytest.raises(WrongState):
        give_back(world, world.leader, order, handed_over={"草莓": 1})
    give_back(world, operator, order, handed_over={"草莓": 1})
    refunded(world.unit)
    with world.unit.reading() as ctx:
        assert one(ctx, Order, order).state == "refunded"
        assert balance(ctx, Account.LEADER_PAYABLE, world.leader_id) == 0


def test_a_leader_gives_nothing_back_to_themselves_once_they_have_the_goods(world: World, operator: Actor) -> None:
    campaign = world.campaign()
    order = world.order(world.leader_as_resident, campaign, {"草莓": 2})
    world.bring(campaign)
    collect(world, order, 草莓=1)
    for parts in ({"handed_over": {"草莓": 1}}, {"compensation_fen": {"草莓": 1}}):
        with pytest.raises(Forbidden):
            give_back(world, world.leader, order, **parts)
    assert give_back(world, world.leader, order, units={"草莓": 1}).decided_fen == 1999
    assert give_back(world, operator, order, handed_over={"草莓": 1}).decided_fen == 1999


def test_who_has_not_paid_yet_is_told_what_was_taken_off(world: World, operator: Actor) -> None:
    order = drawer.waiting(world, {"草莓": 3})
    assert give_back(world, world.leader, order, units={"草莓": 1}).decided_fen == 0
    give_back(world, operator, order, units={"草莓": 2})
    with world.unit.reading() as ctx:
        told = ctx.session.scalars(select(Notification.body).where(Notification.title == "订单有变")).all()
        who = ("团长取消了您的 草莓 1 份", "平台取消了您的 草莓 2 份")
        assert told == [f"「周五水果」{words}，不收费。" for words in who]
        assert one(ctx, Order, order).state == "cancelled"


def test_nobody_is_promised_that_cash_comes_back_through_the_gateway(world: World) -> None:
    order, staff = drawer.waiting(world, {"草莓": 2}), world.staff()
    drawer.open_shift(world, staff)
    drawer.take(world, staff, order)
    give_back(world, world.leader, order, handed_over={"草莓": 1})
    with world.unit.reading() as ctx:
        told = ctx.session.scalars(select(Notification.body).where(Notification.title == "退款处理中")).all()
        assert told == ["团长退款，¥19.99 由平台人工转账退回"]


def test_an_operator_gives_a_whole_order_back_that_was_partly_fetched(world: World, operator: Actor) -> None:
    order = ready(world, {"草莓": 3, "纸巾": 1})
    collect(world, order, 草莓=1)
    assert give_back(world, world.leader, order, rest=True).decided_fen == 2 * 1999 + 1001
    assert give_back(world, operator, order, rest=True).decided_fen == 1999
    with pytest.raises(WrongState):
        give_back(world, operator, order, rest=True)
    assert refunded(world.unit) == 3 * 1999 + 1001
    with world.unit.reading() as ctx:
        assert one(ctx, Order, order).state == "refunded"
        assert balance(ctx, Account.LEADER_PENDING, world.leader_id) == 0


def test_what_lapsed_is_given_back_as_an_amount(world: World, operator: Actor, clock: FrozenClock) -> None:
    order = ready(world, {"草莓": 2})
    clock.advance(days=4)
    with world.unit(CLOCK) as ctx:
        lapsing.lapse_due(ctx)
    with pytest.raises(Invalid):
        give_back(world, operator, order, handed_over={"草莓": 1})
    assert give_back(world, operator, order, rest=True).decided_fen == 2 * 1999
    assert refunded(world.unit) == 2 * 1999


@pytest.mark.parametrize(
    "parts",
    [
        {"units": {"草莓": 2}},
        {"handed_over": {"草莓": 3}},
        {"compensation_fen": {"草莓": 3999}},
        {"compensation_fen": {"草莓": 1}, "handed_over": {"草莓": 1}},
        {"units": {"草莓": 1}, "rest": True},
    ],
)
def test_more_than_is_left_or_the_same_twice_is_refused(world: World, parts: dict[str, Any]) -> None:
    order = ready(world, {"草莓": 3})
    collect(world, order, 草莓=2)
    with pytest.raises(Invalid):
        give_back(world, world.leader, order, **parts)
    with world.unit.reading() as ctx:
        assert ctx.session.scalars(select(func.count(RefundLine.id))).one() == 0


def test_other_people_and_other_lines_are_not_found(world: World, unit: Transactions) -> None:
    order = ready(world, {"草莓": 1})
    with unit(CLOCK) as ctx:
        other = people.leader(ctx)
    with pytest.raises(NotFound):
        give_back(world, Actor(Role.LEADER, other.id, other.resident_id), order, rest=True)
    with pytest.raises(Forbidden):
        give_back(world, world.staff(), order, rest=True)
    strange = line_ids(world, ready(world, {"草莓": 1}))["草莓"]
    with pytest.raises(NotFound), unit(world.leader) as ctx:
        giving_back.give_back(ctx, GiveBack(order, "错行", {strange: 1}))
    with pytest.raises(WrongState):
        give_back(world, world.leader, order)


def test_the_desk_and_the_leader_at_once_give_a_unit_to_one_of_them(world: World) -> None:
    staff = world.staff()
    for _ in range(4):
        order, begin = ready(world, {"草莓": 1}), Barrier(2)
        line = line_ids(world, order)["草莓"]

        def desk(order: str = order, begin: Barrier = begin) -> str:
            return won(world, staff, begin, lambda ctx: redeem(ctx, Redeem((order,), "code")))

        def leader(order: str = order, line: str = line, begin: Barrier = begin) -> str:
            command = GiveBack(order, "退了吧", {line: 1})
            return won(world, world.leader, begin, lambda ctx: giving_back.give_back(ctx, command))

        with ThreadPoolExecutor(2) as pool:
            said = [future.result() for future in [pool.submit(desk), pool.submit(leader)]]
        assert said.count("won") == 1
        with world.unit.reading() as ctx:
            row = lines_of(ctx, order)["草莓"]
            assert row.collected_units + row.refunded_units == 1


def won(world: World, by: Actor, begin: Barrier, act: Any) -> str:
    begin.wait(60)
    try:
        with world.unit(by) as ctx:
            act(ctx)
    except DomainError as error:
        return error.code()
    return "won"


def test_without_the_condition_the_unit_would_be_fetched_and_refunded(world: World) -> None:
    order = ready(world, {"草莓": 1})
    collect(world, order)
    with world.unit(CLOCK) as ctx:
        without_checks(ctx)
        line = lines_of(ctx, order)["草莓"]
        ctx.session.execute(update(OrderLine).where(OrderLine.id == line.id).values(refunded_units=1))
        assert "4 units of a line keep their order" in {breach.rule for breach in invariants.check(ctx)}
        ctx.session.rollback()


def without_checks(ctx: Ctx) -> None:
    """Let the database believe everything, for what is left of the test."""
    if ctx.session.get_bind().dialect.name == "postgresql":
        ctx.session.execute(text("ALTER TABLE order_lines DROP CONSTRAINT ck_order_lines_refunded"))
    else:
        ctx.session.execute(text("PRAGMA ignore_check_constraints = ON"))
