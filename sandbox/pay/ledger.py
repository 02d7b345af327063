"""What the gateway's books say, row by row, for anyone who wants to compare; and the differences planted in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import control
from sandbox.clock import rfc3339
from sandbox.context import Sandbox, current
from sandbox.pay import books
from sandbox.pay.planted import KINDS

Row = dict[str, Any]
bp = Blueprint("ledger", __name__)


@bp.get("/control/ledger")
def read_ledger() -> ResponseReturnValue:
    """`{payments, refunds, transfers, received_fen, refunded_fen, net_fen, balanced, …}` and the account's own sums.

    Refund sums count succeeded ones only. A planted difference changes rows and their totals, never `balanced` nor the
    account's sums: those are about the true books.
    """
    box = current()
    with box.store.transaction():
        payments, refunds = rows(box)
        kind = box.store.setting("planted", "none")
        if kind != "none":
            KINDS[kind].plant(payments, refunds)
        balanced, sums, free = books.balanced(box), books.sums(box), books.balance_fen(box, books.FREE)
        transfers = [_transfer(row) for row in box.store.all("SELECT * FROM pay_transfers ORDER BY created_at, rowid")]
    received = sum(row["total_fen"] for row in payments)
    refunded = sum(row["refund_fen"] for row in refunds if row["state"] == "SUCCESS")
    return {
        "payments": payments,
        "refunds": refunds,
        "transfers": transfers,
        "received_fen": received,
        "refunded_fen": refunded,
        "net_fen": received - refunded,
        "balanced": balanced,
        **sums,
        "available_fen": free,
    }


@bp.get("/control/plant")
def read_plant() -> ResponseReturnValue:
    """`{"planted": kind or "none", "kinds": {kind: what it does}}`."""
    kinds = {name: kind.doc for name, kind in KINDS.items()}
    return {"planted": current().store.setting("planted", "none"), "kinds": kinds}


@bp.post("/control/plant")
def plant() -> ResponseReturnValue:
    """`{"kind"}` plants one difference in place of the last, `"none"` takes it out; 409 when there is too little."""
    kind = control.wish().get("kind")
    if kind != "none" and kind not in KINDS:
        abort(400, "kind")
    box = current()
    payments, refunds = rows(box)
    if kind != "none" and not (payments and any(row["state"] == "SUCCESS" for row in refunds)):
        abort(409, "needs at least one payment and one succeeded refund")
    box.store.remember("planted", kind)
    return {"planted": kind}


def rows(box: Sandbox) -> tuple[list[Row], list[Row]]:
    """The true payments and refunds, in the order in which they happened."""
    payments = box.store.all(
        "SELECT o.*, COALESCE(SUM(r.refund_fen), 0) AS refunded_fen, COALESCE(SUM(r.fee_back_fen), 0) AS fee_back_fen"
        " FROM pay_orders o LEFT JOIN pay_refunds r ON r.out_trade_no = o.out_trade_no AND r.state = 'SUCCESS'"
        " WHERE o.transaction_id IS NOT NULL GROUP BY o.rowid ORDER BY o.success_at, o.rowid"
    )
    refunds = box.store.all("SELECT * FROM pay_refunds ORDER BY created_at, rowid")
    return [_payment(row) for row in payments], [_refund(row) for row in refunds]


def _payment(row: Any) -> Row:
    names = ("out_trade_no", "transaction_id", "total_fen", "payer_fen", "refunded_fen", "state", "openid", "fee_fen",
             "fee_back_fen", "frozen_fen")  # fmt: skip
    return {**{name: row[name] for name in names}, "success_time": rfc3339(row["success_at"])}


def _refund(row: Any) -> Row:
    names = ("out_refund_no", "out_trade_no", "refund_fen", "payer_refund_fen", "state", "fee_back_fen")
    succeeded = None if row["success_at"] is None else rfc3339(row["success_at"])
    return {**{name: row[name] for name in names}, "success_time": succeeded}


def _transfer(row: Any) -> Row:
    names = ("out_bill_no", "transfer_bill_no", "state", "amount_fen", "openid", "fail_reason")
    times = {"create_time": rfc3339(row["created_at"]), "update_time": rfc3339(row["updated_at"])}
    return {**{name: row[name] for name in names}, **times}
