"""What people hold in their hands: one class per channel, which speaks and presses through the product's true hooks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.http_chat import HttpChat
from tests.bots.room import SECRET, SETTINGS, Room

HOOK_SECRET = "telegram-hook-secret-of-the-stories"
MORE_SETTINGS = {
    **SETTINGS, "http_chat_secret": SECRET * 2, "http_chat_url": "http://127.0.0.1:9", "telegram_token": "7:token",
    "telegram_hook_secret": HOOK_SECRET, "telegram_base_url": "http://127.0.0.1:9",
}  # fmt: skip
_ESCAPED = re.compile(r"\\([\\`*_\[\]~|#>])")
Json = dict[str, Any]
Deliver = Callable[[], "list[Shown]"]


@dataclass(frozen=True)
class Card:
    """A card as it is seen: its lines, and the keys behind its buttons; `name` is the platform's."""

    lines: tuple[str, ...]
    keys: Mapping[str, str]
    name: str


@dataclass(frozen=True)
class Shown:
    """Something on the screen: words or a card; `only` the presser sees it, `live` goes on by that name."""

    words: str = ""
    card: Card | None = None
    only: bool = False
    live: str = ""


@dataclass
class Phone:
    """One chat, seen by those in it. `say` and `press` give one delivery, which may be made again."""

    room: Room
    group: bool = True
    cards: list[Card] = field(default_factory=list)

    def say(self, user: str, text: str, key: str) -> Deliver:
        """A message."""
        raise NotImplementedError

    def press(self, user: str, card: Card, button: str, units: str, key: str) -> Deliver:
        """A button of a card."""
        raise NotImplementedError

    def pushed(self, payload: Json, name: str) -> list[Shown]:
        """What the bot posted by itself, under the platform's name for it."""
        return [*_text(payload), *self._card(payload, name)]

    def _card(self, payload: Json, name: str = "") -> list[Shown]:
        shape = payload.get("template_card")
        return [Shown(card=self.keep(template(shape, name)))] if shape else []

    def keep(self, card: Card) -> Card:
        """The newest card is the one that is pressed."""
        if card.keys:
            self.cards.append(card)
        return card


class Wecom(Phone):
    """The smart robot."""

    def say(self, user: str, text: str, key: str) -> Deliver:
        spoken = text.removeprefix("@小邻").lstrip()
        return self._deliver(self.room.message(user, spoken, group=self.group, msgid=key))

    def press(self, user: str, card: Card, button: str, units: str, key: str) -> Deliver:
        chosen = {"selected_item": [{"question_key": "units", "option_ids": {"option_id": [units or "1"]}}]}
        pressed = {"card_type": "button_interaction", "event_key": card.keys[button], "task_id": card.name,
                   "selected_items": chosen}  # fmt: skip
        return self._event(user, key, {"eventtype": "template_card_event", "template_card_event": pressed})

    def enter(self, user: str, key: str) -> Deliver:
        """Somebody opens the talk with the robot."""
        return self._event(user, key, {"eventtype": "enter_chat"})

    def poll(self, user: str, name: str, key: str) -> Deliver:
        """The platform asks how an open answer goes on."""
        return self._deliver({**self._frame(user, key), "msgtype": "stream", "stream": {"id": name}})

    def _event(self, user: str, key: str, event: Json) -> Deliver:
        return self._deliver({**self._frame(user, key), "create_time": 1, "msgtype": "event", "event": event})

    def _frame(self, user: str, key: str) -> Json:
        frame: Json = {"msgid": key, "from": {"userid": user}, "chattype": "group" if self.group else "single"}
        return {**frame, "chatid": self.room.chat_id} if self.group else frame

    def _deliver(self, message: Json) -> Deliver:
        return lambda: self._seen(self.room.call(message) or {})

    def _seen(self, answer: Json) -> list[Shown]:
        stream, seen = answer.get("stream"), list[Shown]()
        if answer.get("msgtype") == "text":
            return [Shown(answer["text"]["content"])]
        if stream:
            seen.append(Shown(_read(stream["content"]), live="" if stream["finish"] else stream["id"]))
        only = "userids" in answer
        return seen + [Shown(card=shown.card, only=only) for shown in self._card(answer)]


class Signed(Phone):
    """The test channel."""

    def say(self, user: str, text: str, key: str) -> Deliver:
        return self._deliver(user, key, {"kind": "message", "text": text})

    def press(self, user: str, card: Card, button: str, units: str, key: str) -> Deliver:
        click = {"kind": "click", "action": card.keys[button], "message_id": card.name, "selected": {"units": units}}
        return self._deliver(user, key, click)

    def _deliver(self, user: str, key: str, said: Json) -> Deliver:
        body = {"event_id": key, "user_id": user, **said}
        if self.group:
            body["chat_id"] = self.room.chat_id
        return lambda: self._seen(self._post(body).get_json())

    def _post(self, body: Json) -> Any:
        return self.room.test_channel(body)

    def _seen(self, answer: Json) -> list[Shown]:
        seen = [shown for reply in answer["replies"] for shown in self.pushed(reply, "")]
        return seen + self._card(answer["update"] or {})


