"""The group robot's webhook: keys, limits, messages and uploads, with the platform's error codes."""

from __future__ import annotations

import json
import secrets
import time

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.context import Sandbox
from sandbox.context import current as sandbox
from sandbox.wecom import chat_knobs, rooms, runtime, webhook_rules
from sandbox.wecom.cards import PlatformError
from sandbox.wecom.rooms import ROBOT, Room, Said

SCHEMA = """
CREATE TABLE IF NOT EXISTS robots (
  key TEXT PRIMARY KEY, room_id INTEGER NOT NULL REFERENCES rooms, name TEXT NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS robot_media (
  media_id TEXT PRIMARY KEY, key TEXT NOT NULL REFERENCES robots, expires_at INTEGER NOT NULL);
"""
MEDIA_SECONDS = 3 * 24 * 3600
MEDIA_BYTES = {"file": (6, 20 * 1024 * 1024), "voice": (1, 2 * 1024 * 1024)}
bp = Blueprint("webhook", __name__)


def add_robot(box: Sandbox, room: Room, name: str = ROBOT) -> str:
    """Put a robot into the room and return its key."""
    raw = secrets.token_hex(16)
    key = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))
    with box.store.transaction() as db:
        db.execute("INSERT INTO robots (key, room_id, name) VALUES (?, ?, ?)", (key, room.id, name))
    return key


def remove_robots(box: Sandbox, room: Room) -> int:
    """Take all robots out of the room; their keys are dead from now on. Returns how many there were."""
    with box.store.transaction() as db:
        return db.execute("UPDATE robots SET removed = 1 WHERE room_id = ? AND removed = 0", (room.id,)).rowcount


@bp.post("/cgi-bin/webhook/send")
def send() -> ResponseReturnValue:
    """One message into the key's room; `{"errcode", "errmsg"}`, always HTTP 200 (unless a knob breaks the answer)."""
    box = sandbox()
    if delay := chat_knobs.read(box)["webhook_delay_ms"]:
        time.sleep(delay / 1000)
    try:
        _send(box, request.args.get("key", ""), request.get_data())
    except PlatformError as error:
        return {"errcode": error.errcode, "errmsg": error.errmsg}
    if chat_knobs.take(box, "webhook_lose_answers"):
        return "upstream closed the connection", 502
    return {"errcode": 0, "errmsg": "ok"}


@bp.post("/cgi-bin/webhook/upload_media")
def upload() -> ResponseReturnValue:
    """A file or voice message, good for three days and for this robot only."""
    box, key, kind = sandbox(), request.args.get("key", ""), request.args.get("type", "")
    part = request.files.get("media")
    try:
        _room_of(box, key)
        if kind not in MEDIA_BYTES or part is None:
            raise PlatformError(40004, "invalid media type")
        least, most = MEDIA_BYTES[kind]
        if not least <= len(part.read()) <= most:
            raise PlatformError(40006, "invalid media size")
    except PlatformError as error:
        return {"errcode": error.errcode, "errmsg": error.errmsg}
    media_id, now = secrets.token_urlsafe(32), box.clock.timestamp()
    with box.store.transaction() as db:
        db.execute("INSERT INTO robot_media VALUES (?, ?, ?)", (media_id, key, now + MEDIA_SECONDS))
    return {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media_id, "created_at": str(now)}


def _send(box: Sandbox, key: str, raw: bytes) -> None:
    room, name = _room_of(box, key)
    if errcode := chat_knobs.read(box)["webhook_errcode"]:
        chat_knobs.turn(box, {"webhook_errcode": 0})
        raise PlatformError(errcode, "refused by a knob")
    if chat_knobs.take(box, "webhook_busy"):
        raise PlatformError(-1, "system error")
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise PlatformError(47001, "data format error") from error
    if not runtime.current().webhook_window.take(key, box.clock.now()):
        raise PlatformError(45009, "api freq out of limit")

    def name_of(mark: str) -> str | None:
        member = next((one for one in people.everyone(box) if mark in (one.userid, one.phone)), None)
        return member.name if member else None

    def has_media(media_id: str) -> bool:
        row = box.store.one("SELECT * FROM robot_media WHERE media_id = ? AND key = ?", media_id, key)
        return row is not None and row["expires_at"] > box.clock.timestamp()

    kind, text, card = webhook_rules.read(body, name_of, has_media)
    rooms.add(box, room, Said(name, "webhook", kind, text, card))


def _room_of(box: Sandbox, key: str) -> tuple[Room, str]:
    row = box.store.one("SELECT * FROM robots WHERE key = ? AND removed = 0", key)
    room = None if row is None else rooms.find(box, row["room_id"])
    if row is None or room is None:
        raise PlatformError(93000, "invalid webhook url")
    return room, row["name"]
