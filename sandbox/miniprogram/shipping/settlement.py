"""What shipping leads to: received by hand or by itself, settled, reminded of; each told by push."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from sandbox.context import Sandbox
from sandbox.miniprogram import messagepush
from sandbox.miniprogram.errors import WxError
from sandbox.miniprogram.shipping import trades
from sandbox.miniprogram.shipping.upload import EXPRESS, MOST_PARCELS, SPLIT, Upload
from sandbox.pay import account

HOUR = 3600
REMIND_SECONDS = 48 * HOUR
EXPRESS_HOURS, OTHER_HOURS = 240, 48
BY_HAND, BY_ITSELF = 1, 2
SETTLEMENT, REMINDER = "trade_manage_order_settlement", "trade_manage_remind_shipping"


def ship(box: Sandbox, order: sqlite3.Row, upload: Upload) -> None:
    """Take the first or the one changed upload of an order; raises `WxError`."""
    now = box.clock.timestamp()
    with box.store.transaction() as db:
        order = trades.require(trades.by_number(box, order["out_trade_no"]))
        parcels = _parcels(order, upload)
        db.execute(
            "INSERT OR REPLACE INTO wxa_shipments (out_trade_no, logistics_type, delivery_mode, parcels, digest,"
            " uploaded_ms, uploads, finished, shipped_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                order["out_trade_no"],
                upload.logistics_type,
                upload.delivery_mode,
                json.dumps(parcels, ensure_ascii=False),
                upload.digest(),
                upload.uploaded_ms,
                (order["uploads"] or 0) + upload.finished,
                upload.finished,
                now,
            ),
        )
        if not upload.finished:
            return
        times = {"shipped_time": now, "estimated_settlement_time": now + _unasked_seconds(box, upload.logistics_type)}
        push = _told(db, box, SETTLEMENT, order, times)
    messagepush.send(box, push)


def receive(box: Sandbox, out_trade_no: str) -> bool:
    """The payer confirms receipt; False when it was confirmed already."""
    with box.store.transaction() as db:
        push = _settle(db, box, out_trade_no, BY_HAND)
    if push:
        messagepush.send(box, push)
    return push is not None


def due(box: Sandbox) -> None:
    """Confirm what waited long enough, and remind of what was not shipped within 48 hours."""
    now = box.clock.timestamp()
    with box.store.transaction() as db:
        waiting = box.store.all(
            "SELECT out_trade_no FROM wxa_shipments WHERE finished AND received_at IS NULL"
            " AND shipped_at <= ? - CASE logistics_type WHEN ? THEN ? ELSE ? END",
            now,
            EXPRESS,
            _unasked_seconds(box, EXPRESS),
            _unasked_seconds(box, 0),
        )
        pushes = [_settle(db, box, row["out_trade_no"], BY_ITSELF) for row in waiting]
        late = box.store.all(
            "SELECT out_trade_no FROM pay_orders o WHERE success_at IS NOT NULL AND settled_at IS NULL"
            " AND reminded_at IS NULL AND success_at <= ? AND NOT EXISTS"
            " (SELECT 1 FROM wxa_shipments s WHERE s.out_trade_no = o.out_trade_no AND s.finished)",
            now - REMIND_SECONDS,
        )
        pushes += [_remind(db, box, row["out_trade_no"], now) for row in late]
    for push in pushes:
        if push:
            messagepush.send(box, push)


def _parcels(order: sqlite3.Row, upload: Upload) -> list[dict[str, Any]]:
    """All parcels with this upload's; raises when the order cannot be shipped (again)."""
    if upload.openid != order["openid"]:
        raise WxError(10060031, "支付者 openid 不匹配")
    if order["order_state"] == trades.REFUNDED:
        raise WxError(10060004, "支付单处于不可发货的状态")
    if order["uploads"] is None:
        return upload.parcels
    if order["received_at"] is not None:
        raise WxError(10060002, "支付单已完成发货，无法继续发货")
    if order["digest"] == upload.digest():
        raise WxError(10060023, "发货信息未更新")
    if upload.uploaded_ms <= order["uploaded_ms"]:
        raise WxError(268485216, "上传时间非法，请确保时间递增")
    if not order["finished"] and upload.delivery_mode == SPLIT:
        parcels: list[dict[str, Any]] = json.loads(order["parcels"]) + upload.parcels
        if len(parcels) > MOST_PARCELS:
            raise WxError(10060024, "物流信息列表超过 15 个")
        return parcels
    if order["uploads"] > 1:
        raise WxError(10060003, "支付单已使用重新发货机会")
    return upload.parcels


def _settle(db: sqlite3.Connection, box: Sandbox, out_trade_no: str, method: int) -> int | None:
    """Note the receipt and thaw the money; the push to send (0: nobody to tell), None when it was noted before."""
    now = box.clock.timestamp()
    noted = db.execute(
        "UPDATE wxa_shipments SET received_at = ? WHERE out_trade_no = ? AND finished AND received_at IS NULL",
        (now, out_trade_no),
    )
    if not noted.rowcount:
        return None
    account.thaw(db, out_trade_no, now)
    order = trades.by_number(box, out_trade_no)
    if order is None or order["order_state"] == trades.REFUNDED:
        return 0
    times = {"confirm_receive_method": method, "confirm_receive_time": now, "settlement_time": now}
    return _told(db, box, SETTLEMENT, order, {"shipped_time": order["shipped_at"], **times})


def _remind(db: sqlite3.Connection, box: Sandbox, out_trade_no: str, now: int) -> int | None:
    db.execute("UPDATE pay_orders SET reminded_at = ? WHERE out_trade_no = ?", (now, out_trade_no))
    order = trades.by_number(box, out_trade_no)
    if order is None or order["order_state"] == trades.REFUNDED:
        return None
    return _told(db, box, REMINDER, order, {"msg": "你的小程序有订单超过 48 小时未发货，请尽快录入发货信息"})


def _told(db: sqlite3.Connection, box: Sandbox, event: str, order: sqlite3.Row, more: dict[str, Any]) -> int:
    content = {
        "transaction_id": order["transaction_id"],
        "merchant_id": box.credentials.words.mchid,
        "sub_merchant_id": "",
        "merchant_trade_no": order["out_trade_no"],
        "pay_time": order["success_at"],
    }
    return messagepush.write(db, box, event, order["out_trade_no"], order["openid"], content | more)


def _unasked_seconds(box: Sandbox, logistics_type: int) -> int:
    hours = box.knobs.number("shipping_auto_confirm_hours")
    return HOUR * (hours or (EXPRESS_HOURS if logistics_type == EXPRESS else OTHER_HOURS))
