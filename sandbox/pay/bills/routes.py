"""Asking for a bill and fetching it: the address is good for five minutes and its answer is not signed."""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
from collections.abc import Container
from datetime import date

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from sandbox.context import Sandbox, current
from sandbox.pay.bills import layout, movements, planting, trades
from sandbox.pay.bills.errors import spoilt
from sandbox.pay.errors import PayError, bad_field

SCHEMA = (
    planting.SCHEMA
    + """
CREATE TABLE IF NOT EXISTS pay_bill_files (
  token TEXT PRIMARY KEY, content BLOB NOT NULL, zipped INTEGER NOT NULL, expires_at INTEGER NOT NULL);
"""
)
URL_SECONDS, KEPT_DAYS = 300, 92
bp = Blueprint("bills", __name__)


@bp.get("/bill/tradebill")
def trade_bill() -> ResponseReturnValue:
    """`?bill_date&bill_type&tar_type` -> `{hash_type, hash_value, download_url}`."""
    box, day = current(), _day()
    bill_type = _word("bill_type", "ALL", trades.HEADS)
    with box.store.transaction():
        rows, flaws, lies = planting.shown(box, day)
    rows = trades.chosen(rows, bill_type)
    lines = [trades.line(box, row, bill_type) for row in rows]
    lines = [
        spoilt(line, flaws[row.number]) if row.number in flaws else line for line, row in zip(lines, rows, strict=True)
    ]
    content = layout.file(trades.HEADS[bill_type], lines, trades.SUMMARY, trades.summary(rows))
    return _offered(box, content if rows else b"", lies=lies)


@bp.get("/bill/fundflowbill")
def fund_flow_bill() -> ResponseReturnValue:
    """`?bill_date&account_type&tar_type` -> `{hash_type, hash_value, download_url}`; all is in the BASIC account."""
    box, day = current(), _day()
    rows = (
        movements.of_day(box, day) if _word("account_type", "BASIC", ("BASIC", "OPERATION", "FEES")) == "BASIC" else []
    )
    return _offered(box, movements.file(box, rows) if rows else b"")


@bp.get("/billdownload/file")
def download() -> ResponseReturnValue:
    """The file behind a download address; the answer carries no signature."""
    box = current()
    row = box.store.one("SELECT * FROM pay_bill_files WHERE token = ?", request.args.get("token", ""))
    if row is None or row["expires_at"] <= box.clock.timestamp():
        raise PayError(404, "RESOURCE_NOT_EXISTS", "下载地址不存在或已过期，请重新申请账单")
    g.unsigned = True
    content = row["content"] if row["zipped"] else gzip.decompress(row["content"])
    return Response(content, mimetype="application/gzip" if row["zipped"] else "text/plain")


def _offered(box: Sandbox, content: bytes, *, lies: bool = False) -> ResponseReturnValue:
    """Keep the file for five minutes and say where it is; `lies` makes the hash wrong."""
    zipped = _word("tar_type", "", ("", "GZIP")) == "GZIP"
    if not content:
        raise PayError(400, "NO_STATEMENT_EXIST", "账单文件不存在：当日无交易")
    token, now = secrets.token_urlsafe(32), box.clock.timestamp()
    with box.store.transaction() as db:
        db.execute("DELETE FROM pay_bill_files WHERE expires_at <= ? OR expires_at > ?", (now, now + URL_SECONDS))
        packed = gzip.compress(content, mtime=0)
        db.execute("INSERT INTO pay_bill_files VALUES (?, ?, ?, ?)", (token, packed, zipped, now + URL_SECONDS))
    value = hashlib.sha1(content[1:] if lies else content, usedforsecurity=False).hexdigest()
    url = f"{request.host_url}v3/billdownload/file?token={token}"
    return {"hash_type": "SHA1", "hash_value": value, "download_url": url}


def _day() -> date:
    """The bill's day; raises while it is not over, not yet written, or too long ago."""
    text, now = request.args.get("bill_date", ""), current().clock.timestamp()
    try:
        day = date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else "")
    except ValueError:
        raise bad_field("bill_date") from None
    age = (layout.today(now) - day).days
    if not 0 <= age <= KEPT_DAYS:
        raise bad_field("bill_date")
    if now < layout.ready_at(day):
        raise PayError(400, "STATEMENT_CREATING", "账单生成中，请稍后重试")
    return day


def _word(name: str, default: str, allowed: Container[str]) -> str:
    value = request.args.get(name, default)
    if value not in allowed:
        raise bad_field(name)
    return value
