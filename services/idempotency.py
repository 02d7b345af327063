"""One effect per key: the same key and body get the stored answer, another body is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from domain.errors import KeyReused
from models import IdempotencyRecord
from services.context import Ctx
from services.writing import changed, insert_ignoring

UNDERWAY = 0
"""The status of an answer that is not there yet."""


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
    underway = claim(ctx, key, fingerprint)
    if underway is not None:
        return underway
    answer = act()
    settle(ctx, key, answer)
    return answer


def claim(ctx: Ctx, key: str, fingerprint: str) -> Answer | None:
    """Take the actor's `key` for an effect that needs several transactions; None for the one caller who has it then.

    Everybody else gets the stored answer, with status `UNDERWAY` until `settle`. The caller commits the claim before
    it acts, and ends it by `settle` or `release`. Raises `KeyReused` for another fingerprint.
    """
    while not insert_ignoring(
        ctx.session, IdempotencyRecord, ["actor", "key"], actor=_owner(ctx), key=key, fingerprint=fingerprint,
        status=UNDERWAY, answer=None, created_at=ctx.now,
    ):  # fmt: skip
        if (known := _stored(ctx, key, fingerprint)) is not None:  # else it was given back before it was read
            return known
    return None


def settle(ctx: Ctx, key: str, answer: Answer) -> None:
    """Store the answer of a claimed `key`."""
    values = {"status": answer.status, "answer": answer.body}
    changed(ctx.session, update(IdempotencyRecord).where(*_mine(ctx, key)).values(**values))


def release(ctx: Ctx, key: str) -> None:
    """Give a claimed `key` back: what it was for was refused, and the same request may come again."""
    underway = (*_mine(ctx, key), IdempotencyRecord.status == UNDERWAY)
    changed(ctx.session, delete(IdempotencyRecord).where(*underway))


def _stored(ctx: Ctx, key: str, fingerprint: str) -> Answer | None:
    record = ctx.session.scalars(select(IdempotencyRecord).where(*_mine(ctx, key))).one_or_none()
    if record is None:
        return None
    if record.fingerprint != fingerprint:
        raise KeyReused
    return Answer(record.status, record.answer, replayed=True)


def _owner(ctx: Ctx) -> str:
    return f"{ctx.actor.role}:{ctx.actor.id}"


def _mine(ctx: Ctx, key: str) -> tuple[ColumnElement[bool], ...]:
    return IdempotencyRecord.actor == _owner(ctx), IdempotencyRecord.key == key


def forget_old(ctx: Ctx) -> int:
    """Delete keys past their days; returns how many."""
    before = ctx.now - timedelta(days=ctx.policy.idempotency_days)
    return changed(ctx.session, delete(IdempotencyRecord).where(IdempotencyRecord.created_at < before))
