"""A drawer is opened once, counted, handed over to somebody else, and what differs is booked with its reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from domain.actors import CLOCK, Actor, Role
from domain.errors import DomainError, Forbidden, Invalid, NoShift, NotFound, SamePerson, WrongState
from domain.ledger import Account
from models import Order, Shift
from services import invariants
from services.desk_money import cash, shifts
from services.desk_money.shifts import CloseShift
from services.pickup import desks
from tests.services.desk_money.drawer import open_shift, take, taken, waiting
from tests.services.pickup.world import World, balance, one

OPERATOR = Actor(Role.OPERATOR, 1)


def _close(world: World, who: Actor, shift: str, counted_fen: int, reason: str = "") -> None:
    with world.unit(who) as ctx:
        shifts.close(ctx, CloseShift(shift, counted_fen, reason))


def _closed(world: World, who: Actor) -> str:
    order = waiting(world)
    shift = open_shift(world, who)
    take(world, who, order)
    _close(world, who, shift, 3998)
    return shift


def test_two_devices_of_one_person_share_one_drawer(world: World) -> None:
    staff = world.staff()
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: open_shift(world, staff), range(4)))) == 1
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Shift)) == 1


def test_each_person_has_a_drawer_of_their_own_and_a_new_one_after_closing(world: World) -> None:
    staff, other = world.staff(), world.staff("小李")
    first = open_shift(world, staff)
    assert open_shift(world, other) != first
    _close(world, staff, first, 0)
    assert open_shift(world, staff) != first


def test_a_drawer_is_opened_at_a_desk_by_staff_or_the_leader_only(world: World) -> None:
    for who, refusal in ((world.leader, NotFound), (world.resident(), Forbidden), (OPERATOR, Forbidden)):
        with pytest.raises(refusal):
            open_shift(world, who)


def test_what_was_counted_as_it_should_be_is_closed_without_a_word(world: World) -> None:
    staff = world.staff()
    shift = _closed(world, staff)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Shift, shift)
        assert (row.state, row.counted_fen, row.difference_reason) == ("closed", 3998, "")
        assert balance(ctx, Account.CASH_AT_DESK, shift) == 3998
    with pytest.raises(WrongState):
        _close(world, staff, shift, 3998)


@pytest.mark.parametrize("counted", [3000, 4000, 0])
def test_a_difference_is_booked_with_its_reason(world: World, counted: int) -> None:
    order, staff = waiting(world), world.staff()
    shift = open_shift(world, staff)
    take(world, staff, order)
    with pytest.raises(Invalid):
        _close(world, staff, shift, counted, "  ")
    _close(world, staff, shift, counted, "找错零钱")
    with world.unit(CLOCK) as ctx:
        assert balance(ctx, Account.CASH_DIFFERENCE) == 3998 - counted
        assert balance(ctx, Account.CASH_AT_DESK, shift) == counted
        assert one(ctx, Shift, shift).difference_reason == "找错零钱"


def test_only_its_keeper_closes_a_drawer(world: World) -> None:
    shift = open_shift(world, world.staff())
    for who in (world.staff("小李"), world.leader):
        with pytest.raises(NotFound):
            _close(world, who, shift, 0)


@pytest.mark.parametrize("by", ["leader", "operator"])
def test_who_receives_the_cash_confirms_it_once(world: World, by: str) -> None:
    shift = _closed(world, world.staff())
    who = {"leader": world.leader, "operator": OPERATOR}[by]
    with world.unit(who) as ctx:
        shifts.receive(ctx, shift)
    with pytest.raises(WrongState), world.unit(who) as ctx:
        shifts.receive(ctx, shift)
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Shift, shift).handed_to == who.label
        assert (balance(ctx, Account.CASH_AT_DESK, shift), balance(ctx, Account.BANK)) == (0, 3998)


def test_an_open_drawer_is_not_handed_over_and_staff_confirm_nothing(world: World) -> None:
    staff = world.staff()
    shift = open_shift(world, staff)
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        shifts.receive(ctx, shift)
    _close(world, staff, shift, 0)
    with pytest.raises(Forbidden), world.unit(staff) as ctx:
        shifts.receive(ctx, shift)
    with pytest.raises(NotFound), world.unit(Actor(Role.LEADER, 999, 999)) as ctx:
        shifts.receive(ctx, shift)


def test_nobody_hands_over_to_themselves(world: World) -> None:
    world.campaign()
    with world.unit(world.leader) as ctx:
        desk = desks.leader_at(ctx, world.point_ids[0]).actor
    shift = _closed(world, desk)
    with pytest.raises(SamePerson), world.unit(world.leader) as ctx:
        shifts.receive(ctx, shift)
    with world.unit(OPERATOR) as ctx:
        shifts.receive(ctx, shift)


def test_taking_and_closing_at_once_never_lose_a_fen(world: World) -> None:
    order, staff = waiting(world), world.staff()
    shift = open_shift(world, staff)

    def attempt(what: str) -> str:
        try:
            if what == "close":
                _close(world, staff, shift, 0)
            else:
                take(world, staff, order)
        except DomainError as refusal:
            return refusal.code()
        return what

    with ThreadPoolExecutor(2) as pool:
        ended = set(pool.map(attempt, ("close", "take")))
    assert ended in ({"close", "no_shift"}, {"take", "invalid"})
    with world.unit(CLOCK) as ctx:
        assert balance(ctx, Account.CASH_AT_DESK, shift) == (3998 if "take" in ended else 0)


@pytest.mark.breaks_invariants
def test_without_the_condition_on_the_open_shift_cash_would_vanish(world: World) -> None:
    order, staff = waiting(world), world.staff()
    shift = open_shift(world, staff)
    _close(world, staff, shift, 0)
    with pytest.raises(NoShift):
        take(world, staff, order)
    with world.unit(staff) as ctx:  # as a device would that had looked before the close, and wrote without asking
        ctx.session.execute(update(Shift).values(state="open"))
        cash.take(ctx, cash.TakeCash((order,), "code"))
        ctx.session.execute(update(Shift).values(state="closed"))
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).state == "collected"
        assert any("every other account" in breach.rule for breach in invariants.check(ctx))
    assert taken(world, shift) == 3998
