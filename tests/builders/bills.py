"""The gateway's bills of our own books, as the gateway would write them, and every kind of error planted in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any, Literal

from sqlalchemy import select

from domain.clock import business_date
from domain.reconciling import Difference
from models import Payment, Payout, Refund, SuspenseCase
from services.context import Ctx
from services.ports import BillFault, BillRow, FundFlowBill, FundFlowRow, TradeBill
from tests.builders.pretend_gateway import PretendGateway

US = ("wx0123456789abcdef", "1900000001")


@dataclass
class Day:
    """One day's rows while a test works on them; `spoilt` rows stand in the file and cannot be read."""

    trade: list[BillRow] = field(default_factory=list)
    flows: list[FundFlowRow] = field(default_factory=list)
    spoilt: list[BillRow] = field(default_factory=list)
    hash_matches: bool = True
    adds_up: bool = True


@dataclass(frozen=True)
class Planted:
    """An error in a bill: what it must be found as, on which day, on what (the number; for a file its name)."""

    difference: Difference
    day: date
    subject: str


def half_up(fen: Decimal | float) -> int:
    """Whole fen, half up."""
    return int(Decimal(fen).quantize(Decimal(1), ROUND_HALF_UP))


def fee_fen(settled_fen: int) -> int:
    """0.60 % of what was settled."""
    return half_up(Decimal(settled_fen) * 60 / 10_000)


def write(ctx: Ctx, *days: date) -> dict[date, Day]:
    """The true bills of `days` by our own books: trades on the day of their success, refunds likewise."""
    bills = {day: Day() for day in days}
    for trade in [*_payments(ctx), *_refunds(ctx)]:
        if (day := business_date(trade.traded_at)) in bills:
            bills[day].trade.append(trade)
            bills[day].flows += _flows_of(trade)
    for flow in _transfers(ctx):
        if (day := business_date(flow.booked_at)) in bills:
            bills[day].flows.append(flow)
    return bills


def publish(gateway: PretendGateway, bills: dict[date, Day]) -> None:
    """Let the gateway give these bills."""
    for day, of in bills.items():
        gateway.trade_bills[day] = trade_bill(of)
        gateway.fund_flow_bills[day] = fund_flow_bill(of.flows)


def trade_bill(of: Day) -> TradeBill:
    """The port's value: the readable rows, a fault for each spoilt one, and a file that names the numbers of both."""
    shown = [*of.trade, *of.spoilt]
    content = "\n".join(["header", *(f"`{row.out_trade_no},`{row.out_refund_no},`{row.fee_fen},`{row.total_fen},"
                                     f"`{row.settlement_fen},`{row.refund_fen},`{row.mchid},`{row.trade_state}"
                                     for row in shown)]).encode()  # fmt: skip
    rows = tuple(replace(row, line=line) for line, row in enumerate(of.trade, 2))
    faults = tuple(BillFault(len(of.trade) + 2 + at, "手续费不是数") for at in range(len(of.spoilt)))
    sha = hashlib.sha256(content).hexdigest()
    return TradeBill(rows, faults, of.hash_matches, of.adds_up and not faults, sha, content)


def fund_flow_bill(flows: Iterable[FundFlowRow]) -> FundFlowBill:
    """The port's value, with the balance after each movement of this day."""
    rows, balance = [], 0
    for line, flow in enumerate(flows, 2):
        balance += flow.amount_fen if flow.direction == "in" else -flow.amount_fen
        rows.append(replace(flow, line=line, balance_fen=balance))
    content = repr(rows).encode()
    return FundFlowBill(tuple(rows), (), True, True, hashlib.sha256(content).hexdigest(), content)


def payment_row(number: str, transaction_id: str, settled_fen: int, total_fen: int, at: datetime) -> BillRow:
    """A payment as the trade bill shows it."""
    return BillRow(2, at, *US, transaction_id, number, "SUCCESS", total_fen, settled_fen, total_fen - settled_fen,
                   "", "", 0, 0, "", fee_fen(settled_fen))  # fmt: skip


