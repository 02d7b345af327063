"""A chat room for tests: people speak and press over HTTP, sealed as the platform seals, and the answer is opened."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from domain.actors import SYSTEM, Actor
from domain.ids import new_id
from integrations.http_chat import SandboxChat
from integrations.wechat.crypt import MessageCrypt
from integrations.wecom.aibot import AibotCallback
from models import Campaign, ChatBinding, ChatCampaign, ChatIdentity
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, one

TOKEN, AES_KEY = "robot-token", "a" * 43
PUSH_TOKEN, PUSH_KEY, APPID = "push-token", "b" * 43, "wx0000000000000001"
SECRET = "test-channel-secret"
SETTINGS = {
    "public_url": "https://lintuan.example", "aibot_token": TOKEN, "aibot_aes_key": AES_KEY, "wxa_appid": APPID,
    "wxa_push_token": PUSH_TOKEN, "wxa_push_aes_key": PUSH_KEY, "sandbox_chat_secret": SECRET,
    "sandbox_chat_url": "http://127.0.0.1:9", "wxa_template_arrived": "T-ARRIVED", "wxa_template_refund": "T-REFUND",
    "wxa_template_formed": "T-FORMED",
}  # fmt: skip


@dataclass
class Room:
    """One group in which `world`'s campaigns are shown; `say` and `press` give the robot's opened answer."""

    world: World
    client: FlaskClient
    clock: FrozenClock
    chat_id: str = "group-1"
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def unit(self) -> Transactions:
        """Begins transactions."""
        return self.world.unit

    def bind(self, campaign: str, *, channel: str = "wecom", purpose: str = "group", key: str = "") -> int:
        """Show a campaign here, or make this the first point's staff chat; with `key` the bot may push. Its number."""
        with self.unit(SYSTEM) as ctx:
            known = select(ChatBinding).filter_by(channel=channel, remote_chat_id=self.chat_id, purpose=purpose)
            row = ctx.session.scalars(known).one_or_none()
            if row is None:
                row = ChatBinding(
                    public_id=new_id("ChatBinding", ctx.now), channel=channel, remote_chat_id=self.chat_id,
                    purpose=purpose, leader_id=self.world.leader.id, created_at=ctx.now,
                    point_id=self.world.points[0] if purpose == "staff" else None,
                    push_secret_enc=ctx.vault.encrypt(key) if key else None,
                )  # fmt: skip
                ctx.session.add(row)
                ctx.session.flush()
            if purpose == "group":
                ctx.session.add(ChatCampaign(
                    binding_id=row.id, campaign_id=one(ctx, Campaign, campaign).id, created_at=ctx.now
                ))  # fmt: skip
            return row.id

    def known(self, userid: str, name: str, channel: str = "wecom") -> Actor:
        """A new resident who is bound to a chat name."""
        who = self.world.resident(name)
        self.name(userid, who, channel)
        return who

    def name(self, userid: str, who: Actor, channel: str = "wecom") -> None:
        """Bind a chat name to somebody."""
        with self.unit(SYSTEM) as ctx:
            ctx.session.add(ChatIdentity(
                channel=channel, remote_user_id=userid, resident_id=who.resident_id, created_at=ctx.now
            ))  # fmt: skip

    def message(self, userid: str, text: str, *, group: bool = True, msgid: str = "") -> dict[str, Any]:
        """A text as the platform frames it."""
        body: dict[str, Any] = {
            "msgid": msgid or f"m{next(self._numbers)}", "aibotid": "aib", "from": {"userid": userid},
            "chattype": "group" if group else "single", "msgtype": "text", "text": {"content": f"@小邻 {text}"},
        }  # fmt: skip
        return {**body, "chatid": self.chat_id} if group else body

    def say(self, userid: str, text: str, *, group: bool = True, msgid: str = "") -> str:
        """What the robot answers, as markdown; "" for silence and for a bare card."""
        answer = self.call(self.message(userid, text, group=group, msgid=msgid))
        return str(answer["stream"]["content"]) if answer and "stream" in answer else ""

    def card(self, userid: str) -> dict[str, Any]:
        """The card that 发团 brings."""
        answer = self.call(self.message(userid, "发团"))
        assert answer is not None
        shown: dict[str, Any] = answer["template_card"]
        return shown

    def press(self, userid: str, card: dict[str, Any], action: str, units: int = 1) -> dict[str, Any]:
        """Press a button of a card; the opened update."""
        key = next(button["key"] for button in card["button_list"] if button["key"].startswith(action))
        chosen = {"selected_item": [{"question_key": "units", "option_ids": {"option_id": [str(units)]}}]}
        pressed = {"card_type": "button_interaction", "event_key": key, "task_id": card["task_id"],
                   "selected_items": chosen}  # fmt: skip
        answer = self.call({
            "msgid": f"m{next(self._numbers)}", "chattype": "group", "chatid": self.chat_id,
            "from": {"userid": userid}, "create_time": 1, "msgtype": "event",
            "event": {"eventtype": "template_card_event", "template_card_event": pressed},
        })  # fmt: skip
        assert answer is not None
        return answer

    def call(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Seal, post, open: the platform's whole round."""
        response = self.post(message)
        assert response.status_code == 200, response.get_data(as_text=True)
        if not response.data:
            return None
        sealed = json.loads(response.data)
        crypt = MessageCrypt(TOKEN, AES_KEY, "")
        crypt.check(sealed["msgsignature"], str(sealed["timestamp"]), sealed["nonce"], sealed["encrypt"])
        opened: dict[str, Any] = json.loads(crypt.open(sealed["encrypt"]))
        return opened

    def post(self, message: object, client: FlaskClient | None = None) -> Any:
        """One delivery of a callback."""
        robot = AibotCallback(TOKEN, AES_KEY, self.clock.now)
        sealed = robot.seal(message, "nonce-1")  # type: ignore[arg-type]  # what is not an object is sealed too
        query = {"msg_signature": sealed["msgsignature"], "timestamp": str(sealed["timestamp"]), "nonce": "nonce-1"}
        return (client or self.client).post(
            "/hooks/wecom/aibot", query_string=query, json={"encrypt": sealed["encrypt"]}
        )

    def test_channel(self, body: object) -> Any:
        """One delivery to the test channel."""
        raw, at = json.dumps(body).encode(), str(int(self.clock.now().timestamp()))
        signature = SandboxChat("http://127.0.0.1:9", SECRET, self.clock.now).sign(at, raw)
        return self.client.post("/hooks/sandbox-chat", data=raw, headers={"X-Timestamp": at, "X-Signature": signature})

    def push(self, message: object) -> Any:
        """One delivery of the mini-program's message push."""
        crypt = MessageCrypt(PUSH_TOKEN, PUSH_KEY, APPID)
        sealed, at = crypt.seal(json.dumps(message)), str(int(self.clock.now().timestamp()))
        query = {"signature": crypt.sign(at, "n"), "timestamp": at, "nonce": "n", "encrypt_type": "aes",
                 "msg_signature": crypt.sign(at, "n", sealed)}  # fmt: skip
        return self.client.post("/hooks/wechat/push", query_string=query, json={"ToUserName": "gh", "Encrypt": sealed})


MakeRoom = Callable[[], Room]
