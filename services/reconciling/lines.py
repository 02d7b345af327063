"""The lines of both bills in one shape, and which kinds of row each bill has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from services.ports import BillRow, FundFlowRow, Identity

TRADE_KINDS = ("payment", "refund")
FLOW_KINDS = (
    "flow_payment", "flow_fee", "flow_refund", "flow_fee_back", "transfer", "transfer_back", "top_up", "withdrawal",
    "other_in", "other_out",
)  # fmt: skip
KINDS: Mapping[str, tuple[str, ...]] = {"trade": TRADE_KINDS, "fund_flow": FLOW_KINDS}
_FLOWS = {
    ("交易", "in"): "flow_payment", ("扣除交易手续费", "out"): "flow_fee",
    ("退款", "out"): "flow_refund", ("交易手续费退回", "in"): "flow_fee_back",
    ("商家转账", "out"): "transfer", ("商家转账退回", "in"): "transfer_back",
    ("充值", "in"): "top_up", ("提现", "out"): "withdrawal",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What a row of either bill says, as `models.BillRow` keeps it; `balance_fen` stands after a movement."""

    kind: str
    number: str
    payment_number: str
    gateway_number: str
    is_ours: bool
    state: str
    amount_fen: int
    total_fen: int
    fee_fen: int
    traded_at: datetime
    balance_fen: int = 0

    def cells(self) -> dict[str, Any]:
        """The columns it fills; texts cut to their columns, which no true number reaches."""
        cells = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "balance_fen"}
        cells["state"] = self.state[:32]
        return cells | {name: cells[name][:64] for name in ("number", "payment_number", "gateway_number")}


def trade_lines(rows: Iterable[BillRow], us: Identity) -> list[Line]:
    """The payments and refunds of a trade bill."""
    return [_trade_line(row, row.mchid == us.mchid and row.appid == us.appid) for row in rows]


def _trade_line(row: BillRow, is_ours: bool) -> Line:
    if row.out_refund_no or row.refund_id:
        return Line(
            "refund", row.out_refund_no, row.out_trade_no, row.refund_id, is_ours, row.refund_state, row.refund_fen,
            row.requested_refund_fen, row.fee_fen, row.traded_at,
        )  # fmt: skip
    return Line(
        "payment", row.out_trade_no, "", row.transaction_id, is_ours, row.trade_state, row.settlement_fen,
        row.total_fen, row.fee_fen, row.traded_at,
    )  # fmt: skip


def flow_lines(rows: Iterable[FundFlowRow]) -> list[Line]:
    """The movements of a fund-flow bill; a kind that nobody knows is kept as other_in or other_out."""
    return [
        Line(
            _FLOWS.get((row.business_type, row.direction), f"other_{row.direction}"), row.voucher_no, row.business_no,
            row.flow_no, True, "SUCCESS", row.amount_fen, row.amount_fen, 0, row.booked_at, row.balance_fen,
        )
        for row in rows
    ]  # fmt: skip
