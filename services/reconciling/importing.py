"""Taking a bill in: its file once, its rows once however often it is read, what cannot be believed as a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import and_, select, update

from domain.clock import local
from domain.ids import new_id
from domain.reconciling import Difference, due_at
from models import BillDay, BillFile, BillRow
from services.context import Ctx
from services.ports import FundFlowBill, TradeBill
from services.reconciling import cases
from services.reconciling.cases import Case
from services.reconciling.faults import KIND_WORDS, fault_cases
from services.reconciling.lines import KINDS, Line
from services.writing import changed, insert_ignoring, upsert

Kind = Literal["trade", "fund_flow"]
_KEY = ["kind", "day", "gateway_number", "occurrence"]
_SAID = ("number", "payment_number", "is_ours", "state", "amount_fen", "total_fen", "fee_fen")


@dataclass(frozen=True)
class Taken:
    """What became of a fetch: the day's status now, and whether this fetch changed anything."""

    status: str
    fresh: bool


def file_key(sha256: str) -> str:
    """Where a bill's bytes live behind the file port."""
    return f"bills/{sha256}"


def hold_day(ctx: Ctx, kind: Kind, day: date) -> BillDay:
    """The row of a day, made if need be; it and the days beside it are held until the transaction ends.

    Always in the order of days, so that two who work on neighbouring days wait for each other and never cross.
    """
    insert_ignoring(ctx.session, BillDay, ["kind", "day"], kind=kind, day=day, status="waiting", asked_at=ctx.now)
    return next(row for row in hold_beside(ctx, day) if (row.kind, row.day) == (kind, day))


def hold_beside(ctx: Ctx, day: date) -> Sequence[BillDay]:
    """The rows of a day and of the days beside it, as far as there are any, held until the transaction ends."""
    beside = [day + timedelta(days=apart) for apart in (-1, 0, 1)]
    statement = select(BillDay).where(BillDay.day.in_(beside)).order_by(BillDay.day, BillDay.kind).with_for_update()
    return ctx.session.scalars(statement.execution_options(populate_existing=True)).all()


def _to_be_matched(ctx: Ctx, day: date) -> None:
    """What came for a day may explain, or miss, something of the days beside it."""
    beside = [day + timedelta(days=apart) for apart in (-1, 0, 1)]
    changed(ctx.session, update(BillDay).where(BillDay.day.in_(beside)).values(matched_at=None))


def not_ready(ctx: Ctx, kind: Kind, day: date) -> Taken:
    """The gateway has not written it yet (or is silent); it is asked for again."""
    row = hold_day(ctx, kind, day)
    row.asked_at = ctx.now
    if row.waiting_since is None and ctx.now >= due_at(day, ctx.policy.bill_hour):
        row.waiting_since = ctx.now
    return Taken(row.status, fresh=False)


def nothing(ctx: Ctx, kind: Kind, day: date) -> Taken:
    """The gateway says that nothing moved that day."""
    row = hold_day(ctx, kind, day)
    row.asked_at = ctx.now
    fresh = row.status in ("waiting", "refused")
    if fresh:
        row.status = "empty"
        _to_be_matched(ctx, day)
        cases.sync(ctx, day, _source(kind), [])
    return Taken(row.status, fresh=fresh)


def take_in(ctx: Ctx, kind: Kind, day: date, bill: TradeBill | FundFlowBill, lines: Sequence[Line]) -> Taken:
    """Import a bill whose bytes are stored already; the same file again changes nothing.

    A file that is not what its hash was made of, or whose rows do not make its sums, becomes a case and goes no
    further. A corrected file replaces what the earlier one of the day said.
    """
    row = hold_day(ctx, kind, day)
    row.asked_at = ctx.now
    outcome = _outcome(bill)
    file, known = _file(ctx, kind, day, bill, outcome)
    found = [*_refusals(kind, outcome), *_late(ctx, row), *fault_cases(ctx, kind, bill)]
    cases.sync(ctx, day, _source(kind), found, judged=outcome == "imported" or row.status != "imported")
    if outcome == "imported" and row.status == "imported" and row.file_id == file.id:
        return Taken(row.status, fresh=False)
    if outcome != "imported":
        row.status = row.status if row.status == "imported" else "refused"
        return Taken(row.status, fresh=not known)
    _write(ctx, kind, day, file.id, lines)
    row.status, row.file_id = "imported", file.id
    row.balance_fen = lines[-1].balance_fen if lines else None
    _to_be_matched(ctx, day)
    return Taken(row.status, fresh=True)


