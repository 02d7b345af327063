"""Words that stand in a row of their own: taken off it when they were written, written there once they have passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select, update

from domain.actors import Role
from domain.content import Subject
from models import (
    AuditRecord,
    Campaign,
    Claim,
    ContentCheck,
    DeskLease,
    LossCase,
    Order,
    OrderAddress,
    PickupPass,
    PickupStaff,
    Picture,
    Redemption,
    Resident,
    Session,
    Shift,
)
from models.base import Base
from services.content_safety import holding
from services.content_safety.holding import Words
from services.context import Ctx
from services.writing import changed


@dataclass(frozen=True)
class Kept:
    """Where the words of a subject stand; `told` is the act (subject, event) whose audit record says the first too."""

    table: type[Base]
    columns: tuple[str, ...]
    told: tuple[str, str] | None = None

    @property
    def key(self) -> Any:
        """The column by which a check names the row."""
        return inspect(self.table).primary_key[0]


KEPT = {
    Subject.NICKNAME: Kept(Resident, ("nickname",)),
    Subject.ORDER: Kept(Order, ("note", "recipient")),
    Subject.PLACE: Kept(OrderAddress, ("building", "room")),
    Subject.PASS: Kept(PickupPass, ("label",)),
    Subject.CANCELLATION: Kept(Campaign, ("cancel_reason",), ("campaign", "cancel")),
    Subject.CLAIM: Kept(Claim, ("words",)),
    Subject.ANSWER: Kept(Claim, ("answer_words",)),
    Subject.STAFF: Kept(PickupStaff, ("display_name",)),
    Subject.DEVICE: Kept(Session, ("device",)),
    Subject.LEASE: Kept(DeskLease, ("device",)),
    Subject.UNDO: Kept(Redemption, ("reason",)),
    Subject.SHIFT: Kept(Shift, ("difference_reason",), ("shift", "close")),
    Subject.LOSS: Kept(LossCase, ("remark",), ("loss_case", "close")),
    Subject.REASON: Kept(AuditRecord, ("reason",)),
    Subject.ALT: Kept(Picture, ("alt",)),
}
"""What is seen without these words meanwhile; all other subjects hold up what they belong to."""


@dataclass(frozen=True)
class OwnWords:
    """Words of one's own that others do not see, {} once they were refused, and where their check stands."""

    words: Mapping[str, str]
    state: str


SEEN = OwnWords({}, "")
"""Nothing is kept back."""


def keep_back(ctx: Ctx, subject: Subject, row: Base, instead: Words | None = None, *, author: int | None = None
              ) -> None:  # fmt: skip
    """Take the actor's words off a row that was written just now, until they have passed; the caller holds the row.

    `instead` stands there meanwhile, "" where it says nothing. `author` is their resident where it is not the actor's.
    Operators and machines need no check: their words take the place of what waited.
    """
    kept = KEPT[subject]
    ctx.session.flush()
    row_id = int(getattr(row, kept.key.key))
    author = ctx.actor.resident_id if author is None else author
    if author is None or ctx.actor.role is Role.OPERATOR:
        holding.drop(ctx, subject, row_id)
        return
    words = {column: str(getattr(row, column)) for column in kept.columns}
    if not holding.hold(ctx, subject, row_id, author, words):
        return
    for column in kept.columns:
        setattr(row, column, (instead or {}).get(column, ""))
    _tell(ctx, kept, row_id, words[kept.columns[0]], "")
    ctx.session.flush()


def keep_reason_back(ctx: Ctx, subject: str, row_id: int, event: str) -> None:
    """Take the reason off the audit record of what the actor did just now to a row; operators give theirs freely."""
    if not ctx.policy.content_safety or ctx.actor.role is Role.OPERATOR:
        return
    ctx.session.flush()
    mine = (AuditRecord.subject == subject, AuditRecord.subject_id == row_id, AuditRecord.event == event,
            AuditRecord.actor == ctx.actor.label)  # fmt: skip
    newest = select(AuditRecord).where(*mine).order_by(AuditRecord.id.desc()).limit(1)
    keep_back(ctx, Subject.REASON, ctx.session.scalars(newest).one())


def lock(ctx: Ctx, subject: Subject, row_id: int) -> None:
    """Hold the row before what waits for it, as its author does who takes other words."""
    if kept := KEPT.get(subject):
        ctx.session.execute(select(kept.key).where(kept.key == row_id).with_for_update(key_share=True))


def write(ctx: Ctx, subject: Subject, row_id: int, words: Words) -> None:
    """Write words that have passed where everybody may read them."""
    kept = KEPT.get(subject)
    if kept is None:
        return
    revised = {"revision": Campaign.revision + 1} if kept.table is Campaign else {}
    changed(ctx.session, update(kept.table).where(kept.key == row_id).values(**words, **revised))
    _tell(ctx, kept, row_id, "", words[kept.columns[0]])


def own(ctx: Ctx, subject: Subject, row_ids: Iterable[int]) -> dict[int, OwnWords]:
    """The acting person's own words that others do not see, by row: one statement, none with the check off."""
    return {row_id: words for (_, row_id), words in _own(ctx, (subject,), list(row_ids)).items()}


def own_of(ctx: Ctx, subjects: Sequence[Subject], row_id: int) -> list[OwnWords]:
    """As `own`, of one row and all `subjects` that belong to it."""
    return list(_own(ctx, subjects, [row_id]).values())


def _own(ctx: Ctx, subjects: Sequence[Subject], row_ids: Sequence[int]) -> dict[tuple[str, int], OwnWords]:
    if not ctx.policy.content_safety or ctx.actor.resident_id is None or not row_ids:
        return {}
    mine = (ContentCheck.subject.in_(subjects), ContentCheck.row_id.in_(row_ids))
    statement = select(ContentCheck).where(*mine, ContentCheck.resident_id == ctx.actor.resident_id)
    checks = ctx.session.scalars(statement.order_by(ContentCheck.id))
    newest = {(check.subject, check.row_id): check for check in checks}
    return {
        key: OwnWords(holding.words_of(ctx, check), check.state)
        for key, check in newest.items()
        if check.state in holding.UNSEEN
    }


def _tell(ctx: Ctx, kept: Kept, row_id: int, before: str, after: str) -> None:
    """The audit record of the same act says what the row says."""
    if kept.told is None:
        return
    subject, event = kept.told
    mine = (AuditRecord.subject == subject, AuditRecord.subject_id == row_id, AuditRecord.event == event)
    same = update(AuditRecord).where(*mine, AuditRecord.reason == before[:255])
    changed(ctx.session, same.values(reason=after[:255]))
