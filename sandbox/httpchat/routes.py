"""Where the product posts messages: the strict bridge, and the test channel, whose messages can be changed."""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import Blueprint, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from sandbox.context import Sandbox, current
from sandbox.httpchat.signing import WAYS, signed_body
from sandbox.httpchat.telling import Shape, shape
from sandbox.wecom import chat_knobs, rooms, runtime
from sandbox.wecom.cards import PlatformError
from sandbox.wecom.rooms import ROBOT, Room, Said

bp = Blueprint("httpchat", __name__)


@bp.post("/sandbox-chat/messages")
def post_free_message() -> ResponseReturnValue:
    """`{chat_id, payload, key}` -> `{"message_id"}`; the same key again gives the same message."""
    return _post("sandbox", signed_body("sandbox"))


@bp.patch("/sandbox-chat/messages/<int:message_id>")
def edit_message(message_id: int) -> ResponseReturnValue:
    """`{payload}` replaces the message; 404 for a message of another channel."""
    box, body = current(), signed_body("sandbox")
    line = box.store.one("SELECT room_id FROM room_lines WHERE id = ? AND via = 'sandbox'", message_id)
    room = None if line is None else rooms.find(box, line["room_id"])
    if room is None or room.kind != "sandbox":
        abort(404, "no such message")
    kind, text, card = _checked(body.get("payload"))
    rooms.replace(box, message_id, text=text, card=card, kind=kind)
    return {"message_id": str(message_id)}


@bp.post("/chat-bridge/messages")
def post_bridged_message() -> ResponseReturnValue:
    """The same, but `Idempotency-Key` must repeat `key`, and a key stands for one payload only (409)."""
    body = signed_body("http")
    if not body.get("key") or request.headers.get("Idempotency-Key") != body["key"]:
        abort(400, "Idempotency-Key must be the body's key")
    return _post("http", body)


def _post(kind: str, body: dict[str, Any]) -> ResponseReturnValue:
    box, room = current(), _room(kind, body)
    shown = _checked(body.get("payload"))
    key = f"{kind}:{body.get('key') or secrets.token_hex(12)}"
    message_id = _sent_before(box, room, key, shown) or _add(box, room, key, shown)
    if chat_knobs.take(box, "push_lose_answers"):
        return "upstream closed the connection", 502
    return {"message_id": str(message_id)}


def _room(kind: str, body: dict[str, Any]) -> Room:
    room = rooms.by_chat_id(current(), str(body.get("chat_id")))
    if room is None or room.kind != kind:
        abort(404, "no such chat")
    if room.closed:
        abort(410, "the chat is closed")
    return room


def _sent_before(box: Sandbox, room: Room, key: str, shown: Shape) -> int | None:
    line = box.store.one("SELECT id, room_id, text, card FROM room_lines WHERE push_key = ?", key)
    if line is None:
        return None
    _, text, card = shown
    same = text == line["text"] if card is None else json.loads(line["card"] or "null") == card
    if line["room_id"] != room.id or (room.kind == "http" and not same):
        abort(409, "the key was used for another message")
    return int(line["id"])


def _add(box: Sandbox, room: Room, key: str, shown: Shape) -> int:
    window, now = runtime.current().windows[f"{room.kind}:chat"], box.clock.now()
    wait = 1 if chat_knobs.throttled(box) else window.free_in(room.chat_id, now)
    if wait or not window.take(room.chat_id, now):
        refusal = jsonify(error=f"at most {WAYS[room.kind].a_minute} messages a minute")
        abort(make_response(refusal, 429, {"Retry-After": str(wait or 1)}))
    return rooms.add(box, room, Said(ROBOT, "sandbox", *shown, push_key=key))


def _checked(payload: Any) -> Shape:
    try:
        return shape(payload)
    except PlatformError as error:
        abort(400, error.errmsg)
