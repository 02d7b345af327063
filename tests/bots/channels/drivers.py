"""Each channel from both ends: the emulator's people on one, the product's true readers and clients on the other."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import urlencode

from integrations.wechat.crypt import MessageCrypt
from integrations.wecom.aibot import AibotCallback
from services.assembly import Lintuan
from services.ports import ChatAddress
from tests.integrations.local_server import Asked
from tests.integrations.sandbox_process import Stage

PERSON = "张阿姨"
_numbers = itertools.count(1)


class Pushing(Protocol):
    """What pushes: a chat's port, or what stands in for it where a channel has none."""

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """One message."""


class Driver:
    """One channel with a chat of its own in the sandbox, in which one person speaks."""

    kind = ""
    path = ""
    lost_by = "push_lose_answers"

    def __init__(self, stage: Stage, product: Lintuan) -> None:
        self.stage, self.product = stage, product
        self.room_id, self.chat_id, self.user_id = 0, "", ""
        self._settle()

    def _settle(self) -> None:
        """Open the chat."""
        stage = self.stage
        room = stage.control("rooms", name=f"{self.kind}群{next(_numbers)}", kind=self.kind, members=[PERSON])
        self.room_id, self.chat_id = room["room_id"], room["chat_id"]
        self.user_id = stage.control("people", name=PERSON)["userid"]

    @property
    def port(self) -> Pushing:
        """The product's own client of this channel."""
        return self.product.outside.chats[self.kind]

    @property
    def address(self) -> ChatAddress:
        """Where pushes go."""
        return ChatAddress(self.chat_id)

    def speak(self, text: str) -> Asked:
        """The person says something; the request with which the platform told us."""
        self.stage.control(f"rooms/{self.room_id}/say", person=PERSON, text=text, mention=True)
        return self.stage.notice(self.path)

    def press(self, message_id: int, key: str) -> Asked:
        """The person presses a button of a card."""
        self.stage.control(f"rooms/{self.room_id}/click", person=PERSON, message_id=message_id, key=key)
        return self.stage.notice(self.path)

    def opened(self, asked: Asked) -> dict[str, Any]:
        """What is in a request, by the product's own reader; raises `BadNotice`."""
        raise NotImplementedError

    def framed(self, message: object) -> Asked:
        """A genuine request that carries any message."""
        raise NotImplementedError

    def forged(self, asked: Asked) -> Asked:
        """The request as somebody would send it who has no key."""
        return _with(asked, headers={"x-signature": "sha256=" + "0" * 64})

    def answer(self, response: Any) -> Any:
        """What the response says, opened."""
        return response.get_json() if response.data else None

    def shown(self) -> list[dict[str, Any]]:
        """The robot's lines in the chat."""
        lines = self.stage.seen(f"rooms/{self.room_id}/messages")
        return [line for line in lines if line["via"] not in ("person", "platform")]

    def end(self) -> None:
        """The bot is thrown out."""
        self.stage.control(f"rooms/{self.room_id}/close")

    def lose_next_answer(self) -> None:
        """The platform takes the next message, and its answer never arrives."""
        self.stage.control("chat-knobs", **{self.lost_by: 1})


class Signed(Driver):
    """A bridge and the test channel."""

    @property
    def reader(self) -> Any:
        """Checks the signature."""
        return self.product.hooks.http_chat if self.kind == "http" else self.product.hooks.sandbox_chat

    def opened(self, asked: Asked) -> dict[str, Any]:
        opened: dict[str, Any] = self.reader.read(asked.headers, asked.body)
        return opened

    def framed(self, message: object) -> Asked:
        body, at = json.dumps(message).encode(), str(int(self.product.clock.now().timestamp()))
        headers = {"x-timestamp": at, "x-signature": self.reader.sign(at, body), "content-type": "application/json"}
        return Asked("POST", self.path, headers, body)


class Bridge(Signed):
    kind, path = "http", "/hooks/chat/bridge"


class TestRoom(Signed):
    kind, path = "sandbox", "/hooks/sandbox-chat"
    __test__ = False


class Telegram(Driver):
    kind, path = "telegram", "/hooks/telegram"

    def _settle(self) -> None:
        super()._settle()
        self.user_id = str(self.stage.seen(f"telegram/people/{PERSON}")["id"])

    def opened(self, asked: Asked) -> dict[str, Any]:
        reader = self.product.hooks.telegram
        assert reader is not None
        return reader.read(asked.headers, asked.body)

    def framed(self, message: object) -> Asked:
        secret = self.stage.settings["LINTUAN_TELEGRAM_HOOK_SECRET"]
        headers = {"x-telegram-bot-api-secret-token": secret, "content-type": "application/json"}
        return Asked("POST", self.path, headers, json.dumps(message).encode())

    def forged(self, asked: Asked) -> Asked:
        return _with(asked, headers={"x-telegram-bot-api-secret-token": "guessed"})