def _outcome(bill: TradeBill | FundFlowBill) -> str:
    if not bill.hash_matches:
        return "hash"
    return "imported" if bill.adds_up or bill.faults else "totals"


def _file(ctx: Ctx, kind: Kind, day: date, bill: TradeBill | FundFlowBill, outcome: str) -> tuple[BillFile, bool]:
    """The file's row, and whether the same outcome of the same bytes had been seen before."""
    fresh = insert_ignoring(
        ctx.session, BillFile, ["kind", "day", "sha256"], public_id=new_id("BillFile", ctx.now), kind=kind, day=day,
        sha256=bill.content_sha256, outcome=outcome, row_count=len(bill.rows), fetched_at=ctx.now,
    )  # fmt: skip
    mine = select(BillFile).where(
        BillFile.kind == kind, BillFile.day == day, BillFile.sha256 == bill.content_sha256
    )  # fmt: skip
    file = ctx.session.scalars(mine).one()
    known = not fresh and file.outcome == outcome
    if file.outcome != "imported":
        file.outcome = outcome
    file.fetched_at = ctx.now
    return file, known


def _refusals(kind: Kind, outcome: str) -> list[Case]:
    if outcome == "hash":
        return [Case(Difference.HASH, f"{KIND_WORDS[kind]}账单文件", "文件与它的校验值不符，没有导入")]
    if outcome == "totals":
        return [Case(Difference.FORMAT, f"{KIND_WORDS[kind]}账单合计", "各行加起来不等于文件自己的合计，没有导入")]
    return []


def _late(ctx: Ctx, row: BillDay) -> list[Case]:
    """A note when the gateway itself kept us waiting for days."""
    late = due_at(row.day, ctx.policy.bill_hour) + timedelta(days=ctx.policy.bill_late_days)
    if row.waiting_since is None or row.waiting_since > late or ctx.now <= late:
        return []
    return [Case(Difference.LATE, f"{KIND_WORDS[row.kind]}账单", f"从 {local(row.waiting_since)} 起就在要，过几天才给")]


def _write(ctx: Ctx, kind: Kind, day: date, file_id: int, lines: Sequence[Line]) -> None:
    """Insert what is new, correct what changed, and withdraw what the file no longer shows."""
    rows = _rows(file_id, day, lines)
    if rows:
        statement = upsert(ctx.session, BillRow)
        new = statement.excluded
        same = and_(BillRow.matched, ~BillRow.withdrawn, *(getattr(BillRow, name) == new[name] for name in _SAID))
        told = {name: new[name] for name in (*_SAID, "bill_file_id", "traded_at")}
        values = {**told, "withdrawn": False, "matched": same}
        ctx.session.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=values), rows)
    gone = update(BillRow).where(
        BillRow.day == day, BillRow.kind.in_(KINDS[kind]), BillRow.bill_file_id != file_id, ~BillRow.withdrawn
    )  # fmt: skip
    changed(ctx.session, gone.values(withdrawn=True, matched=False))


def _rows(file_id: int, day: date, lines: Sequence[Line]) -> list[dict[str, Any]]:
    seen: dict[tuple[str, str], int] = {}
    rows = []
    for line in lines:
        cells = line.cells()
        key = line.kind, cells["gateway_number"]
        occurrence = seen[key] = seen.get(key, 0) + 1
        rows.append({**cells, "bill_file_id": file_id, "day": day, "occurrence": occurrence,
                     "withdrawn": False, "matched": False})  # fmt: skip
    return rows


def _source(kind: Kind) -> str:
    return f"{kind}_file"
