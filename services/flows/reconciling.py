"""Reconciling: fetch a day's bills, keep their bytes, import, match; asking the gateway again about a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from domain.actors import CLOCK, GATEWAY, Actor
from domain.clock import business_date
from domain.errors import GatewayDown, Invalid, NotFound
from domain.reconciling import Resolution, due_at
from models import BillCase, BillDay, BillFile, Payment, Payout
from services import audit, payout_results, refund_results
from services.context import Ctx, Unit
from services.finding import by_public_id
from services.flows import paying
from services.ports import FundFlowBill, Outside, OutsideError, Refused, TradeBill
from services.reconciling import importing, matching, resolving
from services.reconciling.importing import Kind, Taken
from services.reconciling.lines import Line, flow_lines, trade_lines

KINDS: tuple[Kind, ...] = ("trade", "fund_flow")
ASK_AGAIN = {"waiting": timedelta(minutes=10), "refused": timedelta(hours=1)}
EARLIER = 7  # the account moves before the first payment: it is opened and topped up


@dataclass(frozen=True)
class Reconciled:
    """How the bills of a day stand after a run, and how many files, entries and cases the run added."""

    day: date
    statuses: dict[str, str]
    added: int


def reconcile(unit: Unit, outside: Outside, day: date) -> Reconciled:
    """Fetch, import and match one day; safe to repeat, and beside others who do the same.

    Raises `Invalid` for a day that is not over or whose bill is kept no more, and `GatewayDown` when the gateway
    gives no bill and was not merely still writing it.
    """
    with unit.reading(CLOCK) as ctx:
        if day >= business_date(ctx.now):
            raise Invalid("A bill is written when its day is over.", field="date")
        if day < _oldest(ctx):
            raise Invalid("The gateway keeps its bills for three months.", field="date")
    taken = {kind: _fetch(unit, outside, kind, day) for kind in KINDS}
    return Reconciled(
        day,
        {kind: one.status for kind, one in taken.items()},
        sum(one.fresh and one.status != "empty" for one in taken.values()) + match_waiting(unit, day),
    )


def _oldest(ctx: Ctx) -> date:
    """The first day of which the gateway still has the bills: it keeps them for three months."""
    return business_date(ctx.now) - timedelta(days=ctx.policy.bill_kept_days)


def match_waiting(unit: Unit, *came: date) -> int:
    """Match every day that waits for it, one transaction each; returns how many entries and cases are new."""
    with unit.reading(CLOCK) as ctx:
        days = matching.to_match(ctx, *came)
    added = 0
    for day in days:
        with unit(CLOCK) as ctx:
            added += matching.match(ctx, day)
    return added


def _fetch(unit: Unit, outside: Outside, kind: Kind, day: date) -> Taken:
    try:
        bill = _bill(outside, kind, day)
    except OutsideError as trouble:
        with unit(CLOCK) as ctx:
            taken = importing.not_ready(ctx, kind, day)
        if trouble.code != "STATEMENT_CREATING":
            raise GatewayDown from trouble
        return taken
    if bill is None:
        with unit(CLOCK) as ctx:
            return importing.nothing(ctx, kind, day)
    outside.files.put(importing.file_key(bill.content_sha256), bill.content, "text/csv")
    lines = _lines(outside, bill)
    with unit(CLOCK) as ctx:
        return importing.take_in(ctx, kind, day, bill, lines)


def _bill(outside: Outside, kind: Kind, day: date) -> TradeBill | FundFlowBill | None:
    return outside.gateway.trade_bill(day) if kind == "trade" else outside.gateway.fund_flow_bill(day)


def _lines(outside: Outside, bill: TradeBill | FundFlowBill) -> Sequence[Line]:
    if isinstance(bill, TradeBill):
        return trade_lines(bill.rows, outside.gateway.identity())
    return flow_lines(bill.rows)


def reconcile_due(unit: Unit, outside: Outside) -> int:
    """The daily sweep: every day whose bills should be there and are not; returns what it added."""
    with unit.reading(CLOCK) as ctx:
        days = _due(ctx)
    added = 0
    for day in days:
        try:
            added += reconcile(unit, outside, day).added
        except GatewayDown:
            break  # silent for everybody: the next sweep asks again
    return added + match_waiting(unit)


def _due(ctx: Ctx) -> list[date]:
    """Days (oldest first) of which a bill is due and was not asked for just now; none long before the first payment."""
    first: datetime | None = ctx.session.scalar(select(func.min(Payment.created_at)))
    if first is None:
        return []
    oldest, begin = _oldest(ctx), business_date(first) - timedelta(days=EARLIER)
    days = [oldest + timedelta(days=on) for on in range(ctx.policy.bill_kept_days)]
    days = [day for day in days if day >= begin and ctx.now >= due_at(day, ctx.policy.bill_hour)]
    known = {(row.kind, row.day): row for row in ctx.session.scalars(select(BillDay).where(BillDay.day.in_(days)))}
    return [day for day in days if any(_asks(ctx, known.get((kind, day))) for kind in KINDS)]


def _asks(ctx: Ctx, row: BillDay | None) -> bool:
    return row is None or (row.status in ASK_AGAIN and ctx.now - row.asked_at >= ASK_AGAIN[row.status])


def ask(unit: Unit, outside: Outside, actor: Actor, case: str) -> str:
    """Ask the gateway again about a case and book its answer; returns the case's state afterwards.

    The bill of its day is fetched anew while the gateway keeps it; a payment, refund or payout is asked about by its
    number. Raises `NotFound`, `WrongState`, `Invalid`, or `GatewayDown` when the gateway gave no answer.
    """
    with unit(actor) as ctx:
        row = resolving.allowed(ctx, case, Resolution.ASK)
        audit.record(ctx, "bill_case", row.id, "ask")
        day, subject, is_file = row.day, row.subject, row.source.endswith("_file")
        is_kept = day >= _oldest(ctx)
    try:
        if not is_file:
            _ask_by_number(unit, outside, subject)
    except OutsideError as trouble:
        raise GatewayDown from trouble
    if is_kept or is_file:
        reconcile(unit, outside, day)
    else:
        match_waiting(unit, day)
    with unit.reading(actor) as ctx:
        return by_public_id(ctx, BillCase, case).state


def _ask_by_number(unit: Unit, outside: Outside, number: str) -> None:
    """Book what the gateway says of a number, whatever it turns out to be."""
    if _is_payout(unit, number):
        _ask_transfer(unit, outside, number)
        return
    if paying.book_if_captured(unit, outside, number) is not None:
        return
    try:
        answer = outside.gateway.query_refund(number)
    except Refused:
        return
    with unit(GATEWAY) as ctx:
        refund_results.book(ctx, answer)


def _is_payout(unit: Unit, number: str) -> bool:
    with unit.reading(GATEWAY) as ctx:
        return ctx.session.scalar(select(Payout.id).where(Payout.out_bill_no == number)) is not None


def _ask_transfer(unit: Unit, outside: Outside, number: str) -> None:
    try:
        answer = outside.gateway.query_transfer(number)
    except Refused:
        return
    with unit(GATEWAY) as ctx:
        payout_results.book(ctx, answer)


def file_of(unit: Unit, outside: Outside, actor: Actor, file: str) -> tuple[bytes, str]:
    """The bytes of a bill as it came, and its name; who took it is on record. Raises `NotFound`."""
    with unit(actor) as ctx:
        row = by_public_id(ctx, BillFile, file)
        audit.record(ctx, "bill_file", row.id, "download")
        key, name = importing.file_key(row.sha256), f"{row.kind}-{row.day}.csv"
    stored = outside.files.get(key)
    if stored is None:
        raise NotFound
    return stored[0], name