def movement(
    kind: str, direction: Literal["in", "out"], fen: int, voucher: str, at: datetime, business: str = ""
) -> FundFlowRow:
    """A movement of the account; its own number is made of what it is and whose."""
    return FundFlowRow(2, at, business or voucher, f"{kind}-{voucher}", kind, kind, direction, fen, 0, "API", "",
                       voucher)  # fmt: skip


def _payments(ctx: Ctx) -> Iterable[BillRow]:
    paid = select(Payment).where(Payment.state == "succeeded", Payment.method == "wechat").order_by(Payment.id)
    for row in ctx.session.scalars(paid):
        yield payment_row(
            row.public_id, row.transaction_id or "", row.settled_fen, row.received_fen, row.succeeded_at or ctx.now
        )
    for case in ctx.session.scalars(select(SuspenseCase).where(SuspenseCase.payment_id.is_(None))):
        yield payment_row(
            case.out_trade_no, case.transaction_id, case.settled_fen, case.received_fen, case.created_at
        )  # fmt: skip


def _refunds(ctx: Ctx) -> Iterable[BillRow]:
    statement = select(Refund, Payment).join(Payment, Payment.id == Refund.payment_id)
    done = statement.where(Refund.state == "succeeded", Refund.channel == "gateway")
    back: dict[int, int] = {}
    for refund, payment in ctx.session.execute(done.order_by(Refund.succeeded_at, Refund.id)):
        before = back.get(payment.id, 0)
        after = back[payment.id] = before + refund.settled_fen
        whole = fee_fen(payment.settled_fen)
        fee = half_up(Decimal(whole) * after / payment.settled_fen) - half_up(
            Decimal(whole) * before / payment.settled_fen
        )
        yield BillRow(
            2, refund.succeeded_at or ctx.now, *US, payment.transaction_id or "", payment.public_id, "REFUND", 0, 0, 0,
            f"50{refund.public_id[-26:]}", refund.public_id, refund.settled_fen, refund.amount_fen, "SUCCESS", -fee,
        )  # fmt: skip


def _flows_of(trade: BillRow) -> list[FundFlowRow]:
    at = trade.traded_at
    if trade.out_refund_no:
        made = [
            movement("退款", "out", trade.refund_fen, trade.out_refund_no, at, trade.refund_id),
            movement("交易手续费退回", "in", -trade.fee_fen, trade.out_refund_no, at, trade.refund_id),
        ]
    else:
        made = [
            movement("交易", "in", trade.settlement_fen, trade.out_trade_no, at, trade.transaction_id),
            movement("扣除交易手续费", "out", trade.fee_fen, trade.out_trade_no, at, trade.transaction_id),
        ]
    return [flow for flow in made if flow.amount_fen]


def _transfers(ctx: Ctx) -> Iterable[FundFlowRow]:
    for row in ctx.session.scalars(select(Payout).where(Payout.state.in_(("submitted", "succeeded", "failed")))):
        yield movement("商家转账", "out", row.amount_fen, row.out_bill_no, row.created_at)
        if row.state == "failed":
            yield movement("商家转账退回", "in", row.amount_fen, row.out_bill_no, row.finished_at or row.created_at)


def _number(row: BillRow) -> str:
    return row.out_refund_no or row.out_trade_no


