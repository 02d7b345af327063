"""Whose hands an operator's token is in: at the API's door by its header, at the console by its cookie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, or_, select, update
from sqlalchemy.orm import Session as DatabaseSession

from domain.actors import Actor, Role
from domain.errors import Forbidden, Unauthenticated
from models import Operator, RecoveryCode, Session
from services import audit, sessions
from services.context import Ctx
from services.writing import changed

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Visitor:
    """An operator who is logged in; `enrolled` says that a second factor is set up, `stale` that `seen` is due.

    `codes_left` recovery codes are unused.
    """

    actor: Actor
    name: str
    enrolled: bool
    stale: bool
    codes_left: int


_CODES_LEFT = (
    select(func.count())
    .where(RecoveryCode.operator_id == Session.operator_id, RecoveryCode.used_at.is_(None))
    .scalar_subquery()
)
_BEHIND = (
    select(Session.id, Session.audience, Session.operator_id, Session.seen_at, Operator.name, Operator.kind,
           Operator.totp_enc, _CODES_LEFT.label("codes_left"))
    .outerjoin(Operator, Operator.id == Session.operator_id)
    .where(
        Session.token_hash == bindparam("hashed"), Session.revoked_at.is_(None), Session.expires_at > bindparam("now"),
        or_(Session.seen_at.is_(None), Session.seen_at > bindparam("idle_since")),
    )
)  # fmt: skip


def visitor_of(
    reads: Connection | DatabaseSession, now: datetime, audience: str, token: str, idle: timedelta
) -> Visitor:
    """Who stands behind `token` for `audience` (admin or console), in one statement.

    Raises `Unauthenticated` for one that is unknown, expired, revoked or was not used for `idle`, `Forbidden` for a
    token of another audience.
    """
    given = {"hashed": sessions.hashed(token), "now": now, "idle_since": now - idle}
    row = reads.execute(_BEHIND, given).one_or_none()
    if row is None:
        raise Unauthenticated
    if row.audience != audience:
        raise Forbidden
    actor = Actor(Role.OPERATOR, row.operator_id, session_id=row.id, kind=row.kind)
    stale = row.seen_at is not None and row.seen_at <= now - SEEN_EVERY
    return Visitor(actor, row.name, row.totp_enc is not None, stale, row.codes_left)


def seen(ctx: Ctx) -> None:
    """The acting operator's console is in use: its idle time begins anew."""
    changed(ctx.session, update(Session).where(Session.id == ctx.actor.session_id).values(seen_at=ctx.now))


def log_out_everywhere(ctx: Ctx) -> None:
    """Shut the acting operator out on every device, this one too."""
    sessions.revoke_all(ctx, operator_id=ctx.actor.id)
    audit.record(ctx, "operator", ctx.actor.id, "log_out_everywhere")


def end(ctx: Ctx, token: str) -> None:
    """Shut out the console session of this token, if there is one: whoever logs in anew leaves the old one behind."""
    wanted = (Session.token_hash == sessions.hashed(token), Session.audience == "console")
    changed(ctx.session, update(Session).where(*wanted, Session.revoked_at.is_(None)).values(revoked_at=ctx.now))
