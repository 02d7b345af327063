"""The cashier sheet: where a person pays, and how a test pays oddly."""

from __future__ import annotations

import re
import secrets
import sqlite3
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox import control, people
from sandbox.clock import rfc3339
from sandbox.context import Sandbox, current
from sandbox.pay import account, notices, orders, refunds
from sandbox.pay.signing import is_signed, message

bp = Blueprint("cashier", __name__)


class SheetError(Exception):
    """The cashier sheet shows an error and no money moves; `code` is a word for tests."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@bp.errorhandler(SheetError)
def answer_refusal(error: SheetError) -> ResponseReturnValue:
    """`{"error": code}` with 409."""
    return {"error": error.code}, 409


@bp.errorhandler(KeyError)
def answer_missing(error: KeyError) -> ResponseReturnValue:
    """400 that names the missing field of a control call."""
    return {"error": f"missing: {error.args[0]}"}, 400


@bp.post("/control/pay")
def pay() -> ResponseReturnValue:
    """Pay by `params` (as for wx.requestPayment) or by a bare `prepay_id`, as `person`.

    Options: `silent` loses the notice; `late` pays in spite of expiry and closing; `coupon_fen` is the part that a
    coupon of the merchant's own pays; `captured_fen` captures another sum than was asked. 409 `{"error"}` when the
    sheet refuses.
    """
    wish = control.wish()
    box = current()
    prepay_id = _checked_params(box, wish["params"]) if "params" in wish else str(wish.get("prepay_id"))
    person = people.find(box, name=str(wish.get("person")))
    if person is None:
        raise SheetError("unknown_person")
    with box.store.transaction() as db:
        order = _payable(box, prepay_id, person.openid, late=bool(wish.get("late")))
        order = _capture(box, db, order, wish)
        url = "" if wish.get("silent") else order["notify_url"]
        content = orders.shown(box, order)
        notice = notices.write(db, box, "TRANSACTION.SUCCESS", order["out_trade_no"], url, content)
    notices.send(box, notice)
    return {**_receipt(order), "notice_id": notice}


@bp.post("/control/stray-payment")
def stray_payment() -> ResponseReturnValue:
    """`{"out_trade_no", "total_fen", "person", "notify_url"}`: money for a number nobody asked for.

    409 `number_taken` for one that is known.
    """
    wish = control.wish()
    box = current()
    person = people.ensure(box, str(wish["person"]))
    now, number = box.clock.timestamp(), wish["out_trade_no"]
    with box.store.transaction() as db:
        order = db.execute(
            "INSERT INTO pay_orders (out_trade_no, parameters_hash, description, attach, notify_url, openid, total_fen,"
            " created_at, time_expire) VALUES (?, '', '来路不明', '', ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING RETURNING *",
            (number, wish["notify_url"], person.openid, wish["total_fen"], now, now + 60),
        ).fetchone()
        if order is None:
            raise SheetError("number_taken")
        order = _capture(box, db, order, {})
        content = orders.shown(box, order)
        notice = notices.write(db, box, "TRANSACTION.SUCCESS", number, wish["notify_url"], content)
    notices.send(box, notice)
    return {**_receipt(order), "notice_id": notice}


@bp.post("/control/refunds/<out_refund_no>/finish")
def finish_refund(out_refund_no: str) -> ResponseReturnValue:
    """`{"from": "PROCESSING"|"ABNORMAL", "to": "SUCCESS"|"ABNORMAL"|"CLOSED"}`: what the console would do by hand."""
    wish = control.wish()
    if not refunds.finish(current(), out_refund_no, start=wish["from"], ends_as=wish["to"]):
        raise SheetError("refund_in_another_state")
    return {"out_refund_no": out_refund_no, "state": wish["to"]}


@bp.get("/control/notices")
def list_notices() -> ResponseReturnValue:
    """`{"notices": [{id, event_type, number, state, attempts, accepted, last_status, created_at}]}`."""
    return {"notices": notices.listed(current())}


@bp.post("/control/notices/<notice_id>/resend")
def resend_notice(notice_id: str) -> ResponseReturnValue:
    """Deliver it once more, even if it was lost or already accepted."""
    if not notices.resend(current(), notice_id):
        raise SheetError("unknown_notice")
    return {"id": notice_id}


def _checked_params(box: Sandbox, params: dict[str, str]) -> str:
    """The prepay_id of `wx.requestPayment` parameters whose paySign is the merchant's."""
    words = box.credentials.words
    package = re.fullmatch(r"prepay_id=(\w+)", str(params.get("package")))
    if package is None or params.get("signType") != "RSA" or params.get("appId", words.wxa_appid) != words.wxa_appid:
        raise SheetError("bad_params")
    signed = message(words.wxa_appid, str(params.get("timeStamp")), str(params.get("nonceStr")), package[0])
    if not is_signed(box.credentials.merchant_public_key, signed, str(params.get("paySign"))):
        raise SheetError("bad_pay_sign")
    return package[1]


def _payable(box: Sandbox, prepay_id: str, openid: str, *, late: bool) -> sqlite3.Row:
    prepay = box.store.one("SELECT * FROM pay_prepays WHERE prepay_id = ?", prepay_id)
    if prepay is None:
        raise SheetError("unknown_prepay_id")
    order, now = orders.find(box, prepay["out_trade_no"]), box.clock.timestamp()
    if order["openid"] != openid:
        raise SheetError("openid_mismatch")
    if order["transaction_id"] is not None:
        raise SheetError("order_paid")
    if not late:
        if order["state"] == "CLOSED":
            raise SheetError("order_closed")
        if order["time_expire"] < now:
            raise SheetError("order_expired")
        if prepay["expires_at"] <= now:
            raise SheetError("prepay_expired")
    return order


def _capture(box: Sandbox, db: sqlite3.Connection, order: sqlite3.Row, wish: dict[str, Any]) -> sqlite3.Row:
    """Move the payer's money to the merchant; a coupon of the merchant's own only makes it less."""
    total = int(wish.get("captured_fen", order["total_fen"]))
    payer, now = total - int(wish.get("coupon_fen", 0)), box.clock.timestamp()
    if not 0 <= payer <= total or total < 1:
        raise SheetError("bad_amount")
    paid: sqlite3.Row = db.execute(
        "UPDATE pay_orders SET state = 'SUCCESS', total_fen = ?, payer_fen = ?, success_at = ?, transaction_id = ?"
        " WHERE out_trade_no = ? RETURNING *",
        (total, payer, now, f"4200{secrets.randbelow(10**24):024d}", order["out_trade_no"]),
    ).fetchone()
    return account.capture(db, paid, freeze=box.knobs.word("freeze") == "on")


def _receipt(order: sqlite3.Row) -> dict[str, Any]:
    return {
        "out_trade_no": order["out_trade_no"],
        "transaction_id": order["transaction_id"],
        "total_fen": order["total_fen"],
        "payer_fen": order["payer_fen"],
        "success_time": rfc3339(order["success_at"]),
    }
