"""The server's calls about shared cards: making an activity, updatable messages, the chat tool."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox.context import Sandbox, current
from sandbox.miniprogram import card_knobs, groups
from sandbox.miniprogram.card_rules import CHAT_TOOL, LIFE_SECONDS, NEXT, OVER, TEMPLATES, UPDATABLE
from sandbox.miniprogram.errors import WxError, json_body
from sandbox.miniprogram.tokens import require_token

SCHEMA = """
CREATE TABLE IF NOT EXISTS activities (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL DEFAULT '' CHECK (kind IN ('', 'updatable', 'chat_tool')),
  state INTEGER NOT NULL DEFAULT 0, member_count TEXT NOT NULL DEFAULT '', room_limit TEXT NOT NULL DEFAULT '',
  path TEXT NOT NULL DEFAULT '', expires_at INTEGER NOT NULL, ended_itself INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS activity_calls (
  id INTEGER PRIMARY KEY, activity_id TEXT NOT NULL, at INTEGER NOT NULL, target_state INTEGER NOT NULL,
  told TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS activity_people (
  activity_id TEXT NOT NULL, group_openid TEXT NOT NULL, PRIMARY KEY (activity_id, group_openid));
"""
NUMBER = re.compile(r"[0-9]{1,9}")
bp = Blueprint("activities", __name__)


@bp.get("/cgi-bin/message/wxopen/activityid/create")
def create() -> ResponseReturnValue:
    """`?access_token` -> `{activity_id, expiration_time}` (Unix seconds), good for 24 hours."""
    require_token()
    card_knobs.before()
    box, made = current(), secrets.token_urlsafe(48)
    end = box.clock.timestamp() + LIFE_SECONDS
    with box.store.transaction() as db:
        db.execute("INSERT INTO activities (id, expires_at) VALUES (?, ?)", (made, end))
    return card_knobs.answer({"activity_id": made, "expiration_time": end})


@bp.post("/cgi-bin/message/wxopen/updatablemsg/send")
def update() -> ResponseReturnValue:
    """`{activity_id, target_state 0|1|2, template_info: {parameter_list: [{name, value}]}}`; values are texts."""
    require_token()
    card_knobs.before()
    body = json_body()
    target = _target(body, (0, 1, 2))
    values = _parameters(body) if target < 2 else {}
    if target == 0 and not all(NUMBER.fullmatch(values.get(name, "")) for name in ("member_count", "room_limit")):
        raise WxError(47001, "data format error: member_count, room_limit")
    if target == 1 and values.get("version_type") not in ("develop", "trial", "release"):
        raise WxError(47503, "invalid version_type")
    if target == 1 and not values.get("path"):
        raise WxError(47001, "data format error: path")
    box = current()
    with box.store.transaction() as db:
        row = _movable(box, db, body["activity_id"], UPDATABLE, target)
        counts = [values.get(name, row[name]) for name in ("member_count", "room_limit")]
        change = "UPDATE activities SET member_count = ?, room_limit = ?, path = ? WHERE id = ?"
        db.execute(change, (*counts, values.get("path", ""), row["id"]))
        _step(box, db, row, UPDATABLE, target, "/".join(counts) if target == 0 else "")
    return card_knobs.answer({})


@bp.post("/cgi-bin/message/wxopen/chattoolmsg/send")
def chat_tool() -> ResponseReturnValue:
    """`{activity_id, target_state 1|2|3, version_type 0|1|2, template_id, participator_info_list?}`."""
    require_token()
    card_knobs.before()
    body = json_body()
    target = _target(body, (1, 2, 3))
    version = body.get("version_type", 0)
    if type(version) is not int or version not in (0, 1, 2):
        raise WxError(40097, "invalid args: version_type")
    if body.get("template_id") not in TEMPLATES[CHAT_TOOL]:
        raise WxError(40097, "invalid args: template_id")
    if (target == 1) != ("participator_info_list" in body):
        raise WxError(40097, "invalid args: participator_info_list")
    names = _participants(body) if target == 1 else []
    box = current()
    with box.store.transaction() as db:
        row = _movable(box, db, body["activity_id"], CHAT_TOOL, target)
        newly = [name for name in names if _takes_part(db, row["id"], name)]
        _step(box, db, row, CHAT_TOOL, target, ",".join(names), newly)
    return card_knobs.answer({})


def due(box: Sandbox) -> None:
    """Every card whose day is over ends by itself."""
    now = box.clock.timestamp()
    for row in box.store.all("SELECT * FROM activities WHERE NOT ended_itself AND expires_at <= ?", now):
        with box.store.transaction() as db:
            db.execute("UPDATE activities SET ended_itself = 1 WHERE id = ?", (row["id"],))
            if row["kind"] and row["state"] != OVER[row["kind"]]:
                _step(box, db, row, row["kind"], OVER[row["kind"]], "24 hours")


def _movable(box: Sandbox, db: sqlite3.Connection, activity_id: str, kind: str, target: int) -> sqlite3.Row:
    """The activity, if it may go there."""
    row: sqlite3.Row | None = db.execute("SELECT * FROM activities WHERE id = ?", (activity_id,)).fetchone()
    if row is None or row["kind"] not in ("", kind):
        raise WxError(47501, "invalid activity_id")
    if row["expires_at"] <= box.clock.timestamp():
        raise WxError(47504, "activity_id expired")
    if target not in NEXT[kind][row["state"]]:
        raise WxError(47502, "invalid target_state")
    return row


def _step(
    box: Sandbox, db: sqlite3.Connection, row: sqlite3.Row, kind: str, target: int, told: str,
    newly_named: Sequence[str] = (),
) -> None:  # fmt: skip
    db.execute("UPDATE activities SET kind = ?, state = ? WHERE id = ?", (kind, target, row["id"]))
    call = "INSERT INTO activity_calls (activity_id, at, target_state, told) VALUES (?, ?, ?, ?)"
    db.execute(call, (row["id"], box.clock.timestamp(), target, told))
    groups.moved(box, row["id"], row["state"], target, newly_named)


def _takes_part(db: sqlite3.Connection, activity_id: str, name: str) -> bool:
    """Note the person; False when they took part already. 40097 for somebody who is not in the card's group."""
    here = "SELECT 1 FROM wx_members m JOIN wx_cards c ON c.group_id = m.group_id WHERE m.group_openid = ?"
    if not db.execute(f"{here} AND c.activity_id = ?", (name, activity_id)).fetchone():
        raise WxError(40097, "invalid args: group_openid")
    return db.execute("INSERT OR IGNORE INTO activity_people VALUES (?, ?)", (activity_id, name)).rowcount == 1


def _target(body: dict[str, Any], known: Sequence[int]) -> int:
    if not isinstance(body.get("activity_id"), str):
        raise WxError(47501, "invalid activity_id")
    target = body.get("target_state")
    if type(target) is not int or target not in known:
        raise WxError(47502, "invalid target_state")
    return target


def _parameters(body: dict[str, Any]) -> dict[str, str]:
    info = body.get("template_info")
    listed = info.get("parameter_list") if isinstance(info, dict) else None
    values: dict[str, str] = {}
    for item in listed if isinstance(listed, list) else []:
        name, value = (item.get(key) for key in ("name", "value")) if isinstance(item, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(value, str):
            raise WxError(47001, "data format error: values are strings")
        values[name] = value
    if not values:
        raise WxError(47001, "data format error: template_info.parameter_list")
    return values


def _participants(body: dict[str, Any]) -> list[str]:
    listed = body["participator_info_list"]
    if not isinstance(listed, list) or not listed:
        raise WxError(40097, "invalid args: participator_info_list")
    if not all(isinstance(item, dict) and item.get("state") == 1 for item in listed):
        raise WxError(40097, "invalid args: state can only be 1")
    return [str(item.get("group_openid", "")) for item in listed]
