"""Puts a checked reply of the robot into the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.context import Sandbox
from sandbox.wecom import rooms
from sandbox.wecom.cards import PlatformError
from sandbox.wecom.render import markdown_text
from sandbox.wecom.rooms import ROBOT, Room, Said

WAITING = "…"


@dataclass(frozen=True)
class Shown:
    """A line that came out of a reply; `stream_id` is "" unless the stream goes on."""

    message_id: int
    stream_id: str = ""
    card_sent: bool = False


def show_reply(
    box: Sandbox, room: Room, kind: str, reply: dict[str, Any], *, quote: str | None, message_id: int | None
) -> Shown:
    """Show a reply of this `kind`; `message_id` is the pressed card's, None elsewhere. Raises `PlatformError`."""
    if kind == "update_template_card":
        return _update_card(box, room, reply, message_id or 0)
    if kind == "template_card":
        return Shown(show_card(box, room, reply["template_card"], quote))
    if kind == "text":
        return Shown(rooms.add(box, room, Said(ROBOT, "aibot", "text", reply["text"]["content"])))
    stream = reply["stream"]
    said = Said(ROBOT, "aibot", "markdown", stream_text(stream), quote=quote)
    card_sent = reply.get("template_card") is not None
    line = rooms.add(box, room, said)
    if card_sent:
        show_card(box, room, reply["template_card"], quote)
    return Shown(line, "" if stream.get("finish") else stream["id"], card_sent)


def show_card(box: Sandbox, room: Room, card: dict[str, Any], quote: str | None) -> int:
    """Show a new card; a task_id is good for one card of the robot. Raises `PlatformError`."""
    try:
        return rooms.add(box, room, Said(ROBOT, "aibot", "card", card=card, quote=quote, task_id=card.get("task_id")))
    except rooms.TaskIdTaken as error:
        raise PlatformError(40058, f"task_id was used before: {error}") from error


def stream_text(stream: dict[str, Any]) -> str:
    """What a stream shows at this moment."""
    pictures = "".join("[图片]" for _ in stream.get("msg_item") or [])
    return markdown_text(stream.get("content") or "") + pictures or WAITING


def _update_card(box: Sandbox, room: Room, reply: dict[str, Any], message_id: int) -> Shown:
    card, userids = reply["template_card"], reply.get("userids")
    line = rooms.line(box, room, message_id)
    if line is None or card.get("task_id") != (line["card"] or {}).get("task_id"):
        raise PlatformError(40058, "template_card.task_id is not the pressed card's")
    if userids:
        rooms.replace_for(box, message_id, userids, card)
    else:
        rooms.replace(box, message_id, card=card)
    return Shown(message_id)
