"""Who is logged in on which device: opened with a random token, known by its hash, shut out at once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, select, update
from sqlalchemy.orm import Session as DatabaseSession

from domain.actors import Actor, Role
from domain.content import Subject
from domain.errors import DomainError, Forbidden, NotFound, Unauthenticated
from domain.ids import new_id
from models import Leader, PickupStaff, Session
from services import audit, finding
from services.content_safety import rows
from services.context import Ctx
from services.writing import changed

TOKEN_BYTES = 32
UNNAMED = "设备"
"""What a device at a desk is called until its name has passed."""


def open_session(
    ctx: Ctx,
    audience: str,
    *,
    resident_id: int | None = None,
    operator_id: int | None = None,
    staff_id: int | None = None,
    device: str = "",
) -> str:
    """Log a device in for `audience` (see `Session`) and return its token, which is kept nowhere.

    A station session names the resident and the staff row. It ends by itself after the policy's days or hours.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    lasts = timedelta(days=ctx.policy.session_days)
    if audience != "resident":
        lasts = timedelta(hours=ctx.policy.desk_session_hours)
    opened = Session(
        public_id=new_id("Session", ctx.now), token_hash=hashed(token), audience=audience, resident_id=resident_id,
        operator_id=operator_id, staff_id=staff_id, device=device, created_at=ctx.now, expires_at=ctx.now + lasts,
        seen_at=ctx.now if audience == "console" else None,
    )  # fmt: skip
    ctx.session.add(opened)
    ctx.session.flush()
    if staff_id is not None:  # the point's leader reads it
        rows.keep_back(ctx, Subject.DEVICE, opened, {"device": UNNAMED}, author=resident_id)
    return token


_BEHIND = (
    select(Session.token_hash, Session.id, Session.audience, Session.resident_id, Leader.id.label("leader_id"),
           Leader.state, PickupStaff.id.label("staff_id"), PickupStaff.point_id,
           PickupStaff.state.label("staff_state"), Session.operator_id)
    .outerjoin(Leader, Leader.resident_id == Session.resident_id)
    .outerjoin(PickupStaff, PickupStaff.id == Session.staff_id)
    .where(Session.revoked_at.is_(None), Session.expires_at > bindparam("now"))
)  # fmt: skip
_BEHIND_ONE = _BEHIND.where(Session.token_hash == bindparam("hashed"))
_BEHIND_SOME = _BEHIND.where(Session.token_hash.in_(bindparam("hashes", expanding=True)))


def actor_of(reads: Connection | DatabaseSession, now: datetime, audience: str, token: str) -> Actor:
    """Who stands behind `token` for `audience` (resident, leader, station or admin), in one statement.

    Raises `Unauthenticated` for an unknown, expired or revoked token, `Forbidden` for a role the person does not have:
    a token of another audience, a leader not approved, staff who left.
    """
    (found,) = actors_of(reads, now, [(audience, token)])
    if isinstance(found, DomainError):
        raise found
    return found


def actors_of(
    reads: Connection | DatabaseSession, now: datetime, asked: Sequence[tuple[str, str]]
) -> list[Actor | DomainError]:
    """Who stands behind each (audience, token), in one statement; a refusal that `actor_of` raises is returned."""
    hashes = [hashed(token) for _, token in asked]
    if len(hashes) == 1:
        found = reads.execute(_BEHIND_ONE, {"hashed": hashes[0], "now": now})
    else:
        # Filled up to a power of two: so the database meets few texts and plans each of them once. An array of unknown
        # length it would plan anew each time, which takes longer than to look.
        filled = hashes + hashes[-1:] * ((1 << (len(hashes) - 1).bit_length()) - len(hashes))
        found = reads.execute(_BEHIND_SOME, {"hashes": filled, "now": now})
    rows = {row.token_hash: row for row in found}
    return [_admitted(rows.get(hashed), audience) for hashed, (audience, _) in zip(hashes, asked, strict=True)]


def _admitted(row: Any, audience: str) -> Actor | DomainError:
    """The actor at the door of `audience` by a row of `_BEHIND`, or why nobody."""
    if row is None:
        return Unauthenticated()
    if row.audience != ("resident" if audience == "leader" else audience):
        return Forbidden()
    if audience == "resident":
        return Actor(Role.RESIDENT, row.resident_id, row.resident_id, session_id=row.id)
    if audience == "leader" and row.state == "approved":
        return Actor(Role.LEADER, row.leader_id, row.resident_id, session_id=row.id)
    if audience == "station" and row.staff_state == "active":
        return Actor(Role.STAFF, row.staff_id, row.resident_id, row.point_id, row.id)
    if audience == "admin":
        return Actor(Role.OPERATOR, row.operator_id, session_id=row.id)
    return Forbidden()


def at_work(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
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


def _alive(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return Session.revoked_at.is_(None), Session.expires_at > now


def _owned(ctx: Ctx) -> ColumnElement[bool]:
    if ctx.actor.role == Role.OPERATOR:
        return Session.operator_id == ctx.actor.id
    return Session.resident_id == ctx.resident_id


def hashed(token: str) -> str:
    """By what a session is found."""
    return hashlib.sha256(token.encode()).hexdigest()
