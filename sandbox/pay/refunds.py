"""Refunds: accepted at once, finished a little later, each number exactly one refund."""

from __future__ import annotations

import secrets
import sqlite3
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox.clock import rfc3339
from sandbox.context import Sandbox, current
from sandbox.pay import account, books, fees, fields, notices
from sandbox.pay.errors import PayError, bad_field

NUMBER = r"[0-9A-Za-z_\-|*@]{1,64}"
MOST_PARTS, YEAR_SECONDS = 50, 365 * 86400
bp = Blueprint("refunds", __name__, url_prefix="/refund/domestic/refunds")


@bp.post("")
def apply() -> ResponseReturnValue:
    """Accept a refund (PROCESSING), or say how the one of that number stands."""
    body, box = fields.body(), current()
    out_refund_no = fields.text(body, "out_refund_no", 64, pattern=NUMBER)
    if box.knobs.take("frequency_limited"):
        raise PayError(429, "FREQUENCY_LIMITED", "频率限制，请降低频率后重试")
    with box.store.transaction() as db:
        known = box.store.one("SELECT * FROM pay_refunds WHERE out_refund_no = ?", out_refund_no)
        if known is not None:
            if known["parameters_hash"] != fields.parameters_hash(body):
                raise PayError(400, "INVALID_REQUEST", "退款参数与首次请求时不一致")
            return shown(box, known)
        refund = _refund(box, body, out_refund_no)
        db.execute(
            "INSERT INTO pay_refunds (out_refund_no, refund_id, out_trade_no, parameters_hash, reason, notify_url,"
            " created_at, refund_fen, payer_refund_fen, fee_back_fen, from_frozen_fen, ends_as) VALUES (:out_refund_no,"
            " :refund_id, :out_trade_no, :parameters_hash, :reason, :notify_url, :created_at, :refund_fen,"
            " :payer_refund_fen, :fee_back_fen, :from_frozen_fen, :ends_as)",
            refund,
        )
        db.execute("UPDATE pay_orders SET state = 'REFUND' WHERE out_trade_no = ?", (refund["out_trade_no"],))
        account.set_aside(db, find(box, out_refund_no))
        answer = shown(box, find(box, out_refund_no))
    _finish_later(box, out_refund_no)
    return answer


@bp.get("/<out_refund_no>")
def ask(out_refund_no: str) -> ResponseReturnValue:
    """The refund by the merchant's number."""
    return shown(current(), find(current(), out_refund_no))


def find(box: Sandbox, out_refund_no: str) -> sqlite3.Row:
    """The refund's row; raises RESOURCE_NOT_EXISTS."""
    row = box.store.one("SELECT * FROM pay_refunds WHERE out_refund_no = ?", out_refund_no)
    if row is None:
        raise PayError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return row


def finish(box: Sandbox, out_refund_no: str, *, start: str = "PROCESSING", ends_as: str = "") -> bool:
    """End a refund that is in state `start`, book it, and tell the merchant; False when it was not in that state."""
    with box.store.transaction() as db:
        now = box.clock.timestamp()
        row = db.execute(
            "UPDATE pay_refunds SET state = COALESCE(NULLIF(?, ''), ends_as) WHERE out_refund_no = ? AND state = ?"
            " RETURNING *",
            (ends_as, out_refund_no, start),
        ).fetchone()
        if row is None:
            return False
        if row["state"] == "SUCCESS":
            db.execute("UPDATE pay_refunds SET success_at = ? WHERE out_refund_no = ?", (now, out_refund_no))
        _book_end(box, db, row, now)
        row = find(box, out_refund_no)
        content = _noticed(box, row)
        notice = notices.write(db, box, f"REFUND.{row['state']}", out_refund_no, row["notify_url"], content)
    notices.send(box, notice)
    return True


def resume(box: Sandbox) -> None:
    """After a restart, finish what was being refunded."""
    for row in box.store.all("SELECT out_refund_no FROM pay_refunds WHERE state = 'PROCESSING'"):
        _finish_later(box, row["out_refund_no"])


def shown(box: Sandbox, row: sqlite3.Row) -> dict[str, Any]:
    """The refund as the gateway answers it."""
    amount = _amount(box, row)
    refund, payer_refund = row["refund_fen"], row["payer_refund_fen"]
    extra = {"settlement_total": amount["payer_total"], "settlement_refund": payer_refund, "currency": "CNY"}
    return {
        **_common(box, row),
        "channel": "ORIGINAL",
        "create_time": rfc3339(row["created_at"]),
        "status": row["state"],
        "funds_account": "AVAILABLE",
        "amount": {**amount, **extra, "discount_refund": refund - payer_refund, "from": []},
    }


def _noticed(box: Sandbox, row: sqlite3.Row) -> dict[str, Any]:
    words = box.credentials.words
    return {"mchid": words.mchid, **_common(box, row), "refund_status": row["state"], "amount": _amount(box, row)}


def _common(box: Sandbox, row: sqlite3.Row) -> dict[str, Any]:
    order = _order(box, row["out_trade_no"])
    answer = {
        "refund_id": row["refund_id"],
        "out_refund_no": row["out_refund_no"],
        "transaction_id": order["transaction_id"],
        "out_trade_no": row["out_trade_no"],
        "user_received_account": "支付用户零钱",
    }
    return answer if row["success_at"] is None else {**answer, "success_time": rfc3339(row["success_at"])}


