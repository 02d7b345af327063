"""The control side of the chat: open rooms, speak, press buttons, read what is there."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.context import Sandbox, current
from sandbox.control import wish as told
from sandbox.httpchat import telling as httpchat
from sandbox.httpchat.signing import WAYS
from sandbox.people import Person
from sandbox.telegram import chats as telegram_chats
from sandbox.telegram import telling as telegram
from sandbox.wecom import aibot, delivery, rooms, runtime, webhook
from sandbox.wecom.cards import button_keys, questions
from sandbox.wecom.rooms import ROBOT, Room, Said

ANSWER_SECONDS = 5.0
bp = Blueprint("chat_control", __name__)


def show_room(box: Sandbox, room: Room) -> dict[str, Any]:
    """A room as JSON."""
    inside = [person.name for person in rooms.members(box, room)]
    return {"room_id": room.id, "chat_id": room.chat_id, "name": room.name, "kind": room.kind, "members": inside}


@bp.post("/control/rooms")
def open_room() -> ResponseReturnValue:
    """`{"name", "kind", "members": [names]}` -> the room; kinds wecom, sandbox, http, telegram.

    People are made on first mention.
    """
    wish = told()
    name, kind, members = wish.get("name"), wish.get("kind", "wecom"), wish.get("members", [])
    if not isinstance(name, str) or not name or kind not in ("wecom", "telegram", *WAYS):
        abort(400, "name, kind (wecom, telegram, http or sandbox)")
    if not isinstance(members, list) or not all(isinstance(one, str) and one for one in members):
        abort(400, "members: a list of names")
    if kind == "telegram":
        return show_room(current(), telegram_chats.open_chat(current(), name, members))
    return show_room(current(), rooms.open_room(current(), kind, name, members))


@bp.get("/control/rooms")
def list_rooms() -> ResponseReturnValue:
    """`{"rooms": [{room_id, chat_id, name, kind, members}]}`, single chats (`kind` "single") among them."""
    return {"rooms": [show_room(current(), room) for room in rooms.everything(current())]}


@bp.post("/control/rooms/<int:room_id>/members")
def add_member(room_id: int) -> ResponseReturnValue:
    """`{"person"}` joins; the room as JSON."""
    room = _room(room_id)
    rooms.join(current(), room, people.ensure(current(), _text(told(), "person")))
    return show_room(current(), room)


@bp.post("/control/rooms/<int:room_id>/robot")
def add_robot(room_id: int) -> ResponseReturnValue:
    """`{"name"?}` puts a webhook robot into the room: `{"key", "url"}`."""
    wish = request.get_json(force=True, silent=True) or {}
    key = webhook.add_robot(current(), _room(room_id), str(wish.get("name") or ROBOT))
    return {"key": key, "url": f"{current().config.base_url}/cgi-bin/webhook/send?key={key}"}


@bp.delete("/control/rooms/<int:room_id>/robot")
def remove_robots(room_id: int) -> ResponseReturnValue:
    """Take the robots out; their keys answer 93000 from now on: `{"removed": n}`."""
    return {"removed": webhook.remove_robots(current(), _room(room_id))}


@bp.post("/control/rooms/<int:room_id>/close")
def close(room_id: int) -> ResponseReturnValue:
    """Throw the bot out of a room of bridge, test channel or Telegram; the room as JSON."""
    rooms.close(current(), _room(room_id))
    return show_room(current(), _room(room_id))


@bp.get("/control/rooms/<int:room_id>/messages")
def messages(room_id: int) -> ResponseReturnValue:
    """Lines added or changed after `?after=`, oldest first, as `?as=` (a name) sees them: a list."""
    viewer = people.find(current(), name=request.args.get("as", "")) if request.args.get("as") else None
    after = request.args.get("after", 0, type=int)
    return rooms.lines(current(), _room(room_id), after, viewer.userid if viewer else "")


@bp.post("/control/rooms/<int:room_id>/say")
def say(room_id: int) -> ResponseReturnValue:
    """`{"person", "text", "mention"?}` -> `{"messages": [new lines]}`, after the answer or five seconds."""
    wish = told()
    room, text = _room(room_id), _text(wish, "text")
    person = _member(room, _text(wish, "person"))
    return _spoken(room, person, text, mention=bool(wish.get("mention")))


@bp.post("/control/rooms/<int:room_id>/click")
def click(room_id: int) -> ResponseReturnValue:
    """`{"person", "message_id", "key", "selected"?: {question_key: option_id}}` -> `{"messages"}` likewise."""
    wish, room = told(), _room(room_id)
    person = _member(room, _text(wish, "person"))
    line = rooms.line(current(), room, _number(wish, "message_id"), person.userid)
    if line is None or line["card"] is None or line["via"] == "webhook":
        abort(404, "no card with buttons has this message_id here")
    key, selected = _text(wish, "key"), wish.get("selected") or {}
    if not isinstance(selected, dict):
        abort(400, "selected: {question_key: option_id}")
    if key not in button_keys(line["card"]):
        abort(400, f"the card has no button {key}")
    choices = _choices(line["card"], selected)
    before = rooms.last_seq(current())
    if room.kind in WAYS:
        answered = httpchat.click(current(), room, person, line["message_id"], key, choices)
    elif room.kind == "telegram":
        answered = telegram.click(current(), runtime.current().windows, room, person, line["message_id"], key)
    else:
        answered = aibot.click(_talk(room, person, line["text"]), line["card"], line["message_id"], key, choices)
    return _after(room, person, before, answered)


@bp.post("/control/dm")
def send_dm() -> ResponseReturnValue:
    """`{"person", "text"}`: speak to the robot alone -> `{"room_id", "messages"}`."""
    wish = told()
    person = people.ensure(current(), _text(wish, "person"))
    room = rooms.single(current(), person)
    before = rooms.last_seq(current())
    if (entered := aibot.enter(_talk(room, person, None))) is not None:
        entered.wait(ANSWER_SECONDS)
    return _spoken(room, person, _text(wish, "text"), mention=True, before=before)


@bp.get("/control/dm/<name>")
def read_dm(name: str) -> ResponseReturnValue:
    """The person's single chat after `?after=`: a list of lines."""
    person = people.find(current(), name=name)
    if person is None:
        abort(404, f"nobody is called {name}")
    room, after = rooms.single(current(), person), request.args.get("after", 0, type=int)
    return rooms.lines(current(), room, after, person.userid)


