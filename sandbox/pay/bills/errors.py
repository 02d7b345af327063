"""What can be wrong in a trade bill: each seeded error chooses its rows, remembers what it does, and does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sandbox.pay.bills.trades import Trade

How = dict[str, Any]


@dataclass(frozen=True)
class Error:
    """One kind: which rows it fits, what is drawn once (`how`), what a row becomes, how many days later it stands."""

    doc: str
    fits: Callable[[Trade], bool] = lambda trade: True
    draw: Callable[[Random, Trade], How] = lambda rng, trade: {}
    change: Callable[[Trade, How], list[Trade]] = lambda trade, how: [trade]
    days_later: int = 0


def _is_payment(trade: Trade) -> bool:
    return not trade.is_refund


def _is_refund(trade: Trade) -> bool:
    return trade.is_refund


def _misstated(trade: Trade, how: How) -> list[Trade]:
    return [replace(trade, refund_state="PROCESSING") if trade.is_refund else replace(trade, state="REVOKED")]


def _larger(trade: Trade, how: How) -> list[Trade]:
    return [replace(trade, total_fen=trade.total_fen + how["fen"], settled_fen=trade.settled_fen + how["fen"])]


def _mismatch(rng: Random, trade: Trade) -> How:
    if rng.random() < 0.5:
        return {"how": "number", "out_refund_no": f"{trade.out_refund_no[:-6]}{rng.randrange(10**6):06d}"}
    return {"how": "sum", "fen": -1 if trade.payer_refund_fen > 1 and rng.random() < 0.5 else 1}


def _mismatched(trade: Trade, how: How) -> list[Trade]:
    if how["how"] == "number":
        return [replace(trade, out_refund_no=how["out_refund_no"])]
    return [
        replace(trade, payer_refund_fen=trade.payer_refund_fen + how["fen"], refund_fen=trade.refund_fen + how["fen"])
    ]


def _stranger(rng: Random, trade: Trade) -> How:
    return {"mchid": f"18{rng.randrange(10**8):08d}"}


ERRORS: dict[str, Error] = {
    "missing_there": Error("the row is left out", change=lambda trade, how: []),
    "missing_here": Error("a payment row more, under numbers nobody knows"),
    "amount": Error(
        "a payment row is larger by 1 to 500 fen",
        _is_payment,
        lambda rng, trade: {"fen": rng.randint(1, 500)},
        _larger,
    ),
    "status": Error("a payment reads REVOKED, or a refund PROCESSING", change=_misstated),
    "duplicate": Error("the row stands there twice", change=lambda trade, how: [trade, trade]),
    "refund_mismatch": Error(
        "a refund row's sum is 1 fen off, or its number another", _is_refund, _mismatch, _mismatched
    ),
    "fee": Error(
        "a payment row's fee is 1 fen larger",
        _is_payment,
        change=lambda trade, how: [replace(trade, fee_fen=trade.fee_fen + 1)],
    ),
    "across_midnight": Error("the row stands in the next day's bill", days_later=1),
    "late": Error("the row stands in the bill of two days later", days_later=2),
    "unknown_merchant": Error(
        "the row has another merchant's number",
        draw=_stranger,
        change=lambda trade, how: [replace(trade, mchid=how["mchid"])],
    ),
    "format": Error(
        "the line is spoilt",
        draw=lambda rng, trade: {"how": rng.choice(["field", "amount", "time", "backtick"])},
    ),
    "hash": Error("hash_value is wrong"),
}


def unknown_payment(rng: Random, mchid: str, first: int) -> Trade:
    """A payment that never was, at some second of the day that begins at `first`."""
    fen = rng.randint(100, 20_000)
    return Trade(
        at=first + rng.randrange(86400),
        mchid=mchid,
        transaction_id=f"4200{rng.randrange(10**24):024d}",
        out_trade_no=f"pay_{rng.randrange(10**26):026d}",
        openid=f"o{rng.randrange(16**27):027x}",
        description="不知道是谁的一笔",
        attach="",
        fee_fen=(fen * 60 + 5_000) // 10_000,
        settled_fen=fen,
        total_fen=fen,
    )


def spoilt(line: str, how: str) -> str:
    """A line that no longer fits its header."""
    fields = line.split(",`")
    if how == "field":
        del fields[3]
    elif how == "amount":
        fields[12] = "一分"
    elif how == "time":
        fields[0] = "`昨天下午"
    else:
        fields[0] = fields[0].removeprefix("`")
    return ",`".join(fields)
