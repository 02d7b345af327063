"""Staff log a device in at their own desk again, as often as a working day begins, and nobody else does."""

from __future__ import annotations

import pytest

from domain.actors import Actor, Role
from domain.errors import Forbidden, NotFound, Unauthenticated
from services import sessions, staffing
from services.paging import Page
from services.pickup import joining
from services.pickup.joining import EnterDesk
from services.queries import places
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def _as_resident(staff: Actor) -> Actor:
    assert staff.resident_id is not None
    return Actor(Role.RESIDENT, staff.resident_id, staff.resident_id)


def _enter(world: World, who: Actor, point: int = 0) -> str:
    with world.unit(who) as ctx:
        return joining.enter(ctx, EnterDesk(world.point_ids[point], "柜台平板")).token


def test_a_member_of_the_staff_gets_a_session_for_another_device(world: World) -> None:
    staff = world.staff()
    tokens = {_enter(world, _as_resident(staff)) for _ in range(2)}
    with world.unit(staff) as ctx:
        found = {sessions.actor_of(ctx.session, ctx.now, "station", token).id for token in tokens}
    assert len(tokens) == 2 and found == {staff.id}


@pytest.mark.parametrize("point", [0, 1])
def test_a_stranger_does_not_get_in_anywhere(world: World, point: int) -> None:
    with pytest.raises(NotFound):
        _enter(world, world.resident(), point)


def test_staff_do_not_get_in_at_another_point(world: World) -> None:
    with pytest.raises(NotFound):
        _enter(world, _as_resident(world.staff(point=0)), point=1)


def test_who_has_left_does_not_get_in_again(world: World) -> None:
    staff = world.staff()
    with world.unit(staff) as ctx:
        staffing.leave(ctx)
    with pytest.raises(NotFound):
        _enter(world, _as_resident(staff))


def test_only_a_resident_asks(world: World) -> None:
    with pytest.raises(Forbidden):
        _enter(world, world.leader)


def test_a_lost_phone_does_not_come_back_by_the_login_still_on_it(world: World, clock: FrozenClock) -> None:
    staff = world.staff()
    who = _as_resident(staff)
    old, lost = _logged_in(world, who), _enter(world, who)
    clock.advance(minutes=1)
    with world.unit(world.leader) as ctx:
        (row,) = places.staff_of_point(ctx, world.point_ids[0], Page()).items
        staffing.revoke_device(ctx, row.devices[0].id)
    clock.advance(minutes=1)
    with pytest.raises(Unauthenticated):
        _enter(world, old)
    with world.unit(staff) as ctx, pytest.raises(Unauthenticated):
        sessions.actor_of(ctx.session, ctx.now, "station", lost)
    assert _enter(world, _logged_in(world, who))


def _logged_in(world: World, who: Actor) -> Actor:
    """The resident on a phone, by a login of this moment."""
    with world.unit(who) as ctx:
        return sessions.actor_of(
            ctx.session, ctx.now, "resident", sessions.open_session(ctx, "resident", resident_id=who.id)
        )
