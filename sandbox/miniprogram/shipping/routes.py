"""The shipping calls of the mini-program's server API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox.context import Sandbox, current
from sandbox.miniprogram import messagepush
from sandbox.miniprogram.errors import WxError, json_body
from sandbox.miniprogram.shipping import by_control, settlement, trades, upload
from sandbox.miniprogram.tokens import require_token

SCHEMA = messagepush.SCHEMA + trades.SCHEMA
NUMBER_IN_PATH = "${商品订单号}"
MOST_IN_PAGE, NO_BOUND = 100, 2**62
GOOD = {"errcode": 0, "errmsg": "ok"}
bp = Blueprint("shipping", __name__)
calls = Blueprint("shipping_calls", __name__, url_prefix="/wxa/sec/order")
calls.before_request(require_token)


@calls.post("/upload_shipping_info")
def upload_shipping_info() -> ResponseReturnValue:
    """`{order_key, logistics_type, delivery_mode, shipping_list, upload_time, payer}`."""
    body, box = json_body(), current()
    told = upload.read(body)
    settlement.ship(box, trades.keyed(box, body.get("order_key")), told)
    return GOOD


@calls.post("/get_order")
def get_order() -> ResponseReturnValue:
    """`{transaction_id}` or `{merchant_id, merchant_trade_no}` -> `{order}`."""
    return {**GOOD, "order": trades.shown(current(), _asked(current(), json_body()))}


@calls.post("/get_order_list")
def get_order_list() -> ResponseReturnValue:
    """`{pay_time_range?, order_state?, openid?, last_index?, page_size?}` -> `{order_list, last_index, has_more}`."""
    body, box = json_body(), current()
    span = body.get("pay_time_range") or {}
    wishes = {"order_state": int, "openid": str, "begin_time": int, "end_time": int}
    told = {**body, **span} if isinstance(span, dict) else {}
    wished = {name: told[name] for name, kind in wishes.items() if type(told.get(name)) is kind}
    size, last = body.get("page_size", MOST_IN_PAGE), str(body.get("last_index") or NO_BOUND)
    if type(size) is not int or not 1 <= size <= MOST_IN_PAGE or not last.isdecimal():
        raise WxError(10060014, "参数错误: page_size, last_index")
    rows = trades.page(box, wished, int(last), size + 1)
    shown = rows[:size]
    return {
        **GOOD,
        "last_index": str(shown[-1]["seq"]) if shown else "",
        "has_more": len(rows) > size,
        "order_list": [trades.shown(box, row) for row in shown],
    }


@calls.post("/notify_confirm_receive")
def notify_confirm_receive() -> ResponseReturnValue:
    """`{transaction_id | merchant_id, merchant_trade_no, received_time}`: remind the payer, once, of an express."""
    body, box = json_body(), current()
    order = _asked(box, body)
    if order["order_state"] != trades.SHIPPED:
        raise WxError(10060028, "支付单不处于已发货状态")
    if order["logistics_type"] != upload.EXPRESS:
        raise WxError(10060029, "仅快递发货可提醒确认收货")
    if type(body.get("received_time")) is not int:
        raise WxError(10060032, "签收时间非法")
    with box.store.transaction() as db:
        first = db.execute(
            "UPDATE wxa_shipments SET reminded = 1 WHERE out_trade_no = ? AND NOT reminded", (order["out_trade_no"],)
        )
    if not first.rowcount:
        raise WxError(10060030, "已提醒过用户确认收货")
    return GOOD


@calls.post("/is_trade_managed")
def is_trade_managed() -> ResponseReturnValue:
    """`{appid}` -> `{is_trade_managed}`: whether money is frozen."""
    _require_own_app(json_body())
    return {**GOOD, "is_trade_managed": current().knobs.word("freeze") == "on"}


@calls.post("/is_trade_management_confirmation_completed")
def is_trade_management_confirmation_completed() -> ResponseReturnValue:
    """`{appid}` -> `{completed}`."""
    _require_own_app(json_body())
    return {**GOOD, "completed": True}


@calls.post("/set_msg_jump_path")
def set_msg_jump_path() -> ResponseReturnValue:
    """`{path}`: where a tap on the shipping message leads."""
    path = json_body().get("path")
    if not isinstance(path, str) or not path:
        raise WxError(10060014, "参数错误: path")
    current().store.remember(by_control.JUMP_PATH, path)
    return GOOD


@calls.post("/update_order_detail_path")
def update_order_detail_path() -> ResponseReturnValue:
    """`{path}`: where the order centre opens an order; it must say where the order's number goes."""
    path = json_body().get("path")
    if not isinstance(path, str) or NUMBER_IN_PATH not in path:
        raise WxError(10060035, "path 非法")
    current().store.remember(by_control.DETAIL_PATH, path)
    return GOOD


def due(box: Sandbox) -> None:
    """Do what the clock does by itself."""
    settlement.due(box)


def resume(box: Sandbox) -> None:
    """Go on with the pushes that a stop interrupted."""
    messagepush.resume(box)


def _asked(box: Sandbox, body: dict[str, Any]) -> Any:
    if body.get("transaction_id"):
        return trades.require(trades.by_transaction(box, str(body["transaction_id"])))
    if body.get("merchant_id") != box.credentials.words.mchid:
        raise WxError(10060014, "参数错误: merchant_id")
    return trades.require(trades.by_number(box, str(body.get("merchant_trade_no"))))


def _require_own_app(body: dict[str, Any]) -> None:
    if body.get("appid") != current().credentials.words.wxa_appid:
        raise WxError(40013, "invalid appid")


bp.register_blueprint(calls)
bp.register_blueprint(by_control.bp)
