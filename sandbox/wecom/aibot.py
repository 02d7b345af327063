"""The smart robot as people meet it: what they say and press becomes a callback, its answer becomes a line."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sandbox.clock import SHANGHAI
from sandbox.context import Sandbox
from sandbox.people import Person
from sandbox.wecom import chat_knobs, delivery, response_codes, rooms
from sandbox.wecom.cards import PlatformError
from sandbox.wecom.delivery import Answer
from sandbox.wecom.replies import Occasion, check_reply
from sandbox.wecom.rooms import ROBOT, Room
from sandbox.wecom.runtime import Runtime
from sandbox.wecom.show import Shown, show_reply
from sandbox.wecom.streams import follow

MENTION = f"@{ROBOT}"
REDELIVERY_PAUSE = 0.2


@dataclass(frozen=True)
class Talk:
    """One person's interaction with the robot in one room; `quote` is what its answer will quote."""

    box: Sandbox
    runtime: Runtime
    room: Room
    person: Person
    quote: str | None = None

    def body(self, **rest: Any) -> dict[str, Any]:
        """The frame all callbacks share, with a fresh msgid."""
        frame = {
            "msgid": secrets.token_urlsafe(18),
            "aibotid": delivery.robot_id(self.box),
            "chattype": self.room.chattype,
            "from": {"userid": self.person.userid},
        }
        if self.room.chattype == "group":
            frame["chatid"] = self.room.chat_id
        return frame | rest

    def refuse(self, why: str) -> None:
        """The platform's own line in the room."""
        rooms.note(self.box, self.room, f"{why}（{self.person.name}）")


def say(talk: Talk, text: str) -> threading.Event:
    """Send what the person says to the robot; the event is set when the answer (or its absence) is in the room."""
    body = talk.body(
        response_url=response_codes.new_url(talk.box, talk.room, talk.quote), msgtype="text", text={"content": text}
    )
    return _begin(talk, lambda answered: _converse(talk, body, answered))


def enter(talk: Talk) -> threading.Event | None:
    """The first visit of the day to a single chat sends `enter_chat`; None on later ones."""
    today = talk.box.clock.now().astimezone(SHANGHAI).date().isoformat()
    if not rooms.first_visit_today(talk.box, talk.room, today):
        return None
    body = talk.body(create_time=talk.box.clock.timestamp(), msgtype="event", event={"eventtype": "enter_chat"})
    return _begin(talk, lambda _: _react(talk, body, "enter", None))


def click(talk: Talk, card: dict[str, Any], message_id: int, key: str, selected: dict[str, str]) -> threading.Event:
    """Press a button of `card`: one callback, never repeated, its answer worthless after five seconds."""
    items = [{"question_key": k, "option_ids": {"option_id": [v]}} for k, v in selected.items()]
    pressed = {"card_type": card["card_type"], "event_key": key, "task_id": card["task_id"]}
    if items:
        pressed["selected_items"] = {"selected_item": items}
    body = talk.body(
        create_time=talk.box.clock.timestamp(),
        response_url=response_codes.new_url(talk.box, talk.room, talk.quote),
        msgtype="event",
        event={"eventtype": "template_card_event", "template_card_event": pressed},
    )
    return _begin(talk, lambda _: _react(talk, body, "card", message_id))


def _begin(talk: Talk, work: Callable[[threading.Event], None]) -> threading.Event:
    answered = threading.Event()

    def run() -> None:
        user = talk.person.userid
        if not talk.runtime.flights.enter(user):
            talk.refuse("45033 同时进行的对话超过 3 个，这一次没有送达")
            answered.set()
            return
        try:
            work(answered)
        except PlatformError as error:
            talk.refuse(f"平台拒绝了{ROBOT}的答复：{error.errcode} {error.errmsg}")
        finally:
            talk.runtime.flights.leave(user)
            answered.set()

    talk.runtime.start(run)
    return answered


def _converse(talk: Talk, body: dict[str, Any], answered: threading.Event) -> None:
    answer = _ask(talk, body)
    if not answer.delivered:
        talk.refuse(f"{ROBOT}没有回应：{answer.why}")
        return
    shown = _show(talk, answer, "message", None)
    answered.set()
    if shown is not None and shown.stream_id:
        follow(talk, shown)


def _react(talk: Talk, body: dict[str, Any], occasion: Occasion, message_id: int | None) -> None:
    answer = delivery.call(talk.box, body)
    if not answer.delivered:
        talk.refuse(f"{ROBOT}没有及时答复，事件不会重发：{answer.why}")
        return
    _show(talk, answer, occasion, message_id)


def _ask(talk: Talk, body: dict[str, Any]) -> Answer:
    """Deliver a message; when nothing comes back, once more with the same msgid."""
    answer = _deliver(talk, body)
    if not answer.delivered and not talk.runtime.stopping.wait(REDELIVERY_PAUSE):
        answer = _deliver(talk, body)
    return answer


def _deliver(talk: Talk, body: dict[str, Any]) -> Answer:
    copies = max(1, chat_knobs.read(talk.box)["duplicate_callbacks"])
    if copies == 1:
        return delivery.call(talk.box, body)
    with ThreadPoolExecutor(copies) as pool:
        answers = list(pool.map(lambda _: delivery.call(talk.box, body), range(copies)))
    spoken = [answer for answer in answers if answer.reply is not None]
    return next(iter(spoken + [answer for answer in answers if answer.delivered] + answers))


def _show(talk: Talk, answer: Answer, occasion: Occasion, message_id: int | None) -> Shown | None:
    """Check the answer against the rules and put it into the room; raises `PlatformError`."""
    if answer.reply is None:
        return None
    kind = check_reply(answer.reply, occasion)
    if not talk.runtime.robot_window.take(talk.room.chat_id, talk.box.clock.now()):
        raise PlatformError(45009, "api freq out of limit: 30 robot messages a minute")
    return show_reply(talk.box, talk.room, kind, answer.reply, quote=talk.quote, message_id=message_id)
