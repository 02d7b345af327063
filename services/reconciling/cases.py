"""Cases: one per day, difference and subject, however often it is found; ended when its cause is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from domain.actors import Role
from domain.errors import WrongState
from domain.ids import new_id
from domain.reconciling import NOTES, Difference, Resolution
from models import BillCase, BillRow, Operator
from services import audit, transitions
from services.context import Ctx
from services.finding import by_public_id
from services.operators import NO_PASSWORD
from services.writing import changed, insert_all

Key = tuple[str, str]
GONE = "更正后的账单或网关后来的答复消除了差异"


@dataclass(frozen=True)
class Case:
    """A difference to be kept as a case; sums in fen."""

    difference: Difference
    subject: str
    detail: str
    ours_fen: int = 0
    theirs_fen: int = 0
    row_id: int | None = None

    @property
    def key(self) -> Key:
        """What makes it one case within its day."""
        return self.difference, self.subject


def sync(ctx: Ctx, day: date, source: str, found: Sequence[Case], *, judged: bool = True) -> int:
    """Make the open cases of a day and source those `found`: new ones are opened, those whose cause is gone resolved.

    One that people resolved stays so while its sums do; one that had vanished and is back is opened again, whoever
    found it before. When nothing else was `judged`, nothing else ends. Returns how many are new.
    """
    wanted = {case.key: case for case in found}
    statement = select(BillCase).where(BillCase.day == day)
    known = {(row.difference, row.subject): row for row in ctx.session.scalars(statement)}
    opened = _open(ctx, day, source, [case for key, case in wanted.items() if key not in known])
    again = 0
    for key, row in known.items():
        if key in wanted:
            again += _seen_again(ctx, row, source, wanted[key])
        elif judged and row.state == "open" and row.source == source:
            transitions.try_move(ctx, row, "resolve", reason=GONE, **_ended(ctx, Resolution.VANISHED, GONE))
    _alert(ctx, day, again)
    return opened


def _open(ctx: Ctx, day: date, source: str, new: Sequence[Case]) -> int:
    rows = [_row(ctx, day, source, case) for case in new]
    ids = insert_all(ctx.session, BillCase, rows, BillCase.id, BillCase.state)
    for state in ("open", "resolved"):
        audit.record_all(ctx, "bill_case", [row.id for row in ids if row.state == state], "find", states=("", state))
    _alert(ctx, day, sum(row.state == "open" for row in ids))
    return len(ids)


def _alert(ctx: Ctx, day: date, waiting: int) -> None:
    if waiting:
        audit.alert(ctx, "bill_difference", f"bill:{day}", f"{day} 的账单有 {waiting} 处差异等处理。")


def _row(ctx: Ctx, day: date, source: str, case: Case) -> dict[str, Any]:
    noted = case.difference in NOTES
    return {
        "public_id": new_id("BillCase", ctx.now), "state": "resolved" if noted else "open", "day": day,
        "difference": case.difference, "subject": case.subject[:80], "source": source, "bill_row_id": case.row_id,
        "ours_fen": case.ours_fen, "theirs_fen": case.theirs_fen, "detail": case.detail[:255], "created_at": ctx.now,
        "resolution": Resolution.NOTED if noted else "", "resolved_words": case.detail[:255] if noted else "",
        "resolved_at": ctx.now if noted else None, "owner_id": None,
    }  # fmt: skip


def _seen_again(ctx: Ctx, row: BillCase, source: str, case: Case) -> bool:
    """Keep an open case up to date; True when one that had ended is opened again."""
    values = {"detail": case.detail[:255], "ours_fen": case.ours_fen, "theirs_fen": case.theirs_fen,
              "bill_row_id": case.row_id, "source": source}  # fmt: skip
    changes = {name for name, value in values.items() if getattr(row, name) != value}
    if row.state == "open":
        if changes:
            still = update(BillCase).where(BillCase.id == row.id, BillCase.state == "open")
            changed(ctx.session, still.values(**values))
        return False
    settled = row.resolution != Resolution.VANISHED and changes.isdisjoint(("ours_fen", "theirs_fen"))
    if settled or row.resolution == Resolution.NOTED:
        return False
    again = {"resolution": "", "resolved_words": "", "resolved_at": None, **values}
    return transitions.try_move(ctx, row, "reopen", reason="差异又出现了", **again)


def end_arrived(ctx: Ctx, day: date) -> None:
    """End the cases of other days that missed what now stands in the bill of `day`."""
    in_it = select(BillRow.number).where(BillRow.day == day, ~BillRow.withdrawn, BillRow.kind.not_like("flow_%"))
    statement = select(BillCase).where(
        BillCase.state == "open", BillCase.difference == Difference.MISSING_THERE, BillCase.source == "missing",
        BillCase.subject.in_(in_it),
    )  # fmt: skip
    for row in ctx.session.scalars(statement.order_by(BillCase.id)):
        words = f"迟到的账单行：已出现在 {day} 的账单里"
        transitions.try_move(ctx, row, "resolve", reason=words, **_ended(ctx, Resolution.VANISHED, words))
        quiet(ctx, row.day)


def _ended(ctx: Ctx, resolution: Resolution, words: str) -> dict[str, Any]:
    return {"resolution": resolution, "resolved_words": words[:255], "resolved_at": ctx.now}


def end(ctx: Ctx, row: BillCase, resolution: Resolution, words: str) -> None:
    """A person ends an open case; raises `WrongState` when it was ended before."""
    transitions.move(ctx, row, "resolve", reason=words, **_ended(ctx, resolution, words))
    quiet(ctx, row.day)


def quiet(ctx: Ctx, day: date) -> None:
    """Take the alert of a day back when none of its cases is open any more."""
    waiting = select(BillCase.id).where(BillCase.day == day, BillCase.state == "open")
    ctx.session.flush()
    if ctx.session.scalars(waiting.limit(1)).first() is None:
        audit.clear(ctx, f"bill:{day}")


def take(ctx: Ctx, public_id: str) -> BillCase:
    """The acting operator makes an open case their task; raises `NotFound`, or `WrongState` when another has it."""
    ctx.require(Role.OPERATOR)
    row = by_public_id(ctx, BillCase, public_id)
    mine = or_(BillCase.owner_id.is_(None), BillCase.owner_id == ctx.actor.id)
    return _give(ctx, row, ctx.actor.id, "take", mine)


def assign(ctx: Ctx, public_id: str, operator: str) -> BillCase:
    """Give an open case to an operator by public id, whoever had it.

    Raises `NotFound`, also for a colleague who was dismissed, or `WrongState`.
    """
    ctx.require(Role.OPERATOR)
    row = by_public_id(ctx, BillCase, public_id)
    owner = by_public_id(ctx, Operator, operator, Operator.password_hash != NO_PASSWORD)
    return _give(ctx, row, owner.id, "assign")


def _give(ctx: Ctx, row: BillCase, owner_id: int, event: str, *where: Any) -> BillCase:
    given = update(BillCase).where(BillCase.id == row.id, BillCase.state == "open", *where)
    if not changed(ctx.session, given.values(owner_id=owner_id)):
        raise WrongState(state=row.state if row.state != "open" else "taken", event=event)
    ctx.session.refresh(row)
    audit.record(ctx, "bill_case", row.id, event, reason=f"交给{ctx.session.get_one(Operator, owner_id).name}")
    return row