class Planter:
    """Plants errors in the bills of several days, each on a row of its own, the same for the same seed."""

    def __init__(self, bills: dict[date, Day], seed: int = 0) -> None:
        self.bills = bills
        self._draw = Random(seed)
        self._touched: set[str] = set()
        self._made = 0

    def plant(self, difference: Difference, day: date) -> Planted:
        """Plant one error in the bill of `day`; raises ValueError when no row is left for it."""
        made: Planted = getattr(self, f"_{difference}")(day)
        return made

    def _take(self, day: date, fits: Callable[[BillRow], bool] = lambda row: True) -> BillRow:
        free = [row for row in self.bills[day].trade if _number(row) not in self._touched and fits(row)]
        if not free:
            raise ValueError(f"no row of {day} is left")
        row = self._draw.choice(free)
        self._touched.add(_number(row))
        return row

    def _swap(self, day: date, row: BillRow, *others: BillRow) -> None:
        rows = self.bills[day].trade
        at = rows.index(row)
        rows[at : at + 1] = others

    def _missing_there(self, day: date) -> Planted:
        row = self._take(day)
        self._swap(day, row)
        return Planted(Difference.MISSING_THERE, day, _number(row))

    def _missing_here(self, day: date) -> Planted:
        self._made += 1
        number, at = f"pay_{self._made:026d}", self.bills[day].trade[0].traded_at
        self.bills[day].trade.append(payment_row(number, f"4200{self._made:024d}", 1234, 1234, at))
        return Planted(Difference.MISSING_HERE, day, number)

    def _amount(self, day: date) -> Planted:
        row, more = self._take(day, lambda row: not row.out_refund_no), self._draw.randint(1, 500)
        changed: dict[str, Any] = {"total_fen": row.total_fen + more, "settlement_fen": row.settlement_fen + more}
        self._swap(day, row, replace(row, **changed))
        return Planted(Difference.AMOUNT, day, _number(row))

    def _status(self, day: date) -> Planted:
        row = self._take(day)
        changed: dict[str, Any] = {"refund_state": "PROCESSING"} if row.out_refund_no else {"trade_state": "REVOKED"}
        self._swap(day, row, replace(row, **changed))
        return Planted(Difference.STATUS, day, _number(row))

    def _duplicate(self, day: date) -> Planted:
        row = self._take(day)
        self._swap(day, row, row, row)
        return Planted(Difference.DUPLICATE, day, _number(row))

    def _refund_mismatch(self, day: date) -> Planted:
        row = self._take(day, lambda row: bool(row.out_refund_no))
        other = replace(row, out_refund_no=f"{row.out_refund_no[:-1]}{'1' if row.out_refund_no[-1] != '1' else '2'}")
        less = replace(row, refund_fen=row.refund_fen - 1, requested_refund_fen=row.requested_refund_fen - 1)
        self._swap(day, row, self._draw.choice([other, less]))
        return Planted(Difference.REFUND_MISMATCH, day, _number(row))

    def _fee(self, day: date) -> Planted:
        row = self._take(day)
        self._swap(day, row, replace(row, fee_fen=row.fee_fen + 1))
        return Planted(Difference.FEE, day, _number(row))

    def _across_midnight(self, day: date) -> Planted:
        return self._moved(Difference.ACROSS_MIDNIGHT, day, 1)

    def _late(self, day: date) -> Planted:
        return self._moved(Difference.LATE, day, 2)

    def _moved(self, difference: Difference, day: date, days: int) -> Planted:
        row, then = self._take(day), day + timedelta(days=days)
        self._swap(day, row)
        self.bills.setdefault(then, Day()).trade.append(row)
        return Planted(difference, then, _number(row))

    def _unknown_merchant(self, day: date) -> Planted:
        row = self._take(day)
        self._swap(day, row, replace(row, mchid="1800000009"))
        return Planted(Difference.UNKNOWN_MERCHANT, day, _number(row))

    def _format(self, day: date) -> Planted:
        row = self._take(day)
        self._swap(day, row)
        self.bills[day].spoilt.append(row)
        return Planted(Difference.FORMAT, day, _number(row))

    def _hash(self, day: date) -> Planted:
        if not self.bills[day].hash_matches:
            raise ValueError(f"the hash of {day} lies already")
        self.bills[day].hash_matches = False
        return Planted(Difference.HASH, day, "交易账单文件")
