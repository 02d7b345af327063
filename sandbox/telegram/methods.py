"""The methods a bot may call, by HTTP or in the reply to its webhook, with the platform's limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.context import Sandbox
from sandbox.telegram import chats
from sandbox.telegram.chats import BOT_ID, BOT_NAME, Chat
from sandbox.telegram.keyboards import ALERT_LENGTH, ApiError, as_card, bad, checked_keyboard, checked_text, units
from sandbox.wecom import rooms
from sandbox.wecom.limits import SlidingWindow
from sandbox.wecom.rooms import ROBOT, Said

Params = dict[str, Any]
Windows = dict[str, SlidingWindow]
BOT = {"id": BOT_ID, "is_bot": True, "first_name": ROBOT, "username": BOT_NAME}


def call(box: Sandbox, windows: Windows, method: str, params: Params) -> Any:
    """The method's result; raises `ApiError`."""
    if method not in METHODS:
        raise ApiError(404, "Not Found: method not found")
    _take(box, {"telegram:all": "bot"}, windows)
    return METHODS[method](box, windows, params)


def _get_me(box: Sandbox, windows: Windows, params: Params) -> Any:
    return BOT


def _send(box: Sandbox, windows: Windows, params: Params) -> Any:
    text, rows = checked_text(params), checked_keyboard(params)
    chat = _chat(box, params)
    kinds = {"telegram:chat": chat.room.chat_id}
    if chat.type != "private":
        kinds["telegram:group"] = chat.room.chat_id
    _take(box, kinds, windows)
    card = as_card(text, rows)
    said = Said(ROBOT, "telegram", "card" if card else "text", "" if card else text, card)
    return _message(box, chat, rooms.add(box, chat.room, said), text)


def _edit(box: Sandbox, windows: Windows, params: Params) -> Any:
    text, rows = checked_text(params), checked_keyboard(params)
    chat, message_id = _chat(box, params), params.get("message_id")
    if type(message_id) is not int:
        raise bad("message identifier is not specified")
    line = rooms.line(box, chat.room, message_id)
    if line is None:
        raise bad("message to edit not found")
    if line["via"] != "telegram":
        raise bad("message can't be edited")
    card = as_card(text, rows)
    if (line["card"], line["text"]) == (card, line["text"] if card else text):
        raise bad("message is not modified: specified new message content and reply markup are exactly the same")
    rooms.replace(box, message_id, text="" if card else text, card=card, kind="card" if card else "text")
    return _message(box, chat, message_id, text)


def _answer_press(box: Sandbox, windows: Windows, params: Params) -> Any:
    """Good once for each press; the words are shown to the presser alone."""
    text = params.get("text") or ""
    if not isinstance(text, str) or units(text) > ALERT_LENGTH:
        raise bad("MESSAGE_TOO_LONG")
    with box.store.transaction() as db:
        query = str(params.get("callback_query_id"))
        row = db.execute("SELECT * FROM telegram_queries WHERE id = ? AND answered = 0", (query,)).fetchone()
        if row is None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        db.execute("UPDATE telegram_queries SET answered = 1 WHERE id = ?", (query,))
    room = rooms.find(box, row["room_id"])
    if text and room is not None:
        rooms.note(box, room, f"{text}（只有{row['name']}看见）", kind="system")
    return True


def _chat(box: Sandbox, params: Params) -> Chat:
    wanted = str(params.get("chat_id"))
    if (new_id := chats.moved_to(box, wanted)) is not None:
        raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=new_id)
    room = rooms.by_chat_id(box, wanted)
    if room is None or room.kind != "telegram":
        raise bad("chat not found")
    chat = chats.of_room(box, room)
    if room.closed:
        raise ApiError(403, f"Forbidden: bot was kicked from the {chat.type} chat")
    return chat


def _take(box: Sandbox, kinds: dict[str, str], windows: Windows) -> None:
    """Count one call in all of these windows, or in none; raises 429."""
    now = box.clock.now()
    wait = max(windows[kind].free_in(key, now) for kind, key in kinds.items())
    if wait:
        raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
    for kind, key in kinds.items():
        windows[kind].take(key, now)


def _message(box: Sandbox, chat: Chat, message_id: int, text: str) -> dict[str, Any]:
    return {
        "message_id": message_id, "from": BOT, "chat": chat.shown(), "date": box.clock.timestamp(), "text": text,
    }  # fmt: skip


METHODS: dict[str, Callable[[Sandbox, Windows, Params], Any]] = {
    "getMe": _get_me,
    "sendMessage": _send,
    "editMessageText": _edit,
    "answerCallbackQuery": _answer_press,
}
