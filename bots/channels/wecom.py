"""WeCom's smart robot: hears only what @-s it, answers in the callback, changes a card only when it is pressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.channels.card_shape import UNITS_QUESTION, notice_card, template_card
from bots.channels.fields import action_of, event_key, id_of, part_of, text_of, units_of
from bots.channels.texts import cut_bytes, escaped, markdown, plain
from bots.messages import Card, Heard, Reply
from services.chat.inbox import key_of
from services.chat.sessions import Place
from services.ports import BadNotice, Capabilities, Limit

KIND = "wecom"
HEARD_AS_MEANT = True
CAPABILITIES = Capabilities(
    hears="mentions", speaks="freely", edits="on_click", buttons=True, max_bytes=2048, streams=True,
    limits=(Limit("chat", 20, 60, cool_down=60),),
)  # fmt: skip
"""The robot with the group's webhook: the robot hears and answers, the webhook speaks."""
STREAM_BYTES = 20480
GREETING_BYTES = 2048


def parse(message: Mapping[str, Any]) -> Heard | None:
    """The message, click or first visit in a callback; None for what wants no answer. Raises `BadNotice`."""
    kind = text_of(message, "msgtype")
    user = id_of(part_of(message, "from"), "userid")
    group = text_of(message, "chattype") == "group"
    place = Place(KIND, id_of(message, "chatid") if group else "", user)
    if kind == "event":
        return _event(message, place, group)
    answer_to = text_of(message, "response_url")
    if kind == "stream":
        stream = id_of(part_of(message, "stream"), "id")
        return Heard(place, event_key(message, "msgid", user, stream), "poll", group, subject=stream)
    return Heard(place, id_of(message, "msgid"), "message", group, _words(message, kind), answer_to=answer_to)


def render(heard: Heard, reply: Reply) -> dict[str, Any] | None:
    """The answer's payload before it is sealed; None is an empty answer."""
    if heard.kind == "click":
        return _update(heard, reply)
    text = markdown(reply.parts)
    if heard.kind == "enter":
        return {"msgtype": "text", "text": {"content": cut_bytes(plain(reply.parts), GREETING_BYTES)}}
    name = heard.subject if heard.kind == "poll" else reply.live or key_of(heard.key)[:32]
    stream = {"id": name, "finish": not reply.live, "content": cut_bytes(text, STREAM_BYTES)}
    if reply.card is None:
        return {"msgtype": "stream", "stream": stream} if text else None
    card = template_card(reply.card, f"{reply.card.campaign_id}-{key_of(heard.key)[:16]}")
    if not text:
        return {"msgtype": "template_card", "template_card": card}
    return {"msgtype": "stream_with_template_card", "stream": stream, "template_card": card}


def late(heard: Heard, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The same for `response_url`, which takes markdown anywhere and a card where two talk alone."""
    shown = answer.get("template_card")
    if shown and not heard.group and answer.get("msgtype") == "template_card":
        return {"msgtype": "template_card", "template_card": shown}
    told = [str(answer.get("stream", {}).get("content", "")), *(_told(shown) if shown else ())]
    content = cut_bytes("\n".join(words for words in told if words), STREAM_BYTES)
    return {"msgtype": "markdown", "markdown": {"content": content}}


def line(text: str, mentions: tuple[str, ...] = ()) -> dict[str, Any]:
    """A line for the group's webhook: plain text, because names and titles must not act as marks."""
    body: dict[str, Any] = {"content": cut_bytes(text, GREETING_BYTES)}
    if mentions:
        body["mentioned_list"] = list(mentions)
    return {"msgtype": "text", "text": body}


def card(shown: Card, name: str) -> dict[str, Any]:
    """A notice card for the webhook, which takes no buttons."""
    return notice_card(shown)


def _event(message: Mapping[str, Any], place: Place, group: bool) -> Heard | None:
    event = part_of(message, "event")
    kind = text_of(event, "eventtype")
    parts = (place.user_id, message.get("create_time"), kind)
    if kind == "enter_chat":
        return Heard(place, event_key(message, "msgid", *parts), "enter", group)
    if kind != "template_card_event":
        return None
    pressed = part_of(event, "template_card_event")
    button, task = text_of(pressed, "event_key"), id_of(pressed, "task_id")
    action, subject = action_of(button)
    key = event_key(message, "msgid", *parts, button, task)
    return Heard(place, key, "click", group, action=action, subject=subject, units=_units(pressed), card=task,
                 answer_to=text_of(message, "response_url"))  # fmt: skip


def _units(pressed: Mapping[str, Any]) -> int:
    items = pressed.get("selected_items")
    rows = items.get("selected_item") if isinstance(items, dict) else None
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("question_key") == UNITS_QUESTION:
            options = row.get("option_ids")
            ids = options.get("option_id") if isinstance(options, dict) else None
            return units_of(ids[0] if isinstance(ids, list) and ids else None)
    return 1


def _words(message: Mapping[str, Any], kind: str) -> str:
    if kind in ("text", "voice"):
        return text_of(part_of(message, kind), "content")
    if kind != "mixed":
        return ""
    items = part_of(message, "mixed").get("msg_item")
    if not isinstance(items, list):
        raise BadNotice("mixed holds no list")
    texts = [item.get("text") for item in items if isinstance(item, dict) and item.get("msgtype") == "text"]
    return " ".join(text_of(text, "content") for text in texts if isinstance(text, dict))


def _told(card: Mapping[str, Any]) -> list[str]:
    title, count = card["main_title"]["title"], card["emphasis_content"]
    return [escaped(f"「{title}」{count['title']}，{count['desc']}"), escaped(card["sub_title_text"])]


def _update(heard: Heard, reply: Reply) -> dict[str, Any] | None:
    """Without userids everybody who sees the card sees the change."""
    if reply.card is None:
        return None
    answer: dict[str, Any] = {
        "response_type": "update_template_card",
        "template_card": template_card(reply.card, heard.card),
    }
    return {**answer, "userids": [heard.place.user_id]} if reply.private else answer
