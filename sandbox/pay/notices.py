"""Notices to the merchant: sealed, signed, delivered at least once, and spoilt on the way when a knob says so."""

from __future__ import annotations

import json
import secrets
import sqlite3
import uuid
from typing import Any

import requests

from sandbox.clock import rfc3339
from sandbox.context import Sandbox
from sandbox.pay.signing import Signer, sealed

SUMMARIES = {
    "TRANSACTION.SUCCESS": "支付成功",
    "REFUND.SUCCESS": "退款成功",
    "REFUND.ABNORMAL": "退款异常",
    "REFUND.CLOSED": "退款关闭",
    "MCHTRANSFER.BILL.FINISHED": "商家转账单据终态通知",
}
ORIGINAL_TYPES = {"TRANSACTION": "transaction", "REFUND": "refund", "MCHTRANSFER": "mch_payment"}
TIMEOUT_SECONDS = 5
TRUE_ONE_AFTER_SECONDS, HELD_AT_MOST_SECONDS = 0.3, 3.0


def write(db: sqlite3.Connection, box: Sandbox, event_type: str, number: str, url: str, content: dict[str, Any]) -> str:
    """Write a notice in the transaction of its cause; hand the id to `send` after the commit."""
    notice_id = str(uuid.uuid4())
    state = "lost" if not url or box.knobs.take("lose_notices") else "pending"
    if state == "pending" and box.knobs.take("reorder_notices"):
        state = "held"
    db.execute(
        "INSERT INTO pay_notices (id, event_type, number, url, content, created_at, copies, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            notice_id,
            event_type,
            number,
            url,
            json.dumps(content, ensure_ascii=False),
            box.clock.timestamp(),
            max(1, box.knobs.number("duplicate_notices")),
            state,
        ),
    )
    return notice_id


def send(box: Sandbox, notice_id: str) -> None:
    """Queue a pending notice, after its spoilt copies; a held one waits for a later one, or three seconds."""
    row = _read(box, notice_id)
    if row["state"] == "held":
        box.push.submit(lambda: _release(box, notice_id), delay=HELD_AT_MOST_SECONDS)
    if row["state"] != "pending":
        return
    delay = box.knobs.number("notice_delay_ms") / 1000
    flaws = []
    if box.knobs.take("tamper_notices"):
        flaws.append(box.knobs.word("tamper_how"))
    if box.knobs.take("signtest_probe"):
        flaws.append("probe")
    for flaw in flaws:
        box.push.submit(_spoilt(box, notice_id, flaw), delay=delay, retries=())
        delay += TRUE_ONE_AFTER_SECONDS
    for _ in range(row["copies"]):
        box.push.submit(lambda: _deliver(box, notice_id), delay=delay)


def resend(box: Sandbox, notice_id: str) -> bool:
    """Deliver a notice (also a lost or delivered one) once more; False when there is none of that id."""
    with box.store.transaction() as db:
        known = db.execute("UPDATE pay_notices SET state = 'pending', copies = 1 WHERE id = ?", (notice_id,)).rowcount
    if known:
        box.push.submit(lambda: _deliver(box, notice_id))
    return bool(known)


def resume(box: Sandbox) -> None:
    """After a restart, go on with what was on its way."""
    for row in box.store.all("SELECT id FROM pay_notices WHERE state IN ('pending', 'held')"):
        resend(box, row["id"])


def listed(box: Sandbox) -> list[dict[str, Any]]:
    """All notices, oldest first, with how often they were tried and accepted."""
    columns = "id, event_type, number, state, attempts, accepted, last_status, created_at"
    rows = box.store.all(f"SELECT {columns} FROM pay_notices ORDER BY rowid")  # noqa: S608 -- constant columns
    return [{**dict(row), "created_at": rfc3339(row["created_at"])} for row in rows]


def _read(box: Sandbox, notice_id: str) -> sqlite3.Row:
    row = box.store.one("SELECT * FROM pay_notices WHERE id = ?", notice_id)
    if row is None:
        raise LookupError(notice_id)
    return row


def _deliver(box: Sandbox, notice_id: str) -> bool:
    """One true attempt; done when the merchant answers 200 or 204."""
    status = _post(box, _read(box, notice_id), flaw="")
    accepted = status in ("200", "204")
    with box.store.transaction() as db:
        db.execute(
            "UPDATE pay_notices SET attempts = attempts + 1, last_status = ?, accepted = accepted + ?,"
            " state = CASE WHEN ? THEN 'delivered' ELSE state END WHERE id = ?",
            (status, accepted, accepted, notice_id),
        )
    if accepted:
        for row in box.store.all("SELECT id FROM pay_notices WHERE state = 'held'"):
            _release(box, row["id"])
    return accepted


def _release(box: Sandbox, notice_id: str) -> bool:
    with box.store.transaction() as db:
        free = db.execute("UPDATE pay_notices SET state = 'pending' WHERE id = ? AND state = 'held'", (notice_id,))
    if free.rowcount:
        send(box, notice_id)
    return True


def _spoilt(box: Sandbox, notice_id: str, flaw: str) -> Any:
    def attempt() -> bool:
        status = _post(box, _read(box, notice_id), flaw=flaw)
        with box.store.transaction() as db:
            db.execute(
                "UPDATE pay_notices SET attempts = attempts + 1, last_status = ? WHERE id = ?",
                (f"{status} ({flaw})", notice_id),
            )
        return True

    return attempt


def _post(box: Sandbox, row: sqlite3.Row, *, flaw: str) -> str:
    """Send once; the HTTP status as text, or the name of what went wrong on the way."""
    body = _body(box, row)
    words, now = box.credentials.words, box.clock.timestamp()
    serial = f"PUB_KEY_ID_9{secrets.randbelow(10**27):027d}" if flaw == "serial" else words.public_key_id
    headers = Signer(box.credentials.platform_key, serial).headers(body, now - 3600 if flaw == "timestamp" else now)
    if flaw == "signature":
        headers["Wechatpay-Signature"] = headers["Wechatpay-Signature"][::-1].lstrip("=").ljust(344, "A")
    elif flaw == "probe":
        headers["Wechatpay-Signature"] = "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"][19:]
    elif flaw == "body":
        body = body.replace(b'"id": "', b'"id": "0', 1)
    headers |= {"Content-Type": "application/json", "User-Agent": "Mozilla/4.0"}
    try:
        answer = requests.post(row["url"], data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        return type(error).__name__
    return str(answer.status_code)


def _body(box: Sandbox, row: sqlite3.Row) -> bytes:
    original_type = ORIGINAL_TYPES[row["event_type"].partition(".")[0]]
    notice = {
        "id": row["id"],
        "create_time": rfc3339(row["created_at"]),
        "resource_type": "encrypt-resource",
        "event_type": row["event_type"],
        "summary": SUMMARIES[row["event_type"]],
        "resource": sealed(box.credentials.words.apiv3_key, row["content"].encode(), original_type),
    }
    return json.dumps(notice, ensure_ascii=False).encode()
