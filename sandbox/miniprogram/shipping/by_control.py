"""The payer's hand on a shipped order, and what the platform knows of orders, by control."""

from __future__ import annotations

import sqlite3

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import control, people
from sandbox.context import current
from sandbox.miniprogram import messagepush
from sandbox.miniprogram.shipping import settlement, trades

JUMP_PATH, DETAIL_PATH = "shipping.msg_jump_path", "shipping.order_detail_path"
bp = Blueprint("shipping_control", __name__)


@bp.get("/control/orders/<out_trade_no>")
def read_order(out_trade_no: str) -> ResponseReturnValue:
    """The paid order as `get_order` tells it, with `frozen_fen` and `settled_time`."""
    return trades.controlled(current(), _order(out_trade_no))


@bp.post("/control/orders/<out_trade_no>/confirm-receive")
def confirm_receive(out_trade_no: str) -> ResponseReturnValue:
    """`{"person"}`: the payer taps 确认收货; 409 with a word when that cannot be."""
    wish, box = control.wish(), current()
    order, person = _order(out_trade_no), people.find(box, name=str(wish.get("person")))
    if person is None or person.openid != order["openid"]:
        abort(409, "not_the_payer")
    if not order["finished"]:
        abort(409, "not_shipped")
    if not settlement.receive(box, out_trade_no):
        abort(409, "already_received")
    return trades.controlled(box, _order(out_trade_no))


@bp.get("/control/shipping")
def read_shipping() -> ResponseReturnValue:
    """`{msg_jump_path, order_detail_path, pushes: [{id, event, number, state, tries, content}]}`."""
    store = current().store
    paths = {"msg_jump_path": store.setting(JUMP_PATH), "order_detail_path": store.setting(DETAIL_PATH)}
    return {**paths, "pushes": messagepush.listed(current())}


def _order(out_trade_no: str) -> sqlite3.Row:
    row = trades.by_number(current(), out_trade_no)
    if row is None:
        abort(409, "unknown_order")
    return row
