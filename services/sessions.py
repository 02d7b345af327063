"""Who is logged in on which device: opened with a random token, known by its hash, shut out at once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, select, update
from sqlalchemy.orm import Session as DatabaseSession

from domain.actors import Actor, Role
from domain.errors import Forbidden, NotFound, Unauthenticated
from domain.ids import new_id
from models import Leader, PickupStaff, Session
from services import audit, finding
from services.context import Ctx
from services.writing import changed

TOKEN_BYTES = 32


def open_session(
    ctx: Ctx,
    audience: str,
    *,
    resident_id: int | None = None,
    operator_id: int | None = None,
    staff_id: int | None = None,
    device: str = "",
) -> str:
    """Log a device in for `audience` (resident, station or admin) and return its token, which is kept nowhere.

    A station session names the resident and the staff row. It ends by itself after the policy's days or hours.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    lasts = timedelta(days=ctx.policy.session_days)
    if audience != "resident":
        lasts = timedelta(hours=ctx.policy.desk_session_hours)
    ctx.session.add(
        Session(
            public_id=new_id("Session", ctx.now),
            token_hash=_hash(token),
            audience=audience,
            resident_id=resident_id,
            operator_id=operator_id,
            staff_id=staff_id,
            device=device,
            created_at=ctx.now,
            expires_at=ctx.now + lasts,
        )
    )
    ctx.session.flush()
    return token


_BEHIND = (
    select(Session.id, Session.audience, Session.resident_id, Leader.id.label("leader_id"), Leader.state,
           PickupStaff.id.label("staff_id"), PickupStaff.point_id, PickupStaff.state.label("staff_state"),
           Session.operator_id)
    .outerjoin(Leader, Leader.resident_id == Session.resident_id)
    .outerjoin(PickupStaff, PickupStaff.id == Session.staff_id)
    .where(Session.token_hash == bindparam("token_hash"), Session.revoked_at.is_(None),
           Session.expires_at > bindparam("now"))
)  # fmt: skip


def actor_of(reads: Connection | DatabaseSession, now: datetime, audience: str, token: str) -> Actor:
    """Who stands behind `token` for `audience` (resident, leader, station or admin), in one statement.

    Raises `Unauthenticated` for an unknown, expired or revoked token, `Forbidden` for a role the person does not have:
    a token of another audience, a leader not approved, staff who left.
    """
    row = reads.execute(_BEHIND, {"token_hash": _hash(token), "now": now}).one_or_none()
    if row is None:
        raise Unauthenticated
    if row.audience != ("resident" if audience == "leader" else audience):
        raise Forbidden
    if audience == "resident":
        return Actor(Role.RESIDENT, row.resident_id, row.resident_id, session_id=row.id)
    if audience == "leader" and row.state == "approved":
        return Actor(Role.LEADER, row.leader_id, row.resident_id, session_id=row.id)
    if audience == "station" and row.staff_state == "active":
        return Actor(Role.STAFF, row.staff_id, row.resident_id, row.point_id, row.id)
    if audience == "admin":
        return Actor(Role.OPERATOR, row.operator_id, session_id=row.id)
    raise Forbidden


def at_work(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What holds of sessions joined with their staff, as `actor_of` lets them in at a station."""
    return *_alive(now), Session.audience == "station", PickupStaff.state == "active"


def mine(ctx: Ctx) -> list[Session]:
    """The actor's devices that are logged in, newest first."""
    statement = select(Session).where(_owned(ctx), *_alive(ctx.now))
    return list(ctx.session.scalars(statement.order_by(Session.id.desc()).limit(100)))


def revoke(ctx: Ctx, public_id: str) -> None:
    """Shut one of the actor's own devices out; raises `NotFound` for any other."""
    row = finding.by_public_id(ctx, Session, public_id, _owned(ctx))
    if not _revoke(ctx, Session.id == row.id):
        raise NotFound
    audit.record(ctx, "session", row.id, "revoke")


def revoke_current(ctx: Ctx) -> None:
    """Log the device out on which the actor is."""
    _revoke(ctx, Session.id == ctx.actor.session_id)


def revoke_all(ctx: Ctx, *, resident_id: int | None = None, staff_id: int | None = None,
               operator_id: int | None = None) -> int:  # fmt: skip
    """Shut out every device of a person, of a staff member or of an operator; returns how many."""
    owners = {Session.resident_id: resident_id, Session.staff_id: staff_id, Session.operator_id: operator_id}
    wanted = [column == value for column, value in owners.items() if value is not None]
    if not wanted:
        raise ValueError("whose sessions?")
    return _revoke(ctx, *wanted)


def _revoke(ctx: Ctx, *conditions: ColumnElement[bool]) -> int:
    alive = update(Session).where(*conditions, Session.revoked_at.is_(None))
    return changed(ctx.session, alive.values(revoked_at=ctx.now))


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Session.revoked_at.is_(None), Session.expires_at > now


def _owned(ctx: Ctx) -> ColumnElement[bool]:
    if ctx.actor.role == Role.OPERATOR:
        return Session.operator_id == ctx.actor.id
    return Session.resident_id == ctx.resident_id


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
