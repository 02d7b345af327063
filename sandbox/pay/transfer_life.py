"""A transfer's way: taken out of the account, confirmed or not, succeeded or put back, and told."""

from __future__ import annotations

import secrets
import sqlite3
from typing import Any

from sandbox import people
from sandbox.clock import rfc3339
from sandbox.context import Sandbox
from sandbox.pay import books, flows, notices
from sandbox.pay.errors import PayError

CONFIRM_SECONDS = 24 * 3600
FINISHED = "MCHTRANSFER.BILL.FINISHED"
WAITING, MOVING, CANCELING = "WAIT_USER_CONFIRM", "TRANSFERING", "CANCELING"


def accept(box: Sandbox, db: sqlite3.Connection, wanted: dict[str, Any]) -> str:
    """Write a new transfer and take its money out; a wrong name fails it at once. The notice to send, "" if none."""
    person, now = people.find(box, openid=wanted["openid"]), box.clock.timestamp()
    misnamed = bool(wanted["name"]) and (person is None or person.real_name != wanted["name"])
    if not misnamed and books.balance_fen(box, books.FREE) < wanted["amount_fen"]:
        raise PayError(403, "NOT_ENOUGH", "商户可用余额不足，请充值后使用原单号重新发起")
    made = {
        "state": "FAIL" if misnamed else WAITING,
        "fail_reason": "NAME_NOT_CORRECT" if misnamed else "",
        "transfer_bill_no": f"1330{secrets.randbelow(10**34):034d}",
        "package_info": f"affffddafdfafddffda=={secrets.token_urlsafe(32)}",
        "now": now,
    }
    row = db.execute(
        "INSERT INTO pay_transfers (out_bill_no, transfer_bill_no, parameters_hash, openid, amount_fen, remark,"
        " notify_url, package_info, created_at, updated_at, state, fail_reason) VALUES (:out_bill_no,"
        " :transfer_bill_no, :parameters_hash, :openid, :amount_fen, :remark, :notify_url, :package_info, :now, :now,"
        " :state, :fail_reason) RETURNING *",
        wanted | made,
    ).fetchone()
    if misnamed:
        return _told(box, db, row)
    _book(db, row, {books.FREE: -row["amount_fen"], books.IN_TRANSFER: row["amount_fen"]}, now)
    flows.record(db, flows.TRANSFER, _voucher(row), -row["amount_fen"], now)
    return ""


def find(box: Sandbox, out_bill_no: str) -> sqlite3.Row | None:
    """The transfer of that number."""
    return box.store.one("SELECT * FROM pay_transfers WHERE out_bill_no = ?", out_bill_no)


def begin(box: Sandbox, out_bill_no: str, state: str) -> bool:
    """From waiting to TRANSFERING or CANCELING, with the end to follow; False when it no longer waited."""
    with box.store.transaction() as db:
        moved = db.execute(
            "UPDATE pay_transfers SET state = ?, updated_at = ? WHERE out_bill_no = ? AND state = ?",
            (state, box.clock.timestamp(), out_bill_no, WAITING),
        ).rowcount
    if moved:
        _end_later(box, out_bill_no, state)
    return bool(moved)


def end(box: Sandbox, out_bill_no: str, state: str, *, reason: str = "", start: tuple[str, ...]) -> bool:
    """Let a transfer in one of the `start` states end, book it and tell the merchant; False when it was in none."""
    with box.store.transaction() as db:
        now, row = box.clock.timestamp(), find(box, out_bill_no)
        if row is None or row["state"] not in start:
            return False
        row = db.execute(
            "UPDATE pay_transfers SET state = ?, fail_reason = ?, updated_at = ? WHERE out_bill_no = ? RETURNING *",
            (state, reason, now, out_bill_no),
        ).fetchone()
        goes_to = books.wallet(row["openid"]) if state == "SUCCESS" else books.FREE
        _book(db, row, {books.IN_TRANSFER: -row["amount_fen"], goes_to: row["amount_fen"]}, now)
        if state != "SUCCESS":
            flows.record(db, flows.TRANSFER_BACK, _voucher(row), row["amount_fen"], now)
        notice = _told(box, db, row)
    notices.send(box, notice)
    return True


def due(box: Sandbox) -> None:
    """Fail what nobody confirmed within 24 hours."""
    late = box.store.all(
        "SELECT out_bill_no FROM pay_transfers WHERE state = 'WAIT_USER_CONFIRM' AND created_at <= ?",
        box.clock.timestamp() - CONFIRM_SECONDS,
    )
    for row in late:
        end(box, row["out_bill_no"], "FAIL", reason="OVERDUE_CLOSE", start=(WAITING,))


def resume(box: Sandbox) -> None:
    """After a restart, end what was moving."""
    for row in box.store.all("SELECT * FROM pay_transfers WHERE state IN (?, ?)", MOVING, CANCELING):
        _end_later(box, row["out_bill_no"], row["state"])


def shown(box: Sandbox, row: sqlite3.Row) -> dict[str, Any]:
    """The transfer as a query answers it and a notice carries it."""
    words = box.credentials.words
    answer = {
        "mch_id": words.mchid,
        "mchid": words.mchid,
        "appid": words.wxa_appid,
        "out_bill_no": row["out_bill_no"],
        "transfer_bill_no": row["transfer_bill_no"],
        "state": row["state"],
        "transfer_amount": row["amount_fen"],
        "transfer_remark": row["remark"],
        "openid": row["openid"],
        "create_time": rfc3339(row["created_at"]),
        "update_time": rfc3339(row["updated_at"]),
    }
    return answer | extras(row)


def extras(row: sqlite3.Row) -> dict[str, str]:
    """`package_info` while the payee may confirm, `fail_reason` once it failed."""
    package = {"package_info": row["package_info"]} if row["state"] == WAITING else {}
    return package | ({"fail_reason": row["fail_reason"]} if row["fail_reason"] else {})


def _end_later(box: Sandbox, out_bill_no: str, state: str) -> None:
    ends_as, reason = ("SUCCESS", "") if state == MOVING else ("CANCELLED", "MCH_CANCEL")

    def attempt() -> bool:
        end(box, out_bill_no, ends_as, reason=reason, start=(state,))
        return True

    box.push.submit(attempt, delay=box.knobs.number("transfer_delay_ms") / 1000)


def _told(box: Sandbox, db: sqlite3.Connection, row: sqlite3.Row) -> str:
    return notices.write(db, box, FINISHED, row["out_bill_no"], row["notify_url"], shown(box, row))


def _book(db: sqlite3.Connection, row: sqlite3.Row, moves: dict[str, int], now: int) -> None:
    books.post(db, f"transfer {row['state']} {row['out_bill_no']}", moves, now)


def _voucher(row: sqlite3.Row) -> flows.Voucher:
    return flows.Voucher(row["out_bill_no"], row["transfer_bill_no"], row["remark"])
