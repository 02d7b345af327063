"""What operators read of reconciling: the days, the cases, and what stands in gateway clearing, number by number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from domain.actors import Role
from domain.ledger import Account
from domain.reconciling import ALLOWED, Difference
from models import BillCase, BillDay, BillFile, BillRow, Operator, Posting
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import older, sliced
from services.reconciling import clearing


@dataclass(frozen=True)
class DayRow:
    """One bill of one day; `file` is the id to download it by, `balance_fen` the balance after it (fund flow only)."""

    day: date
    kind: str
    status: str
    file: str | None
    rows: int
    matched: int
    open_cases: int
    balance_fen: int | None
    asked_at: datetime


@dataclass(frozen=True)
class CaseRow:
    """A difference as its owner reads it; `may` are the resolutions its class allows."""

    id: str
    day: date
    difference: str
    subject: str
    state: str
    ours_fen: int
    theirs_fen: int
    detail: str
    owner: str | None
    owner_name: str | None
    resolution: str
    resolved_words: str
    may: list[str]
    created_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True)
class OpenItem:
    """A sum that stands in gateway clearing: `kind` is payment, refund, payout, unknown or bill.

    `case` is the open case that explains it, None while its bill is still to come.
    """

    number: str
    kind: str
    amount_fen: int
    case: str | None


@dataclass(frozen=True)
class Standing:
    """The account `gateway_clearing` and all that is in it; `unexplained_fen` is 0."""

    account_fen: int
    items: list[OpenItem]

    @property
    def unexplained_fen(self) -> int:
        """The account less its items."""
        return self.account_fen - sum(item.amount_fen for item in self.items)


def days(ctx: Ctx, since: date, until: date) -> list[DayRow]:
    """Both bills of every day from `since` to `until` that was asked for, newest first: four statements."""
    ctx.require(Role.OPERATOR, Role.CLOCK, Role.SYSTEM)
    span = (BillDay.day >= since, BillDay.day <= until)
    statement = (
        select(BillDay, BillFile.public_id, BillFile.row_count)
        .outerjoin(BillFile, BillFile.id == BillDay.file_id)
        .where(*span)
        .order_by(BillDay.day.desc(), BillDay.kind.desc())
    )
    matched = _counts(ctx, select(BillRow.bill_file_id, func.count()).where(
        BillRow.day >= since, BillRow.day <= until, BillRow.matched, ~BillRow.withdrawn
    ).group_by(BillRow.bill_file_id))  # fmt: skip
    waiting = _counts(ctx, select(BillCase.day, func.count()).where(
        BillCase.day >= since, BillCase.day <= until, BillCase.state == "open"
    ).group_by(BillCase.day))  # fmt: skip
    return [
        DayRow(row.day, row.kind, row.status, file, rows or 0, matched.get(row.file_id, 0), waiting.get(row.day, 0),
               row.balance_fen, row.asked_at)
        for row, file, rows in ctx.session.execute(statement)
    ]  # fmt: skip


def _counts(ctx: Ctx, statement: Any) -> dict[Any, int]:
    return {key: int(count) for key, count in ctx.session.execute(statement)}


@dataclass(frozen=True)
class CaseFilter:
    """Which cases; None leaves a side open."""

    state: str | None = None
    difference: str | None = None
    day: date | None = None
    mine: bool = False


def cases(ctx: Ctx, page: Page, wanted: CaseFilter) -> Slice[CaseRow]:
    """Cases, newest first: one statement."""
    ctx.require(Role.OPERATOR)
    statement = _case_rows().where(older(BillCase.id, page))
    if wanted.state:
        statement = statement.where(BillCase.state == wanted.state)
    if wanted.difference:
        statement = statement.where(BillCase.difference == wanted.difference)
    if wanted.day:
        statement = statement.where(BillCase.day == wanted.day)
    if wanted.mine:
        statement = statement.where(BillCase.owner_id == ctx.actor.id)
    rows = ctx.session.execute(statement.order_by(BillCase.id.desc()).limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _case(*row))


def case_of(ctx: Ctx, row: BillCase) -> CaseRow:
    """One case as it is shown."""
    ctx.session.flush()
    return _case(*ctx.session.execute(_case_rows().where(BillCase.id == row.id)).one())


def _case_rows() -> Any:
    return select(BillCase, Operator.public_id, Operator.name).outerjoin(Operator, Operator.id == BillCase.owner_id)


def _case(row: BillCase, owner: str | None, owner_name: str | None) -> CaseRow:
    may = list(ALLOWED[Difference(row.difference)]) if row.state == "open" else []
    return CaseRow(
        row.public_id, row.day, row.difference, row.subject, row.state, row.ours_fen, row.theirs_fen, row.detail,
        owner, owner_name, row.resolution, row.resolved_words, [str(one) for one in may], row.created_at,
        row.resolved_at,
    )  # fmt: skip


def open_in_clearing(ctx: Ctx) -> Standing:
    """What stands in gateway clearing, item by item: not billed yet, or an open case. Three statements."""
    ctx.require(Role.OPERATOR, Role.CLOCK, Role.SYSTEM)
    ctx.session.flush()
    account = select(func.coalesce(func.sum(Posting.amount_fen), 0)).where(Posting.account == Account.GATEWAY_CLEARING)
    left = ctx.session.execute(clearing.left_by_number()).all()
    waiting = select(BillCase.subject, BillCase.public_id).where(BillCase.state == "open").order_by(BillCase.id.desc())
    by_subject = {row.subject: row.public_id for row in ctx.session.execute(waiting)}
    items = [OpenItem(number, kind or "bill", int(fen), by_subject.get(number)) for number, kind, fen in left]
    return Standing(int(ctx.session.scalar(account) or 0), items)