class Bridge(Signed):
    """Somebody's own chat."""

    def _post(self, body: Json) -> Any:
        raw, at = json.dumps(body).encode(), str(int(self.room.clock.now().timestamp()))
        signature = HttpChat("http://127.0.0.1:9", SECRET * 2, self.room.clock.now).sign(at, raw)
        headers = {"X-Timestamp": at, "X-Signature": signature}
        return self.room.client.post("/hooks/chat/bridge", data=raw, headers=headers)


class Telegram(Phone):
    """The bot API's webhook."""

    def say(self, user: str, text: str, key: str) -> Deliver:
        said = {"message_id": 1, "chat": self._chat(user), "from": {"id": int(user), "is_bot": False}, "text": text}
        return self._deliver({"update_id": key, "message": said})

    def press(self, user: str, card: Card, button: str, units: str, key: str) -> Deliver:
        on = {"message_id": card.name or "1", "chat": self._chat(user)}
        query = {"id": key, "from": {"id": int(user)}, "message": on, "data": card.keys[button]}
        return self._deliver({"update_id": key, "callback_query": query})

    def pushed(self, payload: Json, name: str) -> list[Shown]:
        words, keyboard = payload["text"], payload.get("reply_markup", {}).get("inline_keyboard")
        if not keyboard:
            return [Shown(words)]
        keys = {button["text"]: button["callback_data"] for row in keyboard for button in row if "url" not in button}
        buttons = " ".join(f"[{label}]" for label in keys)
        return [Shown(card=self.keep(Card((*words.split("\n"), buttons), keys, name)))]

    def _chat(self, user: str) -> Json:
        if self.group:
            return {"id": int(self.room.chat_id), "type": "supergroup"}
        return {"id": int(user), "type": "private"}

    def _deliver(self, update: Json) -> Deliver:
        headers = {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}

        def post() -> list[Shown]:
            response = self.room.client.post("/hooks/telegram", json=update, headers=headers)
            assert response.status_code == 200
            answer = json.loads(response.data or b"{}")
            if answer.get("method") == "answerCallbackQuery":
                return [Shown(answer["text"], only=answer["show_alert"])] if "text" in answer else []
            return self.pushed(answer, "") if answer else []

        return post


class Customer(Phone):
    """Customer service of the mini-program; its answers go out by calls of their own."""

    def say(self, user: str, text: str, key: str) -> Deliver:
        return self._deliver(user, {"MsgType": "text", "Content": text, "MsgId": key})

    def enter(self, user: str, key: str) -> Deliver:
        """Somebody opens the chat."""
        return self._deliver(user, {"MsgType": "event", "Event": "user_enter_tempsession", "SessionFrom": key})

    def _deliver(self, user: str, said: Json) -> Deliver:
        message = {"ToUserName": "gh", "FromUserName": user, "CreateTime": 1, **said}

        def post() -> list[Shown]:
            assert self.room.push(message).data == b"success"
            return []

        return post


KINDS: dict[str, type[Phone]] = {
    "wecom": Wecom, "sandbox": Signed, "http": Bridge, "telegram": Telegram, "customer": Customer,
}  # fmt: skip


def template(shape: Json, name: str = "") -> Card:
    """A template card as people see it."""
    count = shape["emphasis_content"]
    rows = [f"{row['keyname']} {row['value']}" for row in shape["horizontal_content_list"]]
    keys = {button["text"]: button["key"] for button in shape.get("button_list", [])}
    chosen = [option["text"] for option in shape.get("button_selection", {}).get("option_list", [])]
    units = f"（{chosen[0]} 到 {chosen[-1]}）" if chosen else ""
    buttons = " ".join(f"[{label}]" for label in keys) + units
    told = (
        shape["main_title"]["title"],
        f"{count['title']} · {count['desc']}",
        *rows,
        shape["sub_title_text"],
        buttons,
    )
    return Card(tuple(line for line in told if line), keys, shape.get("task_id") or name)


def _text(payload: Json) -> list[Shown]:
    kind = payload.get("msgtype")
    if kind == "markdown":
        return [Shown(_read(payload["markdown"]["content"]))]
    if kind != "text":
        return []
    calls = "".join(f" @{user}" for user in payload["text"].get("mentioned_list", ()))
    return [Shown(payload["text"]["content"] + calls)]


def _read(markdown: str) -> str:
    """Markdown as it is seen; links stay as they are written."""
    return _ESCAPED.sub(r"\1", markdown)
