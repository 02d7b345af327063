"""One effect per key: the same key and body get the stored answer, another body is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from domain.errors import KeyReused
from models import IdempotencyRecord
from services.context import Ctx
from services.writing import changed, insert_ignoring


@dataclass(frozen=True)
class Answer:
    """What was answered: an HTTP-like status and a JSON value; `replayed` when it was given before."""

    status: int
    body: Any
    replayed: bool = False


def once(ctx: Ctx, key: str, fingerprint: str, act: Callable[[], Answer]) -> Answer:
    """Run `act` and store its answer under the actor's `key`, or return the stored one.

    The row is written in the transaction of the effect: a rival with the same key waits for it and reads the answer.
    `fingerprint` is a hash of method, path and body. Raises `KeyReused` for another fingerprint.
    """
    owner = f"{ctx.actor.role}:{ctx.actor.id}"
    fresh = insert_ignoring(
        ctx.session, IdempotencyRecord, ["actor", "key"], actor=owner, key=key, fingerprint=fingerprint, status=0,
        answer=None, created_at=ctx.now,
    )  # fmt: skip
    mine = (IdempotencyRecord.actor == owner, IdempotencyRecord.key == key)
    if not fresh:
        record = ctx.session.scalars(select(IdempotencyRecord).where(*mine)).one()
        if record.fingerprint != fingerprint:
            raise KeyReused
        return Answer(record.status, record.answer, replayed=True)
    answer = act()
    changed(ctx.session, update(IdempotencyRecord).where(*mine).values(status=answer.status, answer=answer.body))
    return answer


def forget_old(ctx: Ctx) -> int:
    """Delete keys past their days; returns how many."""
    before = ctx.now - timedelta(days=ctx.policy.idempotency_days)
    return changed(ctx.session, delete(IdempotencyRecord).where(IdempotencyRecord.created_at < before))
