"""Lines of a bill that cannot be read, each tied to the payment or refund of ours that it names, if it names one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select

from domain.ids import is_id
from domain.reconciling import Difference
from models import Payment, Payout, Refund
from services.context import Ctx
from services.ports import FundFlowBill, TradeBill
from services.reconciling.cases import Case

KIND_WORDS = {"trade": "交易", "fund_flow": "资金"}
_WORD = re.compile(rb"[0-9a-z_]{8,64}")
_MOST = 500  # a file with more spoilt lines than this is spoilt as a whole; the rest of them would say no more


def fault_cases(ctx: Ctx, kind: str, bill: TradeBill | FundFlowBill) -> list[Case]:
    """A format case per spoilt line: its subject is our number in it (a refund's before its payment's), or the line."""
    content = bill.content.split(b"\n")
    faults = [fault for fault in bill.faults if bill.hash_matches][:_MOST]
    words = [_words(content[fault.line - 1]) if fault.line <= len(content) else [] for fault in faults]
    ours = _ours(ctx, kind, {word for some in words for word in some})
    found = []
    for fault, some in zip(faults, words, strict=True):
        named = sorted(ours.intersection(some), key=lambda word: (not is_id("Refund", word), word))
        subject = named[0] if named else f"{KIND_WORDS[kind]}账单第 {fault.line} 行"
        detail = f"{KIND_WORDS[kind]}账单第 {fault.line} 行读不懂：{fault.problem}"
        found.append(Case(Difference.FORMAT, subject, detail))
    return found


def _words(line: bytes) -> list[str]:
    return [word.decode() for word in _WORD.findall(line)]


def _ours(ctx: Ctx, kind: str, words: Iterable[str]) -> set[str]:
    """Those words that are numbers of ours which this kind of bill books."""
    shaped = (
        {Payment.public_id: [word for word in words if is_id("Payment", word)],
         Refund.public_id: [word for word in words if is_id("Refund", word)]}
        if kind == "trade"
        else {Payout.out_bill_no: [word for word in words if word.startswith("pyt")]}
    )  # fmt: skip
    known: set[str] = set()
    for column, some in shaped.items():
        known.update(ctx.session.scalars(select(column).where(column.in_(some))) if some else ())
    return known
