"""What people say and press in a room of signed JSON, told to the product; its answer goes into the room."""

from __future__ import annotations

import json
import secrets
import threading
from typing import Any

import requests

from sandbox.context import Sandbox
from sandbox.httpchat.signing import WAYS, signed_headers
from sandbox.people import Person
from sandbox.wecom import rooms
from sandbox.wecom.cards import PlatformError, check_card
from sandbox.wecom.render import markdown_text
from sandbox.wecom.replies import check_bytes
from sandbox.wecom.rooms import ROBOT, Room, Said

ANSWER_SECONDS = 5
TEXT_BYTES = 4096
Shape = tuple[rooms.Kind, str, dict[str, Any] | None]


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
    headers = signed_headers(box, room.kind, body)
    url = box.config.product_url + WAYS[room.kind].path
    try:
        answer = requests.post(url, data=body, headers=headers, timeout=ANSWER_SECONDS)
        answer.raise_for_status()
        _show_answer(box, room, answer.json(), message_id)
    except (requests.RequestException, ValueError, PlatformError) as error:
        rooms.note(box, room, f"{ROBOT}没有回应：{type(error).__name__} {error}")
    return answered


def _show_answer(box: Sandbox, room: Room, answer: dict[str, Any], message_id: int | None) -> None:
    if (update := answer.get("update")) and message_id is not None:
        if room.kind != "sandbox":
            raise PlatformError(40008, "a sent message cannot be changed here")
        kind, text, card = shape(update)
        rooms.replace(box, message_id, text=text, card=card, kind=kind)
    for payload in answer.get("replies") or []:
        rooms.add(box, room, Said(ROBOT, "sandbox", *shape(payload)))


def shape(payload: Any) -> Shape:
    """(kind, text, card) of a payload in the smart robot's shapes: text, markdown or template_card."""
    kind = payload.get("msgtype") if isinstance(payload, dict) else None
    part = payload.get(kind) if kind in ("text", "markdown", "template_card") else None
    if not isinstance(part, dict):
        raise PlatformError(40008, "msgtype must be text, markdown or template_card, with its part beside it")
    if kind == "template_card":
        return "card", "", check_card(part)
    content = part.get("content")
    check_bytes(content, f"{kind}.content", TEXT_BYTES)
    return ("text", str(content), None) if kind == "text" else ("markdown", markdown_text(str(content)), None)
