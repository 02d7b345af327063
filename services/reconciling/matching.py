"""Matching a day: each row meets its counterpart and is booked, or becomes a case; again, it changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import aliased

from domain.reconciling import (
    BESIDE_THE_MONEY,
    Difference,
    Found,
    payment_differences,
    refund_differences,
    transfer_differences,
)
from models import BillBooking, BillCase, BillDay, BillRow
from services.context import Ctx
from services.reconciling import agreeing, booking, cases, sides
from services.reconciling.booking import Target
from services.reconciling.cases import Case
from services.reconciling.importing import hold_day
from services.reconciling.sides import Known, Standing
from services.writing import ROWS_PER_STATEMENT, changed

Judged = tuple[str, list[Found]]


def to_match(ctx: Ctx, *came: date) -> list[date]:
    """Days with a bill that wait to be matched, and those beside the days of which a bill `came`, oldest first.

    A day also waits when the gateway has told us since what its bill had told before.
    """
    beside = [day + timedelta(days=apart) for day in came for apart in (-1, 0, 1)]
    due = or_(BillDay.matched_at.is_(None), BillDay.day.in_(beside), BillDay.day.in_(sides.told_since()))
    statement = select(BillDay.day).where(BillDay.status.in_(agreeing.COMPLETE), due)
    return sorted(set(ctx.session.scalars(statement)))


def match(ctx: Ctx, day: date) -> int:
    """Match one day: book what agrees, keep what differs as cases; returns how many entries and cases are new."""
    held = [hold_day(ctx, "fund_flow", day), hold_day(ctx, "trade", day)]
    rows = sides.rows_of(ctx, day)
    ours = sides.known(ctx, day)
    judged = [(row, *_judge(ctx, row, ours)) for row in rows if row.kind in JUDGES]
    entries = _book(ctx, day, [(row, found) for row, _, found in judged if not _blocks(found)])
    found = [
        Case(one.difference, subject, one.detail, one.ours_fen, one.theirs_fen, row.id)
        for row, subject, some in judged
        for one in some
    ]
    entries += _take_back(ctx, day)
    opened = cases.sync(ctx, day, "trade", found)
    cases.end_arrived(ctx, day)
    _look_again(ctx, day)
    for source, differ in (("missing", agreeing.missing_there), ("flow", agreeing.flow_differences)):
        if (differences := differ(ctx, day)) is not None:
            opened += cases.sync(ctx, day, source, differences)
    cases.quiet(ctx, day)
    for row in held:
        row.matched_at = ctx.now
    return entries + opened


def _blocks(found: Sequence[Found]) -> bool:
    return any(one.difference not in BESIDE_THE_MONEY for one in found)


def _judge(ctx: Ctx, row: Standing, ours: Known) -> Judged:
    """What a case about the row is called, and how the row differs."""
    if row.repeats:
        detail = f"账单里网关单号 {row.says.gateway_number} 出现不止一次"
        return row.subject, [Found(Difference.DUPLICATE, detail, 0, row.says.amount_fen)]
    return JUDGES[row.kind](ctx, row, ours)


def _payment(ctx: Ctx, row: Standing, ours: Known) -> Judged:
    known = ours.payments.get(row.says.number)
    return row.subject, payment_differences(row.says, known, ctx.policy.gateway_fee_bps, ctx.policy.bill_late_days)


def _refund(ctx: Ctx, row: Standing, ours: Known) -> Judged:
    known = ours.refunds.get(row.says.number)
    if known is None and row.says.is_ours:
        left = ours.unbilled.get(row.says.payment_number, [])
        for number, unbilled in left:
            if unbilled.settled_fen == row.says.amount_fen:
                left.remove((number, unbilled))  # the next stranger is another's
                detail = f"账单把它记在 {row.says.number} 名下，那不是我方的单号"
                fen = unbilled.settled_fen
                return number, [Found(Difference.REFUND_MISMATCH, detail, fen, row.says.amount_fen)]
    return row.subject, refund_differences(row.says, known, ctx.policy.gateway_fee_bps, ctx.policy.bill_late_days)


def _transfer(ctx: Ctx, row: Standing, ours: Known) -> Judged:
    known = ours.payouts.get(row.says.number)
    return row.subject, transfer_differences(row.says, known, back=row.kind == "transfer_back")


def _funds(ctx: Ctx, row: Standing, ours: Known) -> Judged:
    return row.says.gateway_number, []


def _other(ctx: Ctx, row: Standing, ours: Known) -> Judged:
    found = Found(Difference.MISSING_HERE, "没见过的资金变动类别", 0, row.says.amount_fen)
    return row.says.gateway_number, [found]


JUDGES: dict[str, Callable[[Ctx, Standing, Known], Judged]] = {
    "payment": _payment, "refund": _refund, "transfer": _transfer, "transfer_back": _transfer,
    "top_up": _funds, "withdrawal": _funds, "other_in": _other, "other_out": _other,
}  # fmt: skip


def _book(ctx: Ctx, day: date, agreed: list[tuple[Standing, list[Found]]]) -> int:
    fresh = [(row, found) for row, found in agreed if not row.matched]
    if not fresh:
        return 0
    named = select(BillRow.number).where(BillRow.day == day)
    before = booking.booked(ctx, BillBooking.number.in_(named))
    made = booking.book(ctx, [target for row, found in fresh for target in targets(row, found, before)], before)
    ids = [row.id for row, _ in fresh]
    for start in range(0, len(ids), ROWS_PER_STATEMENT):
        chunk = ids[start : start + ROWS_PER_STATEMENT]
        changed(ctx.session, update(BillRow).where(BillRow.id.in_(chunk)).values(matched=True))
    return made


def _take_back(ctx: Ctx, day: date) -> int:
    """Take back what only a row told that a corrected file no longer shows, and that nothing of ours stands against."""
    dropped = (BillRow.day == day, BillRow.withdrawn, BillRow.kind.not_like("flow_%"))
    if ctx.session.scalars(select(BillRow.id).where(*dropped).limit(1)).first() is None:
        return 0
    row = aliased(BillRow)
    names = or_(row.number == BillBooking.number, row.gateway_number == BillBooking.number)
    shown = select(row.id).where(names, ~row.withdrawn, row.kind.not_like("flow_%"))
    numbers = select(BillRow.number).where(*dropped).union(select(BillRow.gateway_number).where(*dropped))
    cleared = (
        select(BillBooking.number)
        .where(BillBooking.number.in_(numbers), ~shown.exists())
        .group_by(BillBooking.number)
        .having(func.sum(BillBooking.clearing_fen) == 0)
    )
    before = booking.booked(ctx, BillBooking.number.in_(cleared))
    return booking.book(ctx, [Target(kind, number, 0) for kind, number in before], before)


def _look_again(ctx: Ctx, day: date) -> None:
    """Have the days matched again that missed a transfer which now stands in the bill of `day`."""
    here = select(BillRow.number).where(
        BillRow.day == day, BillRow.kind.in_(("transfer", "transfer_back")), ~BillRow.withdrawn
    )  # fmt: skip
    missed = select(BillCase.day).where(
        BillCase.state == "open", BillCase.source == "flow", BillCase.difference == Difference.MISSING_THERE,
        BillCase.day != day, BillCase.subject.in_(here),
    )  # fmt: skip
    changed(ctx.session, update(BillDay).where(BillDay.day.in_(missed)).values(matched_at=None))


def targets(row: Standing, found: Sequence[Found], before: booking.Booked) -> Iterator[Target]:
    """What is to stand booked of a row that agrees; a fee that differs waits for its case."""
    number = row.says.number
    if row.kind in ("top_up", "withdrawal"):
        yield Target("funds", row.says.gateway_number, row.says.amount_fen * (1 if row.kind == "top_up" else -1))
        return
    yield Target(row.kind, number, row.says.amount_fen)
    if row.kind in ("payment", "refund") and not any(one.difference == Difference.FEE for one in found):
        yield Target("fee", number, row.says.fee_fen)
    if ("accepted", number) in before:  # a difference that people accepted, and that a corrected bill took away
        yield Target("accepted", number, 0)