def _amount(box: Sandbox, row: sqlite3.Row) -> dict[str, int]:
    order = _order(box, row["out_trade_no"])
    return {
        "total": order["total_fen"],
        "refund": row["refund_fen"],
        "payer_total": order["payer_fen"],
        "payer_refund": row["payer_refund_fen"],
    }


def _order(box: Sandbox, out_trade_no: str) -> sqlite3.Row:
    row = box.store.one("SELECT * FROM pay_orders WHERE out_trade_no = ?", out_trade_no)
    if row is None:
        raise PayError(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    return row


def _refund(box: Sandbox, body: dict[str, Any], out_refund_no: str) -> dict[str, Any]:
    """A new refund's row, after every rule has been asked."""
    order = _paid_order(box, body)
    refund_fen, now = fields.fen(body, "refund"), box.clock.timestamp()
    if fields.fen(body, "total") != order["total_fen"]:
        raise PayError(400, "INVALID_REQUEST", "订单金额与原订单不一致")
    earlier = box.store.all("SELECT * FROM pay_refunds WHERE out_trade_no = ?", order["out_trade_no"])
    alive = [row for row in earlier if row["state"] != "CLOSED"]
    returned_fen = sum(row["refund_fen"] for row in alive)
    if returned_fen + refund_fen > order["total_fen"]:
        raise PayError(400, "INVALID_REQUEST", "累计退款金额大于订单金额")
    if len(earlier) >= MOST_PARTS:
        raise PayError(400, "INVALID_REQUEST", "一笔订单最多支持 50 次部分退款")
    if now - order["success_at"] > YEAR_SECONDS:
        raise PayError(400, "INVALID_REQUEST", "订单已超过可退款的一年期限")
    if any(now - row["created_at"] < box.knobs.number("refund_spacing_seconds") for row in earlier):
        raise PayError(429, "FREQUENCY_LIMITED", "同一订单两次退款须间隔 1 分钟")
    return {
        "out_refund_no": out_refund_no,
        "refund_id": f"503{secrets.randbelow(10**26):026d}",
        "out_trade_no": order["out_trade_no"],
        "parameters_hash": fields.parameters_hash(body),
        "reason": fields.optional_text(body, "reason", 80),
        "notify_url": fields.notify_url(body, required=False),
        "created_at": now,
        "refund_fen": refund_fen,
        **_parts(box, order, alive, returned_fen + refund_fen),
        "ends_as": box.knobs.word("refund_result") if box.knobs.take("refund_result_times") else "SUCCESS",
    }


def _parts(box: Sandbox, order: sqlite3.Row, alive: list[sqlite3.Row], returned_fen: int) -> dict[str, int]:
    """What goes to the payer, what comes back of the fee, and how much of the net the payment's frozen part bears."""
    # shares of all that was returned, less the earlier ones, so that the parts sum to the whole
    payer_share = order["payer_fen"] * returned_fen // order["total_fen"]
    payer_before = sum(row["payer_refund_fen"] for row in alive)
    payer = max(0, payer_share - payer_before)
    fee_share = fees.given_back_fen(order["fee_fen"], order["payer_fen"], payer_before + payer)
    fee_back = max(0, fee_share - sum(row["fee_back_fen"] for row in alive))
    from_frozen = min(order["frozen_fen"], max(0, payer - fee_back))
    free = books.balance_fen(box, books.FREE)
    if box.knobs.number("not_enough") or payer - fee_back - from_frozen > free:
        raise PayError(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
    return {"payer_refund_fen": payer, "fee_back_fen": fee_back, "from_frozen_fen": from_frozen}


def _paid_order(box: Sandbox, body: dict[str, Any]) -> sqlite3.Row:
    by_id = body.get("transaction_id") is not None
    number = body.get("transaction_id" if by_id else "out_trade_no")
    if not isinstance(number, str):
        raise bad_field("out_trade_no")
    order = (
        box.store.one("SELECT * FROM pay_orders WHERE transaction_id = ?", number)
        if by_id
        else box.store.one("SELECT * FROM pay_orders WHERE out_trade_no = ?", number)
    )
    if order is None:
        raise PayError(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    if order["transaction_id"] is None:
        raise PayError(400, "INVALID_REQUEST", "订单未支付，不能退款")
    return order


def _finish_later(box: Sandbox, out_refund_no: str) -> None:
    def attempt() -> bool:
        finish(box, out_refund_no)
        return True

    box.push.submit(attempt, delay=box.knobs.number("refund_delay_ms") / 1000)


def _book_end(box: Sandbox, db: sqlite3.Connection, row: sqlite3.Row, now: int) -> None:
    """SUCCESS reaches the payer, CLOSED returns to the merchant, ABNORMAL stays in between."""
    if row["state"] == "SUCCESS":
        account.pay_back(db, row, _order(box, row["out_trade_no"])["openid"], now)
    elif row["state"] == "CLOSED":
        account.put_back(db, row, now)
