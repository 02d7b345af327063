"""What may differ between the gateway's bills and our books, how it is told, and what may end it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from domain.clock import SHANGHAI
from domain.money import yuan


class Difference(StrEnum):
    """The twelve classes of difference."""

    MISSING_HERE = "missing_here"
    """The bill shows what we do not know."""
    MISSING_THERE = "missing_there"
    """We booked what the bill does not show."""
    AMOUNT = "amount"
    """Both know it, with different sums."""
    STATUS = "status"
    """Both know it, in different states."""
    DUPLICATE = "duplicate"
    """The bill shows it more than once."""
    REFUND_MISMATCH = "refund_mismatch"
    """A refund of another sum, or of another payment, than ours."""
    FEE = "fee"
    """The fee is not what the rate makes of the sum."""
    ACROSS_MIDNIGHT = "across_midnight"
    """Both know it, on neighbouring days."""
    UNKNOWN_MERCHANT = "unknown_merchant"
    """A row of another merchant or app."""
    FORMAT = "format"
    """A line that cannot be read."""
    HASH = "hash"
    """The file is not the one that its hash was made of."""
    LATE = "late"
    """The bill, or a row of it, came days after its time."""


class Resolution(StrEnum):
    """How a case ends."""

    ASK = "ask"
    """The gateway is asked again (the trade, the refund, the transfer or the bill) and its answer is booked."""
    FUND_FLOW = "fund_flow"
    """What the fund-flow bill moved (our sum, or nothing) is booked, and the trade bill was wrong."""
    ACCEPT = "accept"
    """Two people accept the bill as it is; the difference is booked as such."""
    IGNORE = "ignore"
    """Nothing of ours is open on it; a reason is kept."""
    VANISHED = "vanished"
    """A corrected bill, or a later word of the gateway, left no difference."""
    NOTED = "noted"
    """It explains itself and is kept as a note."""


ALLOWED: Mapping[Difference, tuple[Resolution, ...]] = {
    Difference.MISSING_HERE: (Resolution.ASK, Resolution.FUND_FLOW, Resolution.ACCEPT),
    Difference.MISSING_THERE: (Resolution.ASK, Resolution.FUND_FLOW, Resolution.ACCEPT),
    Difference.AMOUNT: (Resolution.ASK, Resolution.FUND_FLOW, Resolution.ACCEPT),
    Difference.STATUS: (Resolution.ASK, Resolution.FUND_FLOW, Resolution.ACCEPT),
    Difference.DUPLICATE: (Resolution.ASK, Resolution.IGNORE),
    Difference.REFUND_MISMATCH: (Resolution.ASK, Resolution.FUND_FLOW, Resolution.ACCEPT),
    Difference.FEE: (Resolution.ASK, Resolution.FUND_FLOW, Resolution.ACCEPT),
    Difference.ACROSS_MIDNIGHT: (),
    Difference.UNKNOWN_MERCHANT: (Resolution.ASK, Resolution.FUND_FLOW, Resolution.ACCEPT, Resolution.IGNORE),
    Difference.FORMAT: (Resolution.ASK, Resolution.FUND_FLOW, Resolution.IGNORE),
    Difference.HASH: (Resolution.ASK,),
    Difference.LATE: (),
}
"""What people may do with a case of each class; the clock ends every one whose cause is gone."""

NOTES = frozenset({Difference.ACROSS_MIDNIGHT, Difference.LATE})
"""These match and are booked; their cases are resolved as they are written."""
BESIDE_THE_MONEY = NOTES | {Difference.FEE}
"""These do not keep a row's sum from being booked."""


_THEIR_STATES = {
    "SUCCESS": "成功", "REFUND": "已转退款", "REVOKED": "已撤销", "PROCESSING": "退款中", "FAIL": "失败",
    "CHANGE": "转人工",
}  # fmt: skip
_OUR_STATES = {
    "created": "已创建", "awaiting_payer": "待付款", "succeeded": "成功", "closed": "已关闭", "requested": "待提交",
    "submitted": "已提交", "abnormal": "异常",
}  # fmt: skip


@dataclass(frozen=True)
class Theirs:
    """A row of the bill that is about one number of ours; money in fen, `day` the bill's."""

    number: str
    gateway_number: str
    payment_number: str
    is_ours: bool
    state: str
    amount_fen: int
    total_fen: int
    fee_fen: int
    day: date


@dataclass(frozen=True)
class OurPayment:
    """A payment as we know it; `day` is None where its true time was never told."""

    state: str
    settled_fen: int
    received_fen: int
    transaction_id: str
    day: date | None


@dataclass(frozen=True)
class OurRefund:
    """A refund as we know it: `settled_fen` of the `asked_fen` came from the payer's own pocket.

    `before_fen` of its payment's settled sum went back before it.
    """

    state: str
    channel: str
    settled_fen: int
    asked_fen: int
    payment_number: str
    payment_settled_fen: int
    before_fen: int
    day: date | None


@dataclass(frozen=True)
class OurPayout:
    """A payout as we know it."""

    state: str
    amount_fen: int


