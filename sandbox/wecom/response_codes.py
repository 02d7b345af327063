"""`response_url`: one plain answer per callback, within an hour, by its kind."""

from __future__ import annotations

import secrets
import sqlite3
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.context import Sandbox
from sandbox.context import current as sandbox
from sandbox.wecom import rooms, runtime
from sandbox.wecom.cards import PlatformError
from sandbox.wecom.render import markdown_text
from sandbox.wecom.replies import check_response_post
from sandbox.wecom.rooms import ROBOT, Room, Said

SCHEMA = """
CREATE TABLE IF NOT EXISTS response_codes (
  code TEXT PRIMARY KEY, room_id INTEGER NOT NULL, quote TEXT, expires_at INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0);
"""
VALID_SECONDS = 3600
bp = Blueprint("response_codes", __name__)


def new_url(box: Sandbox, room: Room, quote: str | None) -> str:
    """A fresh response_url whose answer will quote `quote`."""
    code = secrets.token_urlsafe(24)
    with box.store.transaction() as db:
        db.execute(
            "INSERT INTO response_codes (code, room_id, quote, expires_at) VALUES (?, ?, ?, ?)",
            (code, room.id, quote, box.clock.timestamp() + VALID_SECONDS),
        )
    return f"{box.config.base_url}/cgi-bin/aibot/response?response_code={code}"


@bp.post("/cgi-bin/aibot/response")
def respond() -> ResponseReturnValue:
    """A markdown message anywhere, a card in a single chat; errcode JSON."""
    box, body = sandbox(), request.get_json(force=True, silent=True)
    try:
        if not isinstance(body, dict):
            raise PlatformError(47001, "data format error")
        _respond(box, request.args.get("response_code", ""), body)
    except PlatformError as error:
        return {"errcode": error.errcode, "errmsg": error.errmsg}
    return {"errcode": 0, "errmsg": "ok"}


def _respond(box: Sandbox, code: str, body: dict[str, Any]) -> None:
    row = box.store.one("SELECT * FROM response_codes WHERE code = ?", code)
    room = None if row is None else rooms.find(box, row["room_id"])
    if row is None or room is None or row["used"] or row["expires_at"] < box.clock.timestamp():
        raise PlatformError(60140, "invalid response_code: unknown, used or older than an hour")
    kind = check_response_post(body, room.chattype)
    if not runtime.current().robot_window.take(room.chat_id, box.clock.now()):
        raise PlatformError(45009, "api freq out of limit")
    _use_up(box, code)
    try:
        rooms.add(box, room, _said(body, kind, row))
    except rooms.TaskIdTaken as error:
        raise PlatformError(40058, f"task_id was used before: {error}") from error


def _said(body: dict[str, Any], kind: str, row: sqlite3.Row) -> Said:
    if kind == "markdown":
        return Said(ROBOT, "aibot", "markdown", markdown_text(body["markdown"]["content"]), quote=row["quote"])
    card = body["template_card"]
    return Said(ROBOT, "aibot", "card", card=card, task_id=card.get("task_id"))


def _use_up(box: Sandbox, code: str) -> None:
    with box.store.transaction() as db:
        if db.execute("UPDATE response_codes SET used = 1 WHERE code = ? AND used = 0", (code,)).rowcount != 1:
            raise PlatformError(60140, "invalid response_code: used")
