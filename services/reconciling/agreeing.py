"""What no single row shows: what we booked and no bill has, and where the two bills disagree with each other.

A day is judged once its own bills and the next day's are there, so that what stands across midnight is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case as when
from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import aliased

from domain.clock import business_date
from domain.money import yuan
from domain.reconciling import NOTES, Difference, Resolution, day_bounds
from models import BillCase, BillDay, BillRow, Payment, Payout, Refund, SuspenseCase
from services.context import Ctx
from services.reconciling.cases import Case

COMPLETE = ("imported", "empty")
_NO_EXCUSE = (*NOTES, Difference.DUPLICATE, Difference.FEE, Difference.MISSING_THERE)


def is_complete(ctx: Ctx, kind: str, day: date) -> bool:
    """Whether this bill of the day and of the next day is there."""
    days = (day, day + timedelta(days=1))
    there = select(func.count()).where(BillDay.kind == kind, BillDay.day.in_(days), BillDay.status.in_(COMPLETE))
    return ctx.session.scalar(there) == len(days)


def missing_there(ctx: Ctx, day: date) -> list[Case] | None:
    """What we booked for the day and no trade bill shows, but for what another case explains; None while too early."""
    if not is_complete(ctx, "trade", day):
        return None
    return _missing(ctx, _payments(day), _refunds(day), _unknown(day))


def _missing(ctx: Ctx, *parts: Any) -> list[Case]:
    return _not_shown(row for part in parts for row in ctx.session.execute(part))


def _payouts_missing(ctx: Ctx, day: date) -> list[Case]:
    """Payouts that the account does not show, once every day is read on which they may have left it or come back."""
    rows = [row for part in (_payouts(day), _payouts_back(day)) for row in ctx.session.execute(part)]
    there = select(BillDay.day).where(BillDay.kind == "fund_flow", BillDay.status.in_(COMPLETE), BillDay.day <= day)
    read = set(ctx.session.scalars(there)) if rows else set()
    return _not_shown((number, fen) for number, fen, asked_at in rows if _days(business_date(asked_at), day) <= read)


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def _not_shown(rows: Iterable[Any]) -> list[Case]:
    words = "当天和次日的账单都没有这一笔"
    return [Case(Difference.MISSING_THERE, number, f"{words}：{yuan(fen)}", fen, 0) for number, fen in rows]


def _payments(day: date) -> Any:
    first, end = day_bounds(day)
    return select(Payment.public_id, Payment.settled_fen).where(
        Payment.state == "succeeded", Payment.method == "wechat", Payment.succeeded_at >= first,
        Payment.succeeded_at < end, ~_stands("payment", Payment.public_id), ~_explained(Payment.public_id),
    )  # fmt: skip


def _refunds(day: date) -> Any:
    first, end = day_bounds(day)
    return select(Refund.public_id, Refund.settled_fen).where(
        Refund.state == "succeeded", Refund.channel == "gateway", Refund.succeeded_at >= first,
        Refund.succeeded_at < end, ~_stands("refund", Refund.public_id), ~_explained(Refund.public_id),
    )  # fmt: skip


def _unknown(day: date) -> Any:
    """Money under unknown numbers; it was told on the day of its case or the day before."""
    first, end = day_bounds(day)
    return select(SuspenseCase.out_trade_no, SuspenseCase.settled_fen).where(
        SuspenseCase.payment_id.is_(None), SuspenseCase.created_at >= first, SuspenseCase.created_at < end,
        ~select(BillRow.id).where(
            BillRow.kind == "payment", BillRow.gateway_number == SuspenseCase.transaction_id, ~BillRow.withdrawn
        ).exists(),
        ~_explained(SuspenseCase.out_trade_no),
    )  # fmt: skip


def _payouts(day: date) -> Any:
    first, end = day_bounds(day)
    return select(Payout.out_bill_no, Payout.amount_fen, Payout.created_at).where(
        Payout.state == "succeeded", Payout.finished_at >= first, Payout.finished_at < end,
        ~_stands("transfer", Payout.out_bill_no), ~_explained(Payout.out_bill_no),
    )  # fmt: skip


def _payouts_back(day: date) -> Any:
    """Payouts that failed, left the account by its bill, and did not come back to it."""
    first, end = day_bounds(day)
    return select(Payout.out_bill_no, Payout.amount_fen, Payout.created_at).where(
        Payout.state == "failed", Payout.finished_at >= first, Payout.finished_at < end,
        _stands("transfer", Payout.out_bill_no), ~_stands("transfer_back", Payout.out_bill_no),
        ~_explained(Payout.out_bill_no),
    )  # fmt: skip


def _stands(kind: str, number: Any) -> Any:
    return select(BillRow.id).where(BillRow.kind == kind, BillRow.number == number, ~BillRow.withdrawn).exists()


def _explained(number: Any) -> Any:
    """Whether a case about this number already says what is wrong with it."""
    return (
        select(BillCase.id)
        .where(
            BillCase.subject == number, BillCase.difference.not_in(_NO_EXCUSE), BillCase.source != "flow",
            BillCase.resolution != Resolution.VANISHED,
        )
        .exists()
    )  # fmt: skip


def flow_differences(ctx: Ctx, day: date) -> list[Case] | None:
    """Payouts that the day's fund flow lacks, and numbers on which it and the trade bills disagree; None while early.

    What a case is about already is not told again, and beside a spoilt line nothing can be compared.
    """
    if not is_complete(ctx, "fund_flow", day):
        return None
    found = _payouts_missing(ctx, day)
    spoilt = select(BillCase.id).where(
        BillCase.day == day, BillCase.source == "fund_flow_file", BillCase.difference == Difference.FORMAT,
        BillCase.resolution != Resolution.VANISHED,
    )  # fmt: skip
    if not is_complete(ctx, "trade", day) or ctx.session.scalars(spoilt.limit(1)).first() is not None:
        return found
    cased = select(BillCase.id).where(
        BillCase.subject == BillRow.number, BillCase.source != "flow", BillCase.difference.not_in(NOTES),
        BillCase.difference != Difference.DUPLICATE, BillCase.resolution != Resolution.VANISHED,
    )  # fmt: skip
    return [*found, *_moved(ctx, day, cased.exists()), *_unmoved(ctx, day, cased.exists())]


def _moved(ctx: Ctx, day: date, cased: Any) -> Iterator[Case]:
    """What the account moved for a number, against what the trade bill says of it."""
    trade = aliased(BillRow)
    kind = when((BillRow.kind.in_(("flow_payment", "flow_fee")), "payment"), else_="refund")
    money = when((BillRow.kind.in_(("flow_payment", "flow_refund")), BillRow.amount_fen), else_=0)
    fee = when((BillRow.kind == "flow_fee", BillRow.amount_fen), (BillRow.kind == "flow_fee_back", -BillRow.amount_fen),
               else_=0)  # fmt: skip
    flows = (
        select(BillRow.number, kind.label("kind"), func.sum(money).label("money"), func.sum(fee).label("fee"))
        .where(BillRow.day == day, BillRow.kind.like("flow_%"), ~BillRow.withdrawn, ~cased)
        .group_by(BillRow.number, kind)
        .subquery()
    )
    one = aliased(BillRow)
    first = select(func.min(one.id)).where(one.number == flows.c.number, one.kind == flows.c.kind, ~one.withdrawn)
    statement = select(flows, trade.amount_fen, trade.fee_fen).outerjoin(trade, trade.id == first.scalar_subquery())
    differs = or_(trade.id.is_(None), trade.amount_fen != flows.c.money, trade.fee_fen != flows.c.fee)
    for number, of, money_sum, fee_sum, said, said_fee in ctx.session.execute(statement.where(differs)):
        moved, moved_fee = int(money_sum), int(fee_sum)
        if said is None:
            words = f"资金账单动了 {yuan(moved)}，交易账单里没有"
            yield Case(Difference.MISSING_HERE, number, words, 0, moved)
        elif said != moved:
            difference = Difference.AMOUNT if of == "payment" else Difference.REFUND_MISMATCH
            words = f"交易账单 {yuan(said)}，资金账单 {yuan(moved)}"
            yield Case(difference, number, words, said, moved)
        else:
            words = f"手续费：交易账单 {yuan(said_fee)}，资金账单 {yuan(moved_fee)}"
            yield Case(Difference.FEE, number, words, said_fee, moved_fee)


def _unmoved(ctx: Ctx, day: date, cased: Any) -> Iterator[Case]:
    """What the trade bill says and the account did not move."""
    flow = aliased(BillRow)
    moved = select(flow.id).where(
        flow.number == BillRow.number, flow.kind == literal("flow_").concat(BillRow.kind), ~flow.withdrawn
    )  # fmt: skip
    statement = select(BillRow.number, BillRow.amount_fen, BillRow.id).where(
        BillRow.day == day, BillRow.kind.in_(("payment", "refund")), BillRow.matched, ~BillRow.withdrawn,
        BillRow.amount_fen > 0, ~moved.exists(), ~cased,
    )  # fmt: skip
    for number, fen, row_id in ctx.session.execute(statement):
        words = f"交易账单 {yuan(fen)}，资金账单没有动"
        yield Case(Difference.MISSING_THERE, number, words, fen, 0, row_id)
