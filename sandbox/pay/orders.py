"""JSAPI orders: placing, asking, closing."""

from __future__ import annotations

import secrets
import sqlite3
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.clock import rfc3339
from sandbox.context import Sandbox, current
from sandbox.pay import fields
from sandbox.pay.errors import PayError, bad_field

PREPAY_SECONDS = 2 * 3600
UNPAID_DAYS, LONGEST_EXPIRY_DAYS, DAY = 7, 90, 86400
NUMBER = r"[0-9A-Za-z_\-|*]{6,32}"
DESCRIPTIONS = {"NOTPAY": "订单未支付", "SUCCESS": "支付成功", "REFUND": "订单发生过退款", "CLOSED": "订单已关闭"}
bp = Blueprint("orders", __name__, url_prefix="/pay/transactions")


@bp.post("/jsapi")
def place() -> ResponseReturnValue:
    """`{prepay_id}`; the same parameters again give a usable one, changed parameters are refused."""
    body, box = fields.body(), current()
    wanted = _order(body, box)
    with box.store.transaction() as db:
        db.execute(
            "INSERT OR IGNORE INTO pay_orders (out_trade_no, parameters_hash, description, attach, notify_url, openid,"
            " total_fen, created_at, time_expire) VALUES (:out_trade_no, :parameters_hash, :description, :attach,"
            " :notify_url, :openid, :total_fen, :created_at, :time_expire)",
            wanted,
        )
        row = find(box, wanted["out_trade_no"])
        if row["parameters_hash"] != wanted["parameters_hash"]:
            raise PayError(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致")
        if row["state"] != "NOTPAY":
            closed = row["state"] == "CLOSED"
            raise PayError(400, "ORDER_CLOSED" if closed else "ORDER_PAID", "订单已关闭" if closed else "该订单已支付")
        return {"prepay_id": _prepay_id(db, row["out_trade_no"], box.clock.timestamp())}


@bp.get("/out-trade-no/<out_trade_no>")
def ask(out_trade_no: str) -> ResponseReturnValue:
    """The order by the merchant's number."""
    fields.require_merchant(request.args.get("mchid"))
    return shown(current(), find(current(), out_trade_no))


@bp.get("/id/<transaction_id>")
def ask_by_id(transaction_id: str) -> ResponseReturnValue:
    """The order by the gateway's number."""
    fields.require_merchant(request.args.get("mchid"))
    row = current().store.one("SELECT * FROM pay_orders WHERE transaction_id = ?", transaction_id)
    if row is None:
        raise PayError(404, "ORDER_NOT_EXIST", "订单不存在")
    return shown(current(), row)


@bp.post("/out-trade-no/<out_trade_no>/close")
def close(out_trade_no: str) -> ResponseReturnValue:
    """204, as often as asked; refused once paid."""
    fields.require_merchant(fields.body().get("mchid"))
    box = current()
    with box.store.transaction() as db:
        row = find(box, out_trade_no)
        if row["state"] in ("SUCCESS", "REFUND"):
            raise PayError(400, "ORDER_PAID", "订单已支付，不能关闭")
        db.execute("UPDATE pay_orders SET state = 'CLOSED' WHERE out_trade_no = ?", (out_trade_no,))
    return Response(status=204)


def find(box: Sandbox, out_trade_no: str) -> sqlite3.Row:
    """The order's row, closed first if it stayed unpaid for seven days; raises ORDER_NOT_EXIST."""
    with box.store.transaction() as db:
        db.execute(
            "UPDATE pay_orders SET state = 'CLOSED' WHERE out_trade_no = ? AND state = 'NOTPAY' AND created_at <= ?",
            (out_trade_no, box.clock.timestamp() - UNPAID_DAYS * DAY),
        )
        row: sqlite3.Row | None = db.execute(
            "SELECT * FROM pay_orders WHERE out_trade_no = ?", (out_trade_no,)
        ).fetchone()
    if row is None:
        raise PayError(404, "ORDER_NOT_EXIST", "订单不存在")
    return row


def shown(box: Sandbox, row: sqlite3.Row) -> dict[str, Any]:
    """The order as a query answers it and a notice carries it."""
    words = box.credentials.words
    answer: dict[str, Any] = {
        "appid": words.wxa_appid,
        "mchid": words.mchid,
        "out_trade_no": row["out_trade_no"],
        "trade_type": "JSAPI",
        "trade_state": row["state"],
        "trade_state_desc": DESCRIPTIONS[row["state"]],
        "attach": row["attach"],
        "payer": {"openid": row["openid"]},
        "amount": {"total": row["total_fen"], "currency": "CNY"},
    }
    if row["transaction_id"] is None:
        return answer
    answer["amount"] |= {"payer_total": row["payer_fen"], "payer_currency": "CNY"}
    coupon = row["total_fen"] - row["payer_fen"]
    promotion = [{"coupon_id": "sandbox", "amount": coupon, "type": "NOCASH", "scope": "GLOBAL"}] if coupon else []
    return answer | {
        "transaction_id": row["transaction_id"],
        "success_time": rfc3339(row["success_at"]),
        "bank_type": "OTHERS",
        "promotion_detail": promotion,
    }


def _order(body: dict[str, Any], box: Sandbox) -> dict[str, Any]:
    words, now = box.credentials.words, box.clock.timestamp()
    fields.require_merchant(body.get("mchid"))
    if body.get("appid") != words.wxa_appid:
        raise PayError(400, "APPID_MCHID_NOT_MATCH", "appid 和 mchid 不匹配")
    payer = body.get("payer")
    openid = payer.get("openid") if isinstance(payer, dict) else None
    if not isinstance(openid, str) or people.find(box, openid=openid) is None:
        raise bad_field("payer.openid")
    expires = fields.moment(body, "time_expire")
    latest = now + LONGEST_EXPIRY_DAYS * DAY
    return {
        "out_trade_no": fields.text(body, "out_trade_no", 32, pattern=NUMBER),
        "parameters_hash": fields.parameters_hash(body),
        "description": fields.text(body, "description", 127),
        "attach": fields.optional_text(body, "attach", 128),
        "notify_url": fields.notify_url(body, required=True),
        "openid": openid,
        "total_fen": fields.fen(body, "total"),
        "created_at": now,
        "time_expire": now + UNPAID_DAYS * DAY if expires is None else min(max(expires, now + 60), latest),
    }


def _prepay_id(db: sqlite3.Connection, out_trade_no: str, now: int) -> str:
    row = db.execute(
        "SELECT prepay_id FROM pay_prepays WHERE out_trade_no = ? AND expires_at > ?", (out_trade_no, now)
    ).fetchone()
    if row is not None:
        return str(row["prepay_id"])
    prepay_id = f"wx{secrets.token_hex(17)}"
    db.execute("INSERT INTO pay_prepays VALUES (?, ?, ?)", (prepay_id, out_trade_no, now + PREPAY_SECONDS))
    return prepay_id
