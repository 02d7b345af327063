"""Telegram: hears a group when the bot's privacy mode is off, answers in the webhook's reply, edits at any time.

Its numbers are from memory of the platform's documentation and were not checked against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.channels.fields import id_of, part_of, text_of, units_of
from bots.channels.texts import cut, cut_bytes, no_mark, plain
from bots.messages import Card, Heard, Reply
from domain.clock import local
from services.chat.sessions import Place
from services.ports import BadNotice, Capabilities, Limit

KIND = "telegram"
HEARD_AS_MEANT = False
MOST_BYTES = 4096
CAPABILITIES = Capabilities(
    hears="everything", speaks="freely", edits="any", buttons=True, max_bytes=MOST_BYTES,
    limits=(Limit("chat", 1, 1), Limit("chat", 20, 60), Limit("channel", 30, 1)),
)  # fmt: skip
"""4096 characters are allowed, which as many bytes never exceed."""
CALLBACK_BYTES = 64
TOLD_CHARACTERS = 200
COMMANDS = {"/help": "帮助", "/card": "发团", "/progress": "进度", "/list": "名单", "/mine": "我的"}
"""What its menu offers: a command there is written in Latin letters."""


def parse(message: Mapping[str, Any]) -> Heard | None:
    """The message, press or removal to another chat id in an update; None for the rest. Raises `BadNotice`."""
    key = id_of(message, "update_id")
    if "callback_query" in message:
        return _press(part_of(message, "callback_query"), key)
    if "message" not in message:
        return None
    said = part_of(message, "message")
    if "migrate_to_chat_id" in said:
        return Heard(Place(KIND, id_of(part_of(said, "chat"), "id"), ""), key, "moved", True,
                     subject=id_of(said, "migrate_to_chat_id"))  # fmt: skip
    text = text_of(said, "text")
    if not text or "from" not in said or part_of(said, "from").get("is_bot"):
        return None
    place, group = _place(said, part_of(said, "from"))
    word, _, rest = text.partition(" ")
    command = word.partition("@")[0].lower()
    if command == "/start" and not rest:
        return Heard(place, key, "enter", group)
    if command in COMMANDS:
        text = f"{COMMANDS[command]} {rest}".strip()
    return Heard(place, key, "message", group, text)


def render(heard: Heard, reply: Reply) -> dict[str, Any] | None:
    """The one call that the webhook's reply may hold; None is an empty reply."""
    if heard.kind == "click":
        return _told(heard, reply)
    text, keyboard = plain(reply.parts), {}
    if reply.card is not None:
        shown = card(reply.card, "")
        text, keyboard = "\n".join(part for part in (text, shown["text"]) if part), shown["reply_markup"]
    if not text:
        return None
    answer = {"method": "sendMessage", "chat_id": heard.place.chat_id or heard.place.user_id, **line(text)}
    return {**answer, "reply_markup": keyboard} if keyboard else answer


def line(text: str, mentions: tuple[str, ...] = ()) -> dict[str, Any]:
    """Plain words, so that nothing in names and titles acts as a mark; who is called is marked by number."""
    calls = "".join(" @邻居" for _ in mentions)
    body = cut_bytes(text, MOST_BYTES - len(calls.encode()))
    at = len(body.encode("utf-16-le")) // 2
    payload: dict[str, Any] = {"text": body + calls, "link_preview_options": {"is_disabled": True}}
    called = [user for user in mentions if user.isascii() and user.isdigit()]
    if called:
        payload["entities"] = [
            {"type": "text_mention", "offset": at + 1 + 4 * number, "length": 3, "user": {"id": int(user)}}
            for number, user in enumerate(called)
        ]
    return payload


def card(shown: Card, name: str) -> dict[str, Any]:
    """A campaign in words, with buttons below them; a message is known by its own id, so `name` is of no use."""
    told = [shown.title, f"{shown.count} · {shown.standing}"]
    told += [f"{offer.name} {offer.price}/{offer.unit}{_left(offer.free)}" for offer in shown.offers]
    told += [offer.milestone and f"{offer.name}{offer.milestone}" for offer in shown.offers]
    fetched = f"自提 {'、'.join(shown.points)}" if shown.points else ""
    told += [f"截团 {local(shown.closes_at)}", shown.brought or fetched, shown.note]
    body = cut_bytes(no_mark("\n".join(line for line in told if line)), MOST_BYTES)
    return {**line(body), "reply_markup": {"inline_keyboard": _keyboard(shown)}}


def _keyboard(shown: Card) -> list[list[dict[str, str]]]:
    if shown.draft:
        return [[_button("开团", f"open:{shown.campaign_id}")]]
    join = [_button(f"接龙 {units} 份", f"join:{shown.campaign_id}:{units}") for units in shown.units]
    if shown.takes_orders and not join:
        join = [_button("接龙", f"join:{shown.campaign_id}")]
    look = [_button("看详情", f"detail:{shown.campaign_id}"), _button("进度", f"progress:{shown.campaign_id}")]
    return [row for row in (join, look, [{"text": "我的订单 · 去付款", "url": shown.orders_link}]) if row]


def _button(text: str, pressed: str) -> dict[str, str]:
    return {"text": text, "callback_data": cut_bytes(pressed, CALLBACK_BYTES)}


def _left(free: int | None) -> str:
    return "" if free is None else f"（剩 {free}）" if free else "（已订完）"


def _press(query: Mapping[str, Any], key: str) -> Heard | None:
    """Without its message (it is too old, or was sent through another chat) a press means nothing to us."""
    answer_to = id_of(query, "id")
    if "message" not in query:
        return None
    pressed = part_of(query, "message")
    place, group = _place(pressed, part_of(query, "from"))
    action, _, rest = text_of(query, "data").partition(":")
    subject, _, units = rest.partition(":")
    return Heard(place, key, "click", group, action=action, subject=subject, units=units_of(units),
                 card=id_of(pressed, "message_id"), answer_to=answer_to)  # fmt: skip


def _place(said: Mapping[str, Any], sender: Mapping[str, Any]) -> tuple[Place, bool]:
    chat = part_of(said, "chat")
    kind = text_of(chat, "type")
    if kind not in ("private", "group", "supergroup"):
        raise BadNotice("no chat of people")
    group = kind != "private"
    return Place(KIND, id_of(chat, "id") if group else "", id_of(sender, "id")), group


def _told(heard: Heard, reply: Reply) -> dict[str, Any]:
    """A press is always answered, else its button keeps turning; a word for the presser alone is shown as an alert."""
    answer: dict[str, Any] = {"method": "answerCallbackQuery", "callback_query_id": heard.answer_to}
    if reply.card is None:
        return answer
    words = reply.card.note or f"{reply.card.count}，{reply.card.standing}"
    return {**answer, "text": cut(no_mark(words), TOLD_CHARACTERS), "show_alert": reply.private}
