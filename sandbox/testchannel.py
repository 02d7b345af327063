"""The `sandbox` chat channel: hears everything, edits freely, signed with an HMAC both ways; for tests only."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from typing import Any

import requests
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from sandbox.context import Sandbox, current
from sandbox.people import Person
from sandbox.wecom import rooms
from sandbox.wecom.cards import PlatformError, check_card
from sandbox.wecom.render import markdown_text
from sandbox.wecom.rooms import ROBOT, Room, Said

PATH = "/hooks/sandbox-chat"
SKEW_SECONDS = 300
ANSWER_SECONDS = 5
bp = Blueprint("testchannel", __name__)

Shape = tuple[rooms.Kind, str, dict[str, Any] | None]


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the hex HMAC over timestamp, a dot and the raw body."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def say(box: Sandbox, room: Room, person: Person, text: str) -> threading.Event:
    """Tell the product what was said; the returned event is set, for the answer is already in the room."""
    return _tell(box, room, {"chat_id": room.chat_id, "user_id": person.userid, "kind": "message", "text": text})


def click(
    box: Sandbox, room: Room, person: Person, message_id: int, key: str, selected: dict[str, str]
) -> threading.Event:
    """Tell the product which button was pressed on which message, and what the selectors stand at."""
    event: dict[str, Any] = {"chat_id": room.chat_id, "user_id": person.userid, "kind": "click", "action": key}
    event |= {"message_id": str(message_id)} | ({"selected": selected} if selected else {})
    return _tell(box, room, event, message_id)


def _tell(box: Sandbox, room: Room, event: dict[str, Any], message_id: int | None = None) -> threading.Event:
    answered = threading.Event()
    answered.set()
    body = json.dumps({"event_id": secrets.token_hex(12)} | event, ensure_ascii=False).encode()
    timestamp = str(box.clock.timestamp())
    headers = {
        "Content-Type": "application/json",
        "X-Timestamp": timestamp,
        "X-Signature": sign(box.credentials.words.sandbox_chat_secret, timestamp, body),
    }
    try:
        answer = requests.post(f"{box.config.product_url}{PATH}", data=body, headers=headers, timeout=ANSWER_SECONDS)
        answer.raise_for_status()
        _show_answer(box, room, answer.json(), message_id)
    except (requests.RequestException, ValueError, PlatformError) as error:
        rooms.note(box, room, f"{ROBOT}没有回应：{type(error).__name__} {error}")
    return answered


def _show_answer(box: Sandbox, room: Room, answer: dict[str, Any], message_id: int | None) -> None:
    if (update := answer.get("update")) and message_id is not None:
        kind, text, card = _shape(update)
        rooms.replace(box, message_id, text=text, card=card, kind=kind)
    for payload in answer.get("replies") or []:
        rooms.add(box, room, Said(ROBOT, "sandbox", *_shape(payload)))


def _shape(payload: Any) -> Shape:
    """(kind, text, card) of a payload in the smart robot's shapes: text, markdown or template_card."""
    kind = payload.get("msgtype") if isinstance(payload, dict) else None
    part = payload.get(kind) if kind in ("text", "markdown", "template_card") else None
    if not isinstance(part, dict):
        raise PlatformError(40008, "msgtype must be text, markdown or template_card, with its part beside it")
    if kind == "template_card":
        return "card", "", check_card(part)
    content = part.get("content")
    if not isinstance(content, str) or not content:
        raise PlatformError(44004, "empty content")
    return ("text", content, None) if kind == "text" else ("markdown", markdown_text(content), None)


def _signed_body() -> dict[str, Any]:
    box, raw, timestamp = current(), request.get_data(), request.headers.get("X-Timestamp", "")
    wanted = sign(box.credentials.words.sandbox_chat_secret, timestamp, raw)
    if not hmac.compare_digest(wanted.encode(), request.headers.get("X-Signature", "").encode()):
        abort(401, "bad signature")
    if not timestamp.isdecimal() or abs(int(timestamp) - box.clock.timestamp()) > SKEW_SECONDS:
        abort(401, "stale timestamp")
    body = request.get_json(force=True)
    return body if isinstance(body, dict) else {}


@bp.post("/sandbox-chat/messages")
def post_message() -> ResponseReturnValue:
    """`{chat_id, payload, key}` -> `{"message_id"}`; the same key again gives the same message."""
    box, body = current(), _signed_body()
    room = rooms.by_chat_id(box, str(body.get("chat_id")))
    if room is None or room.kind != "sandbox":
        abort(404, "no such chat")
    kind, text, card = _checked(body.get("payload"))
    said = Said(ROBOT, "sandbox", kind, text, card, push_key=str(body.get("key") or secrets.token_hex(12)))
    return {"message_id": str(rooms.add(box, room, said))}


@bp.patch("/sandbox-chat/messages/<int:message_id>")
def edit_message(message_id: int) -> ResponseReturnValue:
    """`{payload}` replaces the message; 404 for a message of another channel."""
    box, body = current(), _signed_body()
    if box.store.one("SELECT id FROM room_lines WHERE id = ? AND via = 'sandbox'", message_id) is None:
        abort(404, "no such message")
    kind, text, card = _checked(body.get("payload"))
    rooms.replace(box, message_id, text=text, card=card, kind=kind)
    return {"message_id": str(message_id)}


def _checked(payload: Any) -> Shape:
    try:
        return _shape(payload)
    except PlatformError as error:
        abort(400, error.errmsg)
