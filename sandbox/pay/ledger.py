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
    """`{payments, refunds, received_fen, refunded_fen, net_fen, balanced}`; sums count succeeded refunds only.

    A planted difference changes the rows and the sums, never `balanced`: that is about the true books.
    """
    box = current()
    with box.store.transaction():
        payments, refunds = rows(box)
        kind = box.store.setting("planted", "none")
        if kind != "none":
            KINDS[kind].plant(payments, refunds)
        balanced = books.balanced(box)
    received = sum(row["total_fen"] for row in payments)
    refunded = sum(row["refund_fen"] for row in refunds if row["state"] == "SUCCESS")
    return {
        "payments": payments,
        "refunds": refunds,
        "received_fen": received,
        "refunded_fen": refunded,
        "net_fen": received - refunded,
        "balanced": balanced,
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
        "SELECT o.*, (SELECT COALESCE(SUM(refund_fen), 0) FROM pay_refunds r WHERE r.out_trade_no = o.out_trade_no"
        " AND r.state = 'SUCCESS') AS refunded_fen FROM pay_orders o WHERE transaction_id IS NOT NULL"
        " ORDER BY success_at, rowid"
    )
    refunds = box.store.all("SELECT * FROM pay_refunds ORDER BY created_at, rowid")
    return [_payment(row) for row in payments], [_refund(row) for row in refunds]


def _payment(row: Any) -> Row:
    names = ("out_trade_no", "transaction_id", "total_fen", "payer_fen", "refunded_fen", "state", "openid")
    return {**{name: row[name] for name in names}, "success_time": rfc3339(row["success_at"])}


def _refund(row: Any) -> Row:
    return {name: row[name] for name in ("out_refund_no", "out_trade_no", "refund_fen", "payer_refund_fen", "state")}
