"""Staff of a point: one code, one person; whoever goes is shut out on every device at once."""

from __future__ import annotations

import pytest

from domain.actors import Actor, Role
from domain.errors import CodeExpired, CodeWrong, Forbidden, NotFound, Unauthenticated, WrongState
from services import sessions, staffing
from services.context import Ctx
from services.paging import Page
from services.queries import places
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import buyer
from tests.builders.clock import FrozenClock
from tests.builders.shops import Shop, shop


@pytest.fixture
def own(ctx: Ctx) -> Shop:
    return shop(ctx)


def joined(ctx: Ctx, own: Shop, name: str = "小周") -> tuple[Actor, str, str]:
    """A new staff member as an actor, the staff id and the token of a device."""
    code = staffing.invite(ctx.acting_as(own.actor), own.points[0]).code
    person = people.resident(ctx, name)
    staff = staffing.join(ctx.acting_as(buyer(person.id)), code, name)
    token = people.token(ctx, staff)
    return Actor(Role.STAFF, staff.id, person.id, staff.point_id), staff.public_id, token


def test_an_invitation_lets_one_person_in_once(ctx: Ctx, own: Shop) -> None:
    code = staffing.invite(ctx.acting_as(own.actor), own.points[0]).code
    first, second = people.resident(ctx), people.resident(ctx)
    assert staffing.join(ctx.acting_as(buyer(first.id)), code, "小周").state == "active"
    with pytest.raises(CodeExpired):
        staffing.join(ctx.acting_as(buyer(second.id)), code, "小吴")


def test_an_invitation_ends_after_a_day(ctx: Ctx, own: Shop, clock: FrozenClock) -> None:
    code = staffing.invite(ctx.acting_as(own.actor), own.points[0]).code
    clock.advance(hours=24)
    with pytest.raises(CodeExpired):
        staffing.join(ctx.acting_as(buyer(people.resident(ctx).id)), code, "小周")


def test_a_made_up_code_lets_nobody_in(ctx: Ctx) -> None:
    with pytest.raises(CodeWrong):
        staffing.join(ctx.acting_as(buyer(people.resident(ctx).id)), "000000", "小周")


def test_a_leader_invites_to_own_points_only(ctx: Ctx, own: Shop) -> None:
    with pytest.raises(NotFound):
        staffing.invite(ctx.acting_as(shop(ctx).actor), own.points[0])


def test_whoever_leaves_is_shut_out_at_once(ctx: Ctx, own: Shop) -> None:
    staff, _, token = joined(ctx, own)
    assert sessions.actor_of(ctx.session, ctx.now, "station", token).point_id == staff.point_id
    staffing.leave(ctx.acting_as(staff))
    with pytest.raises(Unauthenticated):
        sessions.actor_of(ctx.session, ctx.now, "station", token)


@pytest.mark.parametrize("operator", [False, True])
def test_leader_and_operator_remove_staff_with_all_devices(ctx: Ctx, own: Shop, operator: bool) -> None:
    _, staff_id, token = joined(ctx, own)
    by = Actor(Role.OPERATOR, 1) if operator else own.actor
    assert staffing.remove(ctx.acting_as(by), staff_id, "离职").state == "removed"
    with pytest.raises(Unauthenticated):
        sessions.actor_of(ctx.session, ctx.now, "station", token)
    with pytest.raises(WrongState):
        staffing.remove(ctx.acting_as(by), staff_id)


def test_another_leader_removes_nobody(ctx: Ctx, own: Shop) -> None:
    staff, staff_id, token = joined(ctx, own)
    other = ctx.acting_as(shop(ctx).actor)
    with pytest.raises(NotFound):
        staffing.remove(other, staff_id)
    with pytest.raises(Forbidden):
        staffing.remove(ctx.acting_as(staff), staff_id)
    assert sessions.actor_of(ctx.session, ctx.now, "station", token).id == staff.id


def test_a_removed_person_returns_by_a_new_invitation(ctx: Ctx, own: Shop) -> None:
    staff, staff_id, _ = joined(ctx, own)
    staffing.remove(ctx.acting_as(own.actor), staff_id)
    code = staffing.invite(ctx.acting_as(own.actor), own.points[0]).code
    again = staffing.join(ctx.acting_as(buyer(staff.resident_id or 0)), code, "小周回来了")
    assert (again.public_id, again.state, again.display_name) == (staff_id, "active", "小周回来了")


def test_whoever_works_there_already_keeps_the_code_unused(unit: Transactions) -> None:
    with unit(buyer(0)) as ctx:
        own = shop(ctx)
        staff, _, _ = joined(ctx, own)
        code = staffing.invite(ctx.acting_as(own.actor), own.points[0]).code
    with pytest.raises(WrongState), unit(buyer(staff.resident_id or 0)) as ctx:
        staffing.join(ctx, code, "小周")
    with unit(buyer(0)) as ctx:
        person = people.resident(ctx)
        assert staffing.join(ctx.acting_as(buyer(person.id)), code, "小吴").state == "active"


def test_a_lost_phone_is_shut_out_and_the_other_stays(ctx: Ctx, own: Shop) -> None:
    staff, staff_id, lost = joined(ctx, own)
    kept = sessions.open_session(ctx, "station", resident_id=staff.resident_id, staff_id=staff.id, device="柜台平板")
    (row,) = places.staff_of_point(ctx.acting_as(own.actor), own.points[0], Page()).items
    assert [device.device for device in row.devices] == ["test", "柜台平板"]
    with pytest.raises(NotFound):
        staffing.revoke_device(ctx.acting_as(shop(ctx).actor), row.devices[0].id)
    staffing.revoke_device(ctx.acting_as(own.actor), row.devices[0].id)
    with pytest.raises(Unauthenticated):
        sessions.actor_of(ctx.session, ctx.now, "station", lost)
    assert sessions.actor_of(ctx.session, ctx.now, "station", kept).id == staff.id
    assert row.id == staff_id