@bp.post("/control/wecom/check-url")
def check_url() -> ResponseReturnValue:
    """The platform's GET on the callback address, answered within a second: `{"ok", "why"}`."""
    ok, why = delivery.check_url(current())
    return {"ok": ok, "why": why}


def _spoken(room: Room, person: Person, text: str, *, mention: bool, before: int | None = None) -> ResponseReturnValue:
    box = current()
    before = rooms.last_seq(box) if before is None else before
    group = room.kind == "wecom"
    if group and mention and not text.startswith(aibot.MENTION):
        text = f"{aibot.MENTION} {text}"
    line = rooms.add(box, room, Said(person.name, "person", "text", text))
    answered = None
    if room.kind in WAYS:
        answered = httpchat.say(box, room, person, text)
    elif room.kind == "telegram":
        answered = telegram.say(box, runtime.current().windows, room, person, text, line)
    elif not group or text.startswith(aibot.MENTION):
        quote = f"{person.name}：{text}" if group else None
        answered = aibot.say(_talk(room, person, quote), text)
    return _after(room, person, before, answered)


def _after(room: Room, person: Person, before: int, answered: threading.Event | None) -> ResponseReturnValue:
    if answered is not None:
        answered.wait(ANSWER_SECONDS)
    return {"room_id": room.id, "messages": rooms.lines(current(), room, before, person.userid)}


def _talk(room: Room, person: Person, quote: str | None) -> aibot.Talk:
    return aibot.Talk(current(), runtime.current(), room, person, quote)


def _choices(card: dict[str, Any], selected: dict[str, str]) -> dict[str, str]:
    """What each selector stands at: the person's choice, else the card's own, else its first option."""
    asked = questions(card)
    for question, option in selected.items():
        if option not in asked.get(question, []):
            abort(400, f"the card has no option {question}={option}")
    preset = (card.get("button_selection") or {}).get("selected_id")
    return {question: preset if preset in options else options[0] for question, options in asked.items()} | selected


def _room(room_id: int) -> Room:
    room = rooms.find(current(), room_id)
    if room is None:
        abort(404, "no such room")
    return room


def _member(room: Room, name: str) -> Person:
    found = [person for person in rooms.members(current(), room) if person.name == name]
    if not found:
        abort(400, f"{name} is not in {room.name}")
    return found[0]


def _number(wish: dict[str, Any], field: str) -> int:
    value = wish.get(field)
    if type(value) is not int:
        abort(400, f"{field}: a whole number is required")
    return value


def _text(wish: dict[str, Any], field: str) -> str:
    value = wish.get(field)
    if not isinstance(value, str) or not value.strip():
        abort(400, f"{field}: a text is required")
    return value.strip()
