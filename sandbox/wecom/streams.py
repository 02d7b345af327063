"""Refreshing streams: the platform asks every second until the robot says it is finished, six minutes at most."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox.wecom import delivery, rooms
from sandbox.wecom.cards import PlatformError
from sandbox.wecom.replies import check_reply
from sandbox.wecom.show import Shown, show_card, stream_text

if TYPE_CHECKING:
    from sandbox.wecom.aibot import Talk

POLL_SECONDS = 1.0
LIFE = timedelta(minutes=6)
MOST_POLLS = 360


def follow(talk: Talk, shown: Shown) -> None:
    """Poll one stream to its end and keep its line current; raises `PlatformError` on a reply against the rules."""
    end, card_sent = talk.box.clock.now() + LIFE, shown.card_sent
    for _ in range(MOST_POLLS):
        if talk.runtime.stopping.wait(POLL_SECONDS) or talk.box.clock.now() >= end:
            return
        answer = delivery.call(talk.box, talk.body(msgtype="stream", stream={"id": shown.stream_id}))
        if answer.reply is None:
            continue
        card_sent = _refresh(talk, shown, answer.reply, card_sent=card_sent)
        if answer.reply["stream"].get("finish"):
            return


def _refresh(talk: Talk, shown: Shown, reply: dict[str, Any], *, card_sent: bool) -> bool:
    check_reply(reply, "poll")
    stream, card = reply["stream"], reply.get("template_card")
    if stream["id"] != shown.stream_id:
        raise PlatformError(40058, "stream.id is not the one asked for")
    if card is not None and card_sent:
        raise PlatformError(40058, "a stream carries one card only")
    line = rooms.line(talk.box, talk.room, shown.message_id)
    if line is not None and line["text"] != stream_text(stream):
        rooms.replace(talk.box, shown.message_id, text=stream_text(stream))
    if card is not None:
        show_card(talk.box, talk.room, card, talk.quote)
    return card_sent or card is not None
