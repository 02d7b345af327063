"""The bot API's addresses, and the control side: open chats, migrate them, hide talk from the bot."""

from __future__ import annotations

import hmac

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.context import current
from sandbox.control import wish as told
from sandbox.telegram import chats, methods, telling
from sandbox.telegram.keyboards import ApiError
from sandbox.wecom import chat_knobs, rooms, runtime
from sandbox.wecom.rooms import Room, Said

bp = Blueprint("telegram", __name__)
SCHEMA = chats.SCHEMA


@bp.post("/bot<token>/<method>")
def bot_method(token: str, method: str) -> ResponseReturnValue:
    """`{"ok": true, "result"}`, or `{"ok": false, "error_code", "description", "parameters"?}` under that status."""
    box = current()
    try:
        if not hmac.compare_digest(token.encode(), box.credentials.words.telegram_token.encode()):
            raise ApiError(401, "Unauthorized")
        params = request.get_json(force=True, silent=True)
        if not isinstance(params, dict):
            raise ApiError(400, "Bad Request: can't parse JSON object")
        if chat_knobs.throttled(box):
            raise ApiError(429, "Too Many Requests: retry after 1", retry_after=1)
        result = methods.call(box, runtime.current().windows, method, params)
    except ApiError as refusal:
        return refusal.body(), refusal.code
    if chat_knobs.take(box, "push_lose_answers"):
        return "upstream closed the connection", 502
    return {"ok": True, "result": result}


@bp.post("/control/telegram/chats")
def open_chat() -> ResponseReturnValue:
    """`{"name", "members", "type"?: "group" | "supergroup"}` -> `{room_id, chat_id, type}`."""
    wish = told()
    name, members, kind = wish.get("name"), wish.get("members", []), wish.get("type", "group")
    if not isinstance(name, str) or not name or kind not in ("group", "supergroup") or not isinstance(members, list):
        abort(400, "name, members, type (group or supergroup)")
    room = chats.open_chat(current(), name, [str(one) for one in members], kind)
    return {"room_id": room.id, "chat_id": room.chat_id, "type": kind}


@bp.post("/control/telegram/chats/<int:room_id>/privacy")
def set_privacy(room_id: int) -> ResponseReturnValue:
    """`{"on": true | false}`."""
    on = bool(told().get("on"))
    chats.set_privacy(current(), _room(room_id), on=on)
    return {"on": on}


@bp.post("/control/telegram/chats/<int:room_id>/migrate")
def migrate(room_id: int) -> ResponseReturnValue:
    """The group becomes a supergroup: `{"old", "new"}`."""
    box, room = current(), _room(room_id)
    inside = rooms.members(box, room)
    if not inside:
        abort(400, "nobody is in there")
    old, new = telling.migrate(box, runtime.current().windows, room, inside[0])
    return {"old": old, "new": new}


@bp.post("/control/telegram/dm")
def dm() -> ResponseReturnValue:
    """`{"person", "text"}`: speak to the bot alone -> `{"room_id", "messages"}`."""
    wish, box = told(), current()
    person = people.ensure(box, str(wish.get("person")))
    room, before, text = chats.private(box, person), rooms.last_seq(box), str(wish.get("text") or "")
    line = rooms.add(box, room, Said(person.name, "person", "text", text))
    telling.say(box, runtime.current().windows, room, person, text, line)
    return {"room_id": room.id, "messages": rooms.lines(box, room, before, person.userid)}


@bp.get("/control/telegram/people/<name>")
def user_of(name: str) -> ResponseReturnValue:
    """The person's number there: `{"id"}`."""
    return {"id": chats.user_id(current(), people.ensure(current(), name))}


def _room(room_id: int) -> Room:
    room = rooms.find(current(), room_id)
    if room is None or room.kind != "telegram":
        abort(404, "no such chat")
    return room