@dataclass(frozen=True)
class Found:
    """One difference on one number, in words, with both sums in fen."""

    difference: Difference
    detail: str
    ours_fen: int = 0
    theirs_fen: int = 0


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a Shanghai day and of the next, aware UTC."""
    first = datetime.combine(day, time(), SHANGHAI)
    return first.astimezone(UTC), (first + timedelta(days=1)).astimezone(UTC)


def due_at(day: date, hour: int) -> datetime:
    """When a day's bill should be there: the next day at `hour` o'clock in Shanghai."""
    return datetime.combine(day + timedelta(days=1), time(hour), SHANGHAI).astimezone(UTC)


def fee_of(settled_fen: int, bps: int) -> int:
    """The gateway's fee for a payment: `bps` / 10,000 of what was settled, half up."""
    return (settled_fen * bps + 5_000) // 10_000


def fee_back(fee_fen: int, settled_fen: int, before_fen: int, refund_fen: int) -> int:
    """What a refund gives back of the fee: in proportion, half up on the running sum, so that the whole comes back."""

    def until(refunded_fen: int) -> int:
        return (2 * fee_fen * refunded_fen + settled_fen) // (2 * settled_fen) if settled_fen else 0

    return until(before_fen + refund_fen) - until(before_fen)


def payment_differences(row: Theirs, ours: OurPayment | None, bps: int, late_days: int) -> list[Found]:
    """How a payment's row differs from our payment; an empty list when it does not."""
    if not row.is_ours:
        return [_found(Difference.UNKNOWN_MERCHANT, "账单行写的是别的商户号或应用", ours, row)]
    if ours is None:
        return [_found(Difference.MISSING_HERE, "我方没有这笔付款", ours, row)]
    if row.state != "SUCCESS" or ours.state != "succeeded":
        return [_found(Difference.STATUS, _states(row.state, ours.state), ours, row)]
    if ours.transaction_id != row.gateway_number:
        return [_found(Difference.MISSING_HERE, "账单的微信单号与我方的不同", ours, row)]
    found = []
    if (row.amount_fen, row.total_fen) != (ours.settled_fen, ours.received_fen):
        found.append(_found(Difference.AMOUNT, _sums(ours.settled_fen, row.amount_fen), ours, row))
    elif row.fee_fen != (fee := fee_of(ours.settled_fen, bps)):
        found.append(Found(Difference.FEE, _sums(fee, row.fee_fen), fee, row.fee_fen))
    return found + _time_differences(row, ours.day, late_days)


def refund_differences(row: Theirs, ours: OurRefund | None, bps: int, late_days: int) -> list[Found]:
    """How a refund's row differs from our refund; an empty list when it does not."""
    if not row.is_ours:
        return [_found(Difference.UNKNOWN_MERCHANT, "账单行写的是别的商户号或应用", ours, row)]
    if ours is None:
        return [_found(Difference.MISSING_HERE, "我方没有这笔退款", ours, row)]
    if ours.payment_number != row.payment_number:
        return [_found(Difference.REFUND_MISMATCH, "账单退的是另一笔付款", ours, row)]
    taken = ours.state in ("submitted", "succeeded", "abnormal") and ours.channel == "gateway"
    if row.state != "SUCCESS" or not taken:
        return [_found(Difference.STATUS, _states(row.state, ours.state), ours, row)]
    found = []
    if row.amount_fen != ours.settled_fen:
        found.append(_found(Difference.REFUND_MISMATCH, _sums(ours.settled_fen, row.amount_fen), ours, row))
    elif row.total_fen != ours.asked_fen:
        detail = f"申请退款金额：{_sums(ours.asked_fen, row.total_fen)}"
        found.append(Found(Difference.REFUND_MISMATCH, detail, ours.asked_fen, row.total_fen))
    else:
        whole = fee_of(ours.payment_settled_fen, bps)
        back = -fee_back(whole, ours.payment_settled_fen, ours.before_fen, ours.settled_fen)
        if row.fee_fen != back:
            found.append(Found(Difference.FEE, _sums(back, row.fee_fen), back, row.fee_fen))
    return found + _time_differences(row, ours.day, late_days)


def transfer_differences(row: Theirs, ours: OurPayout | None, *, back: bool) -> list[Found]:
    """How a transfer (or one that came `back`) differs from our payout; an empty list when it does not."""
    if ours is None:
        return [Found(Difference.MISSING_HERE, "我方没有这笔打款", 0, row.amount_fen)]
    if back and ours.state == "succeeded":
        detail = "账单显示这笔打款退回了，我方记的是成功"
        return [Found(Difference.STATUS, detail, ours.amount_fen, row.amount_fen)]
    if row.amount_fen != ours.amount_fen:
        detail = _sums(ours.amount_fen, row.amount_fen)
        return [Found(Difference.AMOUNT, detail, ours.amount_fen, row.amount_fen)]
    return []


def _time_differences(row: Theirs, our_day: date | None, late_days: int) -> list[Found]:
    apart = 0 if our_day is None else abs((row.day - our_day).days)
    if not apart:
        return []
    difference = Difference.LATE if apart > late_days else Difference.ACROSS_MIDNIGHT
    return [Found(difference, f"我方记在 {our_day}，账单记在 {row.day}", row.amount_fen, row.amount_fen)]


def _found(difference: Difference, detail: str, ours: OurPayment | OurRefund | None, row: Theirs) -> Found:
    return Found(difference, detail, ours.settled_fen if ours else 0, row.amount_fen)


def _states(theirs: str, ours: str) -> str:
    return f"账单记为{_THEIR_STATES.get(theirs, theirs)}，我方记为{_OUR_STATES.get(ours, ours)}"


def _sums(ours_fen: int, theirs_fen: int) -> str:
    return f"我方 {yuan(ours_fen)}，账单 {yuan(theirs_fen)}"
