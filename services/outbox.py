"""Writing what must leave, in the transaction of its cause; sending is a flow's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, exists, func, select, update
from sqlalchemy.orm import aliased

from domain.ids import new_id
from models import OutboxMessage
from models.base import UtcDateTime
from services.context import Ctx
from services.writing import insert_all, insert_ignoring

_TOLD, _WAITS = aliased(OutboxMessage), aliased(OutboxMessage)
_KNOWN = exists().where(_TOLD.dedupe_key == bindparam("told_under"))
# Two may wait: one that was on its way and could not be sent, and the one that was written meanwhile.
_NEWEST = (
    select(func.max(_WAITS.id))
    .where(_WAITS.coalesce_key == bindparam("told_for"), _WAITS.state == "pending")
    .scalar_subquery()
)
_REPLACED = (
    update(OutboxMessage)
    .where(OutboxMessage.id == _NEWEST, OutboxMessage.state == "pending", ~_KNOWN)
    .values(payload=bindparam("told"), dedupe_key=bindparam("told_under"), expires_at=bindparam("until"))
)
_RESTED = bindparam("rested", type_=UtcDateTime())
_AT_LATEST = bindparam("at_latest", type_=UtcDateTime())
# What failed keeps its pause; what was put off for another reason begins to rest anew.
_PUT_OFF = _REPLACED.values(
    due_at=case(
        (OutboxMessage.attempts > 0, OutboxMessage.due_at),
        (OutboxMessage.latest_at < _RESTED, OutboxMessage.latest_at),
        else_=_RESTED,
    ),
    latest_at=func.coalesce(OutboxMessage.latest_at, _AT_LATEST),
)


@dataclass(frozen=True)
class Rest:
    """A message waits until nothing newer came for `quiet`, but never longer than `longest` from the first."""

    quiet: timedelta
    longest: timedelta


def enqueue(
    ctx: Ctx,
    kind: str,
    dedupe_key: str,
    payload: dict[str, Any],
    *,
    coalesce_key: str | None = None,
    rests: Rest | None = None,
    due_at: datetime | None = None,
    expires_after: timedelta | None = None,
    must: bool = False,
) -> bool:
    """Write a message of `kind` once per `dedupe_key`; False when it stands there already.

    `payload` holds references (ids, numbers), never phones, openids, tokens, codes; its `binding` is the chat in which
    messages leave in order. With a `coalesce_key` a pending message is replaced and keeps its `due_at`, or puts it off
    as `rests` says. The operator hears of `must` messages that were not sent, or may not have been.
    """
    expires_at = ctx.now + expires_after if expires_after else None
    if coalesce_key is not None:
        ctx.session.flush()
        told = {"told_for": coalesce_key, "told_under": dedupe_key, "told": payload, "until": expires_at}
        replace = _REPLACED
        if rests is not None:
            replace = _PUT_OFF
            told |= {"rested": ctx.now + rests.quiet, "at_latest": ctx.now + rests.longest}
        if ctx.session.connection().execute(replace, told).rowcount:
            return True
    if rests is not None:
        due_at = ctx.now + rests.quiet
    return insert_ignoring(
        ctx.session, OutboxMessage, ["dedupe_key"], public_id=new_id("OutboxMessage", ctx.now), kind=kind,
        payload=payload, dedupe_key=dedupe_key, coalesce_key=coalesce_key, must=must, attempts=0,
        binding_id=payload.get("binding"), repeatable=False, due_at=due_at or ctx.now,
        latest_at=ctx.now + rests.longest if rests else None, expires_at=expires_at, lease_until=None,
        last_error="", state="pending", created_at=ctx.now,
    )  # fmt: skip


def enqueue_all(ctx: Ctx, kind: str, payloads: Mapping[str, dict[str, Any]], *, must: bool = False) -> int:
    """Write one message of `kind` per dedupe key, many to a statement; returns how many are new."""
    now = ctx.now
    same = {
        "kind": kind, "must": must, "repeatable": False, "attempts": 0, "due_at": now, "last_error": "",
        "state": "pending", "created_at": now,
    }  # fmt: skip
    rows = [
        {"public_id": new_id("OutboxMessage", now), "payload": payload, "dedupe_key": key}
        for key, payload in payloads.items()
    ]
    return len(insert_all(ctx.session, OutboxMessage, rows, OutboxMessage.id, same=same))
