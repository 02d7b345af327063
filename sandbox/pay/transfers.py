"""Merchant transfers (商家转账): asking, querying, cancelling; and the payee's hand, by control."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import control, people
from sandbox.clock import rfc3339
from sandbox.context import current
from sandbox.pay import fields, notices, transfer_life, transfer_rules
from sandbox.pay.errors import PayError

gateway = Blueprint("transfer_bills", __name__, url_prefix="/fund-app/mch-transfer/transfer-bills")
bp = Blueprint("transfers", __name__)


@gateway.post("")
def transfer() -> ResponseReturnValue:
    """Take a transfer, or say how the one of that number stands."""
    box = current()
    wanted, notice = transfer_rules.wanted(box, fields.body()), ""
    with box.store.transaction() as db:
        known = transfer_life.find(box, wanted["out_bill_no"])
        if known is None:
            notice = transfer_life.accept(box, db, wanted)
        elif known["parameters_hash"] != wanted["parameters_hash"]:
            raise PayError(400, "INVALID_REQUEST", "单号已存在但信息不一致")
        row = _known(wanted["out_bill_no"])
    if notice:
        notices.send(box, notice)
    return {**_numbers(row), "create_time": rfc3339(row["created_at"]), **transfer_life.extras(row)}


@gateway.get("/out-bill-no/<number>")
def ask(number: str) -> ResponseReturnValue:
    """The transfer by the merchant's number."""
    return transfer_life.shown(current(), _known(number))


@gateway.get("/transfer-bill-no/<number>")
def ask_by_id(number: str) -> ResponseReturnValue:
    """The transfer by the gateway's number."""
    row = current().store.one("SELECT out_bill_no FROM pay_transfers WHERE transfer_bill_no = ?", number)
    return transfer_life.shown(current(), _known(row["out_bill_no"] if row else ""))


@gateway.post("/out-bill-no/<number>/cancel")
def cancel(number: str) -> ResponseReturnValue:
    """Take an unconfirmed transfer back: CANCELING, soon CANCELLED; again says how it stands."""
    _known(number)
    transfer_life.begin(current(), number, transfer_life.CANCELING)
    row = _known(number)
    if row["state"] not in ("CANCELING", "CANCELLED"):
        raise PayError(400, "INVALID_REQUEST", "当前转账单状态不支持撤销")
    return {**_numbers(row), "update_time": rfc3339(row["updated_at"])}


@bp.get("/control/transfers")
def list_transfers() -> ResponseReturnValue:
    """`{"transfers": […]}`, each with what its payee's phone needs to confirm it."""
    rows = current().store.all("SELECT * FROM pay_transfers ORDER BY created_at, rowid")
    return {"transfers": [listed(row) for row in rows]}


@bp.post("/control/transfers/<out_bill_no>/confirm")
def confirm(out_bill_no: str) -> ResponseReturnValue:
    """`{"person", "package"?}`: the payee taps 确认收款."""
    wish, box = control.wish(), current()
    row = _controlled(out_bill_no)
    person = people.find(box, name=str(wish.get("person")))
    if person is None or person.openid != row["openid"]:
        abort(409, "not_the_payee")
    if wish.get("package") not in (None, row["package_info"]):
        abort(409, "bad_package")
    if not transfer_life.begin(box, out_bill_no, transfer_life.MOVING):
        abort(409, "transfer_in_another_state")
    return listed(_controlled(out_bill_no))


@bp.post("/control/transfers/<out_bill_no>/fail")
def fail(out_bill_no: str) -> ResponseReturnValue:
    """`{"reason"?}`: it fails, from any state but an end."""
    reason = control.wish().get("reason", "PAYEE_ACCOUNT_ABNORMAL")
    if not isinstance(reason, str) or not reason:
        abort(400, "reason")
    _controlled(out_bill_no)
    unfinished = (transfer_life.WAITING, transfer_life.MOVING, transfer_life.CANCELING)
    if not transfer_life.end(current(), out_bill_no, "FAIL", reason=reason, start=unfinished):
        abort(409, "transfer_in_another_state")
    return listed(_controlled(out_bill_no))


def listed(row: sqlite3.Row) -> dict[str, Any]:
    """A transfer as the control addresses show it."""
    names = (
        "out_bill_no",
        "transfer_bill_no",
        "state",
        "amount_fen",
        "openid",
        "fail_reason",
        "package_info",
        "remark",
    )
    times = {"create_time": rfc3339(row["created_at"]), "update_time": rfc3339(row["updated_at"])}
    return {**{name: row[name] for name in names}, **times}


def _known(number: str) -> sqlite3.Row:
    row = transfer_life.find(current(), number)
    if row is None:
        raise PayError(404, "NOT_FOUND", "记录不存在")
    return row


def _controlled(number: str) -> sqlite3.Row:
    row = transfer_life.find(current(), number)
    if row is None:
        abort(409, "unknown_transfer")
    return row


def _numbers(row: sqlite3.Row) -> dict[str, str]:
    return {name: row[name] for name in ("out_bill_no", "transfer_bill_no", "state")}
