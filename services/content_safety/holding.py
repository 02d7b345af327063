"""Keeping words and pictures back until they are checked, and telling who may see them meanwhile.

With `policy.content_safety` off nothing is kept back and no check is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from domain.actors import SYSTEM
from domain.content import PICTURES, WAITING, Subject
from domain.errors import BeingChecked, ContentRefused
from domain.ids import new_id
from models import ContentCheck
from services import transitions
from services.context import Ctx

Words = Mapping[str, str]
UNSEEN = (*WAITING, "refused")
"""States in which nobody but its author sees it."""


def fingerprint(ctx: Ctx, words: Words) -> str:
    """What says whether two sets of words are the same, and to nobody without our key which they were."""
    return ctx.vault.digest("content_words", json.dumps(words, sort_keys=True, ensure_ascii=False))


def hold(ctx: Ctx, subject: Subject, row_id: int, resident_id: int, words: Words) -> bool:
    """Have what belongs to a row checked, instead of what waited for it before; the caller holds that row.

    False when nothing is kept back: the check is off, nothing was said, or the same person's same words passed before.
    """
    if not ctx.policy.content_safety:
        return False
    drop(ctx, subject, row_id)
    print_ = fingerprint(ctx, words)
    if subject not in PICTURES and (not any(words.values()) or has_passed(ctx, subject, resident_id, print_)):
        return False
    ctx.session.add(
        ContentCheck(
            public_id=new_id("ContentCheck", ctx.now),
            state="waiting",
            subject=subject,
            row_id=row_id,
            resident_id=resident_id,
            words=ctx.vault.encrypt(json.dumps(dict(words), ensure_ascii=False)),
            fingerprint=print_,
            due_at=ctx.now,
            created_at=ctx.now,
        )
    )
    ctx.session.flush()
    return True


def drop(ctx: Ctx, subject: Subject, row_id: int) -> None:
    """What waited for a row, or was refused, is of no account any more, and an answer about it changes nothing."""
    if ctx.policy.content_safety:
        mine = (ContentCheck.subject == subject, ContentCheck.row_id == row_id)
        transitions.move_all(ctx.acting_as(SYSTEM), ContentCheck, "replace", *mine, words="", decided_at=ctx.now)


def has_passed(ctx: Ctx, subject: Subject, resident_id: int, print_: str) -> bool:
    """Whether these very words of this person have passed as such before."""
    passed = select(ContentCheck.id).where(
        ContentCheck.subject == subject, ContentCheck.resident_id == resident_id, ContentCheck.state == "passed",
        ContentCheck.fingerprint == print_,
    )  # fmt: skip
    return ctx.session.scalars(passed.limit(1)).first() is not None


def newest(ctx: Ctx, subject: Subject, row_id: int) -> ContentCheck | None:
    """The last check of a row, for its author; None when nothing was ever kept back."""
    mine = select(ContentCheck).where(ContentCheck.subject == subject, ContentCheck.row_id == row_id)
    return ctx.session.scalars(mine.order_by(ContentCheck.id.desc()).limit(1)).first()


def words_of(ctx: Ctx, check: ContentCheck) -> dict[str, str]:
    """The words by field; {} once it was decided."""
    return opened(ctx, check.words)


def opened(ctx: Ctx, sealed: str) -> dict[str, str]:
    """Words as they were sealed to wait, by column; {} where there are none any more."""
    return json.loads(ctx.vault.decrypt(sealed)) if sealed else {}


def require_passed(ctx: Ctx, subject: Subject, *row_ids: int) -> None:
    """Raise `BeingChecked` or `ContentRefused` while others may not read what belongs to these rows."""
    if not ctx.policy.content_safety:
        return
    mine = (ContentCheck.subject == subject, ContentCheck.row_id.in_(row_ids), ContentCheck.state.in_(UNSEEN))
    states = set(ctx.session.scalars(select(ContentCheck.state).where(*mine)))
    if states & set(WAITING):
        raise BeingChecked
    if states:
        raise ContentRefused


def unseen(subject: Subject, row_id: Any) -> ColumnElement[bool]:
    """Whether a row of `subject` (its id a column of the statement around) is to be kept from others."""
    return exists().where(
        ContentCheck.subject == subject, ContentCheck.row_id == row_id, ContentCheck.state.in_(UNSEEN)
    )
