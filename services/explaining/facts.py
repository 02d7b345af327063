"""What the cause of an entry stands for: the rows behind it, read set by set, as words that a person knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from domain.campaigns import MONEY_BACK_WORDS, CancelReason
from domain.privacy import masked_name
from models import (
    BankFile,
    BankFileLine,
    Claim,
    Delivery,
    Leader,
    Merchant,
    Order,
    OrderLine,
    Payment,
    Payout,
    PickupPoint,
    RedemptionLine,
    Refund,
    RefundLine,
    Resident,
    Shift,
    SuspenseCase,
)
from services.context import Ctx
from services.explaining.words import Facts
from services.writing import ROWS_PER_STATEMENT

Found = Mapping[str, Facts]
"""The middle of a cause -> what it stands for."""


def of_causes(ctx: Ctx, causes: Iterable[str]) -> dict[str, Facts]:
    """What each cause stands for; one or two statements per kind of cause, however many there are."""
    by_kind: dict[str, dict[str, list[str]]] = {}
    for cause in causes:
        kind, key = _split(cause)
        by_kind.setdefault(kind, {}).setdefault(key, []).append(cause)
    facts: dict[str, Facts] = {}
    for kind, keys in by_kind.items():
        found = _read(ctx, kind, list(keys))
        facts |= {cause: found.get(key, Facts()) for key, causes_ in keys.items() for cause in causes_}
    return facts


def names_of(ctx: Ctx, owners: Iterable[str]) -> dict[str, str]:
    """What the owners of postings are called: leaders, merchants and points by their public names."""
    wanted = set(owners)
    sources: tuple[Any, ...] = (
        select(Leader.public_id, Leader.display_name).where(Leader.public_id.in_(wanted)),
        select(Merchant.public_id, Merchant.name).where(Merchant.public_id.in_(wanted)),
        select(PickupPoint.public_id, PickupPoint.name).where(PickupPoint.public_id.in_(wanted)),
    )
    return {owner: name for source in sources for owner, name in ctx.session.execute(source)}


def _split(cause: str) -> tuple[str, str]:
    """`line:7:2-0-0` -> (line, 7); `bill:fee:pay_x:0` -> (bill, pay_x)."""
    parts = cause.split(":")
    if parts[0] == "rebase":
        parts = parts[1:]
    if parts[0] == "bill":
        return "bill", parts[2] if len(parts) > 2 else ""
    return parts[0], parts[1] if len(parts) > 1 else ""


def _read(ctx: Ctx, kind: str, keys: Sequence[str]) -> Found:
    if kind == "bill":
        return {key: Facts(number=key) for key in keys}
    if kind == "transaction":
        return _suspense(ctx, SuspenseCase.transaction_id, keys)
    reader = _READERS.get(kind)
    if reader is None:
        return {}
    ids = [int(key) for key in keys if key.isdecimal()]
    found: dict[str, Facts] = {}
    for start in range(0, len(ids), ROWS_PER_STATEMENT):
        found |= {str(key): facts for key, facts in reader(ctx, ids[start : start + ROWS_PER_STATEMENT]).items()}
    return found


def _rows(ctx: Ctx, statement: Any) -> Any:
    return ctx.session.execute(statement)


def _who(person: Resident) -> str:
    return masked_name(person.nickname, person.anonymous)


def _payments(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    statement = (
        select(Payment.id, Payment.public_id, Order.public_id, Resident)
        .join(Order, Order.id == Payment.order_id)
        .join(Resident, Resident.id == Payment.payer_id)
        .where(Payment.id.in_(ids))
    )
    return {key: Facts(number, order, _who(payer)) for key, number, order, payer in _rows(ctx, statement)}


def _refunds(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    statement = (
        select(Refund.id, Refund.public_id, Order.public_id, Resident)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .join(Resident, Resident.id == Payment.payer_id)
        .where(Refund.id.in_(ids))
    )
    return {key: Facts(number, order, _who(payer)) for key, number, order, payer in _rows(ctx, statement)}


def _refund_lines(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    statement = (
        select(RefundLine, Refund.public_id, OrderLine)
        .join(Refund, Refund.id == RefundLine.refund_id)
        .outerjoin(OrderLine, OrderLine.id == RefundLine.order_line_id)
        .where(RefundLine.id.in_(ids))
    )
    return {
        part.id: Facts(number, goods=part_words(part, line), reason=reason_words(part.reason))
        for part, number, line in _rows(ctx, statement)
    }


def reason_words(reason: str) -> str:
    """Why money went back, said of its buyer to somebody else."""
    return MONEY_BACK_WORDS[CancelReason(reason)].replace("您", "买家")


def part_words(part: RefundLine, line: OrderLine | None) -> str:
    """What a part of a refund is for: `大闸蟹 2 只`, `大闸蟹差价`, `配送费`, `整笔付款`."""
    if line is None:
        return "配送费" if part.kind == "fee" else "整笔付款"
    if part.kind == "rebate":
        return f"{line.offer_name}差价"
    return f"{line.offer_name} {part.units} {line.unit}" if part.units else line.offer_name


def _lines(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    rows = _rows(
        ctx,
        select(OrderLine.id, OrderLine.offer_name, Order.public_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.id.in_(ids)),
    )
    return {key: Facts(goods=name, order=order) for key, name, order in rows}


def _lapses(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    return {key: Facts(goods=facts.goods, act="逾期未取") for key, facts in _lines(ctx, ids).items()}


def _hand_overs(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    rows = _rows(
        ctx,
        select(RedemptionLine.id, RedemptionLine.units, OrderLine.offer_name, OrderLine.unit)
        .join(OrderLine, OrderLine.id == RedemptionLine.order_line_id)
        .where(RedemptionLine.id.in_(ids)),
    )
    return {key: Facts(goods=f"{name} {abs(units)} {unit}") for key, units, name, unit in rows}


def _claims(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    rows = _rows(
        ctx,
        select(Claim.id, OrderLine.offer_name)
        .join(OrderLine, OrderLine.id == Claim.order_line_id)
        .where(Claim.id.in_(ids)),
    )
    return {key: Facts(goods=name) for key, name in rows}


def _arrivals(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    rows = _rows(
        ctx,
        select(Delivery.id, PickupPoint.name)
        .join(PickupPoint, PickupPoint.id == Delivery.point_id)
        .where(Delivery.id.in_(ids)),
    )
    return {key: Facts(point=name) for key, name in rows}


def _payouts(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    rows = _rows(ctx, select(Payout.id, Payout.out_bill_no).where(Payout.id.in_(ids)))
    return {key: Facts(number) for key, number in rows}


def _bank_lines(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    statement = (
        select(BankFileLine.id, BankFile.public_id)
        .join(BankFile, BankFile.id == BankFileLine.bank_file_id)
        .where(BankFileLine.id.in_(ids))
    )
    return {key: Facts(number) for key, number in _rows(ctx, statement)}


def _shifts(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    return {
        key: Facts(number) for key, number in _rows(ctx, select(Shift.id, Shift.public_id).where(Shift.id.in_(ids)))
    }


def _suspense(ctx: Ctx, column: Any, keys: Sequence[Any]) -> dict[Any, Facts]:
    return {
        key: Facts(number)
        for key, number in _rows(ctx, select(column, SuspenseCase.out_trade_no).where(column.in_(keys)))
    }


def _cases(ctx: Ctx, ids: Sequence[int]) -> dict[Any, Facts]:
    return _suspense(ctx, SuspenseCase.id, ids)


_READERS: Mapping[str, Callable[[Ctx, Sequence[int]], dict[Any, Facts]]] = {
    "payment": _payments, "refund": _refunds, "refund_line": _refund_lines, "suspense": _cases, "line": _lines,
    "broken": _lines, "lapse": _lapses, "redemption_line": _hand_overs, "claim": _claims, "delivery": _arrivals,
    "shortage": _arrivals, "payout": _payouts, "bank_file_line": _bank_lines, "shift": _shifts,
}  # fmt: skip
"""How the number in each kind of cause is read."""
