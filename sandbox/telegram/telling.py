"""What people say and press becomes an update at the product's webhook; the one call in its reply is done."""

from __future__ import annotations

import secrets
import threading
from typing import Any

import requests

from sandbox.context import Sandbox
from sandbox.people import Person
from sandbox.telegram import chats, methods
from sandbox.telegram.chats import BOT_NAME, Chat
from sandbox.telegram.keyboards import ApiError
from sandbox.telegram.methods import Windows
from sandbox.wecom import chat_knobs, rooms
from sandbox.wecom.rooms import ROBOT, Room

PATH = "/hooks/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
ANSWER_SECONDS = 5
TRIES = 2


def say(box: Sandbox, windows: Windows, room: Room, person: Person, text: str, message_id: int) -> threading.Event:
    """Tell the product what was said, if the bot may hear it; the event is set when the answer is in the room."""
    chat = chats.of_room(box, room)
    if _hears(chat, text):
        said = _frame(box, chat, person) | {"message_id": message_id, "text": text}
        _tell(box, windows, room, {"message": said})
    return _done()


def click(box: Sandbox, windows: Windows, room: Room, person: Person, message_id: int, data: str) -> threading.Event:
    """Press a button: the product must answer the query."""
    query, chat = secrets.token_hex(9), chats.of_room(box, room)
    with box.store.transaction() as db:
        db.execute("INSERT INTO telegram_queries (id, room_id, name) VALUES (?, ?, ?)", (query, room.id, person.name))
    pressed = {"message_id": message_id, "chat": chat.shown(), "date": box.clock.timestamp(), "from": methods.BOT}
    press = {"id": query, "from": chats.user(box, person), "message": pressed, "data": data, "chat_instance": "1"}
    _tell(box, windows, room, {"callback_query": press})
    return _done()


def migrate(box: Sandbox, windows: Windows, room: Room, person: Person) -> tuple[int, int]:
    """The group becomes a supergroup, and the product is told so: (old id, new id)."""
    old = chats.of_room(box, room)
    ids = chats.become_supergroup(box, room)
    said = _frame(box, old, person) | {"message_id": 0, "migrate_to_chat_id": ids[1]}
    _tell(box, windows, room, {"message": said})
    return ids


def _hears(chat: Chat, text: str) -> bool:
    return not chat.privacy or chat.type == "private" or text.startswith("/") or f"@{BOT_NAME}" in text


def _frame(box: Sandbox, chat: Chat, person: Person) -> dict[str, Any]:
    return {"from": chats.user(box, person), "chat": chat.shown(), "date": box.clock.timestamp()}


def _done() -> threading.Event:
    answered = threading.Event()
    answered.set()
    return answered


def _tell(box: Sandbox, windows: Windows, room: Room, update: dict[str, Any]) -> None:
    """Deliver; once more under the same number when nothing good came back, or when its answer was lost."""
    body = {"update_id": chats.new_update_id(box), **update}
    for _ in range(TRIES):
        try:
            answer = requests.post(
                box.config.product_url + PATH,
                json=body,
                headers={HEADER: box.credentials.words.telegram_hook_secret},
                timeout=ANSWER_SECONDS,
            )
        except requests.RequestException as error:
            why = type(error).__name__
            continue
        why = f"HTTP {answer.status_code}"
        if answer.ok and not chat_knobs.take(box, "drop_replies"):
            _do(box, windows, room, answer)
            return
    rooms.note(box, room, f"{ROBOT}没有回应：{why}")


def _do(box: Sandbox, windows: Windows, room: Room, answer: requests.Response) -> None:
    if not answer.content:
        return
    try:
        wish = answer.json()
        methods.call(box, windows, str(wish.pop("method", "")), wish)
    except (ValueError, AttributeError, ApiError) as error:
        rooms.note(box, room, f"平台拒绝了{ROBOT}的答复：{error}")
