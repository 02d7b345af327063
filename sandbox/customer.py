"""The mini-program's customer-service chat: a person writes, the product hears it by push and answers by API."""

from __future__ import annotations

import json
import secrets
from typing import Any

import requests
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.clock import rfc3339
from sandbox.context import Sandbox, current
from sandbox.control import wish as told
from sandbox.miniprogram import messagepush
from sandbox.miniprogram.errors import WxError, json_body
from sandbox.miniprogram.tokens import require_token
from sandbox.people import Person

SCHEMA = """
CREATE TABLE IF NOT EXISTS customer_lines (
  id INTEGER PRIMARY KEY, openid TEXT NOT NULL, at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('enter', 'in', 'out')), text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS customer_lines_by_openid ON customer_lines (openid, id);
"""
CHECK_SECONDS = 5
WINDOWS = {"in": (48 * 3600, 5), "enter": (60, 2)}
TEXT_BYTES = 2048
bp = Blueprint("customer", __name__)


@bp.post("/cgi-bin/message/custom/send")
def send() -> ResponseReturnValue:
    """`{touser, msgtype: text | miniprogrampage | link | image, …}`; 45015 window over, 45047 count used up."""
    require_token()
    box, body = current(), json_body()
    person = people.find(box, openid=str(body.get("touser")))
    if person is None:
        raise WxError(40003, "invalid openid")
    text = _readable(body)
    with box.store.transaction():
        _require_window(box, person)
        _note(box, person, "out", text)
    return {"errcode": 0, "errmsg": "ok"}


@bp.post("/control/customer/<name>/enter")
def enter(name: str) -> ResponseReturnValue:
    """`{"session_from"?}`: open the chat; `{"delivered", "tries", "messages"}` after the push was answered."""
    session_from = str((request.get_json(force=True, silent=True) or {}).get("session_from") or "")
    event = {"MsgType": "event", "Event": "user_enter_tempsession", "SessionFrom": session_from}
    return _told(people.ensure(current(), name), "enter", session_from, event)


@bp.post("/control/customer/<name>/say")
def say(name: str) -> ResponseReturnValue:
    """`{"text"}`: write to customer service; `{"delivered", "tries", "messages"}` after the push was answered."""
    text = told().get("text")
    if not isinstance(text, str) or not text.strip():
        abort(400, "text")
    event = {"MsgType": "text", "Content": text, "MsgId": secrets.randbits(62)}
    return _told(people.ensure(current(), name), "in", text, event)


@bp.get("/control/customer/<name>")
def transcript(name: str) -> ResponseReturnValue:
    """The person's chat after `?after=`: `{"messages": [{id, at, kind: enter | in | out, text}]}`."""
    person = people.find(current(), name=name)
    if person is None:
        abort(404, f"nobody is called {name}")
    return {"messages": _lines(current(), person, request.args.get("after", 0, type=int))}


@bp.post("/control/wechat/check-url")
def check_url() -> ResponseReturnValue:
    """The platform's GET on the message-push address: `{"ok", "why"}`; ok when echostr came back verbatim."""
    box, echostr = current(), str(secrets.randbits(60))
    query = messagepush.query(box) | {"echostr": echostr}
    try:
        answer = requests.get(f"{box.config.product_url}{messagepush.PATH}", params=query, timeout=CHECK_SECONDS)
    except requests.RequestException as error:
        return {"ok": False, "why": type(error).__name__}
    return {"ok": answer.content == echostr.encode(), "why": f"HTTP {answer.status_code}"}


def _told(person: Person, kind: str, text: str, event: dict[str, Any]) -> ResponseReturnValue:
    box = current()
    first = _note(box, person, kind, text)
    frame = {"ToUserName": messagepush.ORIGINAL_ID, "FromUserName": person.openid, "CreateTime": box.clock.timestamp()}
    tries = _push(box, person, json.dumps(frame | event, ensure_ascii=False))
    return {"delivered": tries > 0, "tries": tries or messagepush.TRIES, "messages": _lines(box, person, first - 1)}


def _push(box: Sandbox, person: Person, plain: str) -> int:
    """The number of the try that was answered well, 0 when none was."""
    tries = range(1, messagepush.TRIES + 1)
    return next((number for number in tries if messagepush.deliver(box, person.openid, plain)), 0)


def _readable(body: dict[str, Any]) -> str:
    """What the person sees of an outgoing message; raises 40008, 44004 or 45002."""
    kind = body.get("msgtype")
    if kind not in ("text", "image", "link", "miniprogrampage"):
        raise WxError(40008, "invalid message type")
    part = body.get(kind)
    if not isinstance(part, dict):
        raise WxError(47001, f"data format error: {kind}")
    if kind == "image":
        return "[图片]"
    field = "content" if kind == "text" else "title"
    text = part.get(field)
    if not isinstance(text, str) or not text:
        raise WxError(44004, f"empty content: {kind}.{field}")
    if len(text.encode()) > TEXT_BYTES:
        raise WxError(45002, f"content size out of limit: {kind}.{field}")
    return text if kind == "text" else f"[{'小程序' if kind == 'miniprogrampage' else '链接'}] {text}"


def _require_window(box: Sandbox, person: Person) -> None:
    """Raise unless one of the person's windows is open and not used up."""
    now, is_open = box.clock.timestamp(), False
    for kind, (seconds, most) in WINDOWS.items():
        last = box.store.one(
            "SELECT * FROM customer_lines WHERE openid = ? AND kind = ? ORDER BY id DESC LIMIT 1", person.openid, kind
        )
        if last is None or last["at"] + seconds <= now:
            continue
        is_open = True
        sent = box.store.all(
            "SELECT id FROM customer_lines WHERE openid = ? AND kind = 'out' AND id > ?", person.openid, last["id"]
        )
        if len(sent) < most:
            return
    if is_open:
        raise WxError(45047, "out of response count limit")
    raise WxError(45015, "response out of time limit or subscription is canceled")


def _note(box: Sandbox, person: Person, kind: str, text: str) -> int:
    with box.store.transaction() as db:
        cursor = db.execute(
            "INSERT INTO customer_lines (openid, at, kind, text) VALUES (?, ?, ?, ?)",
            (person.openid, box.clock.timestamp(), kind, text),
        )
        return int(cursor.lastrowid or 0)


def _lines(box: Sandbox, person: Person, after: int) -> list[dict[str, Any]]:
    rows = box.store.all("SELECT * FROM customer_lines WHERE openid = ? AND id > ? ORDER BY id", person.openid, after)
    return [{"id": row["id"], "at": rfc3339(row["at"]), "kind": row["kind"], "text": row["text"]} for row in rows]