class Wecom(Driver):
    """The robot's callback in, the group's webhook out."""

    kind, path, lost_by = "wecom", "/hooks/wecom/aibot", "webhook_lose_answers"

    def _settle(self) -> None:
        super()._settle()
        self.key = self.stage.control(f"rooms/{self.room_id}/robot")["key"]

    @property
    def reader(self) -> AibotCallback:
        """Opens and seals."""
        reader = self.product.hooks.aibot
        assert isinstance(reader, AibotCallback)
        return reader

    @property
    def address(self) -> ChatAddress:
        return ChatAddress(self.chat_id, self.key)

    def opened(self, asked: Asked) -> dict[str, Any]:
        return self.reader.read(asked.query, asked.body)

    def framed(self, message: object) -> Asked:
        sealed = self.reader.seal(message, "n1")  # type: ignore[arg-type]  # what is no object is sealed too
        query = {"msg_signature": sealed["msgsignature"], "timestamp": sealed["timestamp"], "nonce": "n1"}
        body = json.dumps({"encrypt": sealed["encrypt"]}).encode()
        return Asked("POST", f"{self.path}?{urlencode(query)}", {"content-type": "application/json"}, body)

    def forged(self, asked: Asked) -> Asked:
        return _with(asked, query={"msg_signature": "0" * 40})

    def answer(self, response: Any) -> Any:
        if not response.data:
            return None
        settings = self.product.settings
        crypt = MessageCrypt(settings.aibot_token, settings.aibot_aes_key, "")
        return json.loads(crypt.open(response.get_json()["encrypt"]))

    def end(self) -> None:
        self.stage.control_delete(f"rooms/{self.room_id}/robot")


class Customer(Driver):
    """One to one: the mini-program's push in, its server API out."""

    kind, path = "customer", "/hooks/wechat/push"

    def _settle(self) -> None:
        self.name = f"{PERSON}{next(_numbers)}"
        self.user_id = self.stage.control("people", name=self.name)["openid"]

    @property
    def port(self) -> Pushing:
        mini_program = self.product.outside.mini_program

        class Port:
            def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
                mini_program.send_customer_text(address.chat_id, payload["text"])
                return ""

        return Port()

    @property
    def address(self) -> ChatAddress:
        return ChatAddress(self.user_id)

    def speak(self, text: str) -> Asked:
        self.stage.control(f"customer/{self.name}/say", text=text)
        asked = self.stage.notice(self.path)
        while self.opened(asked).get("FromUserName") != self.user_id:  # pushes of shipped goods come here too
            asked = self.stage.notice(self.path)
        return asked

    def opened(self, asked: Asked) -> dict[str, Any]:
        reader = self.product.hooks.push
        assert reader is not None
        return reader.read(asked.query, asked.body)

    def framed(self, message: object) -> Asked:
        told = self.product.settings
        crypt = MessageCrypt(told.wxa_push_token, told.wxa_push_aes_key, told.wxa_appid)
        sealed, at = crypt.seal(json.dumps(message)), str(int(self.product.clock.now().timestamp()))
        query = {"signature": crypt.sign(at, "n"), "timestamp": at, "nonce": "n", "encrypt_type": "aes",
                 "msg_signature": crypt.sign(at, "n", sealed)}  # fmt: skip
        body = json.dumps({"ToUserName": "gh", "Encrypt": sealed}).encode()
        return Asked("POST", f"{self.path}?{urlencode(query)}", {"content-type": "application/json"}, body)

    def forged(self, asked: Asked) -> Asked:
        return _with(asked, query={"msg_signature": "0" * 40})

    def answer(self, response: Any) -> Any:
        return response.get_data(as_text=True)

    def shown(self) -> list[dict[str, Any]]:
        lines = self.stage.seen(f"customer/{self.name}")["messages"]
        return [line for line in lines if line["kind"] == "out"]


DRIVERS: dict[str, type[Driver]] = {
    one.kind: one for one in (Wecom, Customer, Bridge, TestRoom, Telegram)
}  # the card that a person shares (wxgroup) has a suite of its own: nobody speaks there, and nothing is pushed


def _with(asked: Asked, *, headers: Mapping[str, str] = {}, query: Mapping[str, str] = {}) -> Asked:
    target = f"{asked.path}?{urlencode({**asked.query, **query})}" if asked.query else asked.path
    return replace(asked, headers={**asked.headers, **headers}, target=target)
