"""Paid orders as shipping sees them: found by either number, with their state and what was told of them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from sandbox.clock import rfc3339
from sandbox.context import Sandbox
from sandbox.miniprogram.errors import WxError

TO_SHIP, SHIPPED, DONE, REFUNDED = 1, 2, 4, 5
SCHEMA = """
CREATE TABLE IF NOT EXISTS wxa_shipments (
  out_trade_no TEXT PRIMARY KEY, logistics_type INTEGER NOT NULL, delivery_mode INTEGER NOT NULL,
  parcels TEXT NOT NULL, digest TEXT NOT NULL, uploaded_ms INTEGER NOT NULL, uploads INTEGER NOT NULL,
  finished INTEGER NOT NULL, shipped_at INTEGER NOT NULL, received_at INTEGER,
  reminded INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS wxa_shipments_on_the_way ON wxa_shipments (shipped_at)
  WHERE finished AND received_at IS NULL;
"""
_ORDERS = (
    "SELECT * FROM (SELECT o.rowid AS seq, o.out_trade_no, o.transaction_id, o.description, o.openid, o.total_fen,"
    " o.created_at, o.success_at, o.frozen_fen, o.settled_at, s.logistics_type, s.delivery_mode, s.parcels, s.digest,"
    " s.uploaded_ms, s.uploads, s.finished, s.shipped_at, s.received_at, s.reminded, CASE"
    " WHEN o.total_fen <= (SELECT COALESCE(SUM(refund_fen), 0) FROM pay_refunds r"
    " WHERE r.out_trade_no = o.out_trade_no AND r.state = 'SUCCESS') THEN 5"
    " WHEN s.received_at IS NOT NULL THEN 4 WHEN s.finished THEN 2 ELSE 1 END AS order_state"
    " FROM pay_orders o LEFT JOIN wxa_shipments s ON s.out_trade_no = o.out_trade_no"
    " WHERE o.success_at IS NOT NULL AND o.success_at <= ?{inner}){outer}"
)


def known_until(box: Sandbox) -> int:
    """Payments after this moment are not known here yet."""
    return box.clock.timestamp() - box.knobs.number("shipping_unknown_seconds")


def by_number(box: Sandbox, out_trade_no: str) -> sqlite3.Row | None:
    """The paid order of that number, or None."""
    query = _ORDERS.format(inner=" AND o.out_trade_no = ?", outer="")
    return box.store.one(query, known_until(box), out_trade_no)


def by_transaction(box: Sandbox, transaction_id: str) -> sqlite3.Row | None:
    """The paid order of that transaction, or None."""
    query = _ORDERS.format(inner=" AND o.transaction_id = ?", outer="")
    return box.store.one(query, known_until(box), transaction_id)


def keyed(box: Sandbox, key: object) -> sqlite3.Row:
    """The paid order behind an `order_key`; raises `WxError`."""
    names = key if isinstance(key, dict) else {}
    if names.get("order_number_type") == 2:
        if not isinstance(number := names.get("transaction_id"), str) or not number:
            raise WxError(268485195, "微信支付单号非法")
        return require(by_transaction(box, number))
    if names.get("order_number_type") != 1:
        raise WxError(268485194, "订单单号类型非法")
    if names.get("mchid") != box.credentials.words.mchid:
        raise WxError(268485197, "商户号非法")
    if not isinstance(number := names.get("out_trade_no"), str) or not number:
        raise WxError(268485196, "商户订单号非法")
    return require(by_number(box, number))


def require(row: sqlite3.Row | None) -> sqlite3.Row:
    """The order, or 10060001."""
    if row is None:
        raise WxError(10060001, "支付单不存在")
    return row


def page(box: Sandbox, wishes: dict[str, Any], before: int, size: int) -> list[sqlite3.Row]:
    """At most `size` paid orders older than `before` that fit (`openid`, `begin_time`, `end_time`, `order_state`)."""
    inner = {
        "openid": " AND o.openid = ?",
        "begin_time": " AND o.success_at >= ?",
        "end_time": " AND o.success_at <= ?",
    }
    chosen = [name for name in inner if wishes.get(name) is not None]
    state = wishes.get("order_state")
    outer = " WHERE order_state = ?" if state is not None else ""
    query = _ORDERS.format(
        inner=" AND o.rowid < ?" + "".join(inner[name] for name in chosen), outer=f"{outer} ORDER BY seq DESC LIMIT ?"
    )
    values = [known_until(box), before, *(wishes[name] for name in chosen), *([] if state is None else [state]), size]
    return box.store.all(query, *values)


def shown(box: Sandbox, row: sqlite3.Row) -> dict[str, Any]:
    """The order as `get_order` tells it."""
    parcels = json.loads(row["parcels"] or "[]")
    told = [
        {**parcel, "goods_desc": parcel["item_desc"], "upload_time": row["uploaded_ms"] // 1000} for parcel in parcels
    ]
    return {
        "transaction_id": row["transaction_id"],
        "merchant_id": box.credentials.words.mchid,
        "sub_merchant_id": "",
        "merchant_trade_no": row["out_trade_no"],
        "description": row["description"],
        "paid_amount": row["total_fen"],
        "openid": row["openid"],
        "trade_create_time": row["created_at"],
        "pay_time": row["success_at"],
        "order_state": row["order_state"],
        "in_complaint": False,
        "shipping": {
            "delivery_mode": row["delivery_mode"] or 0,
            "logistics_type": row["logistics_type"] or 0,
            "finish_shipping": bool(row["finished"]),
            "finish_shipping_count": row["uploads"] or 0,
            "goods_desc": "、".join(parcel["item_desc"] for parcel in parcels),
            "shipping_list": told,
        },
    }


def controlled(box: Sandbox, row: sqlite3.Row) -> dict[str, Any]:
    """The same, with what the merchant's account says."""
    settled = None if row["settled_at"] is None else rfc3339(row["settled_at"])
    return {**shown(box, row), "frozen_fen": row["frozen_fen"], "settled_time": settled}
