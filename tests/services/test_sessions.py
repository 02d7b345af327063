"""A token opens what its person may do at this moment, and a lost device is shut out with the next request."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select

from domain.actors import SYSTEM, Actor, Role
from domain.errors import Forbidden, NotFound, Unauthenticated
from models import Session
from services import sessions
from services.context import Ctx
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock


def as_resident(ctx: Ctx, resident_id: int) -> Ctx:
    return ctx.acting_as(Actor(Role.RESIDENT, resident_id, resident_id))


def test_only_the_hash_of_a_token_is_kept(ctx: Ctx) -> None:
    token = people.token(ctx, people.resident(ctx))
    kept = ctx.session.scalars(select(Session)).one()
    assert token not in str(vars(kept))


def test_each_audience_gets_its_own_actor(ctx: Ctx) -> None:
    leader = people.leader(ctx)
    staff = people.staff(ctx, people.point(ctx, leader))
    operator = people.operator(ctx)
    resident_actor = sessions.actor_of(ctx.session, ctx.now, "resident", people.token(ctx, leader))
    leader_actor = sessions.actor_of(ctx.session, ctx.now, "leader", people.token(ctx, leader))
    staff_actor = sessions.actor_of(ctx.session, ctx.now, "station", people.token(ctx, staff))
    operator_actor = sessions.actor_of(ctx.session, ctx.now, "admin", people.token(ctx, operator))
    assert (resident_actor.role, resident_actor.id) == (Role.RESIDENT, leader.resident_id)
    assert (leader_actor.role, leader_actor.id, leader_actor.resident_id) == (
        Role.LEADER,
        leader.id,
        leader.resident_id,
    )
    assert (staff_actor.role, staff_actor.id, staff_actor.point_id) == (Role.STAFF, staff.id, staff.point_id)
    assert (operator_actor.role, operator_actor.id, operator_actor.resident_id) == (Role.OPERATOR, operator.id, None)


def test_many_at_once_get_what_each_would_get_alone(ctx: Ctx, clock: FrozenClock) -> None:
    stale = people.token(ctx, people.resident(ctx))
    clock.advance(days=ctx.policy.session_days)
    leader, suspended = people.leader(ctx), people.leader(ctx, state="suspended")
    at = people.point(ctx, leader)
    whose = (leader, suspended, people.staff(ctx, at), people.staff(ctx, at, state="left"), people.operator(ctx))
    tokens = [*(people.token(ctx, who) for who in whose), stale, "made-up"]
    asked = [(audience, token) for token in tokens for audience in ("resident", "leader", "station", "admin")]
    found = sessions.actors_of(ctx.session, ctx.now, asked)
    assert sum(isinstance(each, Actor) for each in found) == 5
    for (audience, token), each in zip(asked, found, strict=True):
        if isinstance(each, Actor):
            assert sessions.actor_of(ctx.session, ctx.now, audience, token) == each
        else:
            with pytest.raises(type(each)):
                sessions.actor_of(ctx.session, ctx.now, audience, token)


def test_the_database_meets_few_texts_of_a_lookup(ctx: Ctx) -> None:
    texts: list[str] = []

    def note(*given: Any) -> None:
        texts.append(given[2])

    event.listen(ctx.session.connection(), "before_cursor_execute", note)
    for count in range(1, 33):
        sessions.actors_of(ctx.session, ctx.now, [("resident", f"made-up {number}") for number in range(count)])
    assert (len(texts), len(set(texts))) == (32, 6), "for 1, 2, 4, 8, 16 and 32 tokens"


@pytest.mark.parametrize("audience", ["resident", "leader", "station", "admin"])
def test_a_made_up_token_is_nobody(ctx: Ctx, audience: str) -> None:
    with pytest.raises(Unauthenticated):
        sessions.actor_of(ctx.session, ctx.now, audience, "made-up")


@pytest.mark.parametrize("state", ["applied", "rejected", "suspended"])
def test_only_an_approved_leader_passes_the_leaders_door(ctx: Ctx, state: str) -> None:
    token = people.token(ctx, people.leader(ctx, state=state))
    with pytest.raises(Forbidden):
        sessions.actor_of(ctx.session, ctx.now, "leader", token)
    sessions.actor_of(ctx.session, ctx.now, "resident", token)


@pytest.mark.parametrize("state", ["left", "removed"])
def test_staff_who_are_gone_are_shut_out_at_once(ctx: Ctx, state: str) -> None:
    token = people.token(ctx, people.staff(ctx, people.point(ctx, people.leader(ctx)), state=state))
    with pytest.raises(Forbidden):
        sessions.actor_of(ctx.session, ctx.now, "station", token)


def test_a_session_ends_by_itself(ctx: Ctx, clock: FrozenClock) -> None:
    token = people.token(ctx, people.resident(ctx))
    clock.advance(days=ctx.policy.session_days, seconds=-1)
    sessions.actor_of(ctx.session, ctx.now, "resident", token)
    clock.advance(seconds=1)
    with pytest.raises(Unauthenticated):
        sessions.actor_of(ctx.session, ctx.now, "resident", token)


def test_a_revoked_device_is_out_and_the_others_stay(ctx: Ctx) -> None:
    person = people.resident(ctx)
    lost, kept = people.token(ctx, person, "lost"), people.token(ctx, person, "kept")
    mine = as_resident(ctx, person.id)
    sessions.revoke(mine, next(row.public_id for row in sessions.mine(mine) if row.device == "lost"))
    with pytest.raises(Unauthenticated):
        sessions.actor_of(ctx.session, ctx.now, "resident", lost)
    sessions.actor_of(ctx.session, ctx.now, "resident", kept)
    assert [row.device for row in sessions.mine(mine)] == ["kept"]


def test_nobody_revokes_another_s_device(ctx: Ctx) -> None:
    people.token(ctx, people.resident(ctx))
    public_id = ctx.session.scalars(select(Session.public_id)).one()
    stranger = people.resident(ctx)
    with pytest.raises(NotFound):
        sessions.revoke(as_resident(ctx, stranger.id), public_id)


def test_all_devices_of_a_person_are_shut_out_together(ctx: Ctx) -> None:
    person, other = people.resident(ctx), people.resident(ctx)
    tokens = [people.token(ctx, person) for _ in range(3)]
    bystander = people.token(ctx, other)
    assert sessions.revoke_all(ctx, resident_id=person.id) == 3
    for token in tokens:
        with pytest.raises(Unauthenticated):
            sessions.actor_of(ctx.session, ctx.now, "resident", token)
    sessions.actor_of(ctx.session, ctx.now, "resident", bystander)


def test_a_token_costs_one_statement(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        token = people.token(ctx, people.leader(ctx))
    statements: list[str] = []
    event.listen(unit.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with unit.reading() as ctx:
        sessions.actor_of(ctx.session, ctx.now, "leader", token)
    assert len([said for said in statements if said.startswith("SELECT")]) == 1
