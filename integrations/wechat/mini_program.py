"""The mini-program's server API as `services.ports.MiniProgram`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import requests

from domain.content import Scene, Suggestion
from integrations.transport import attempt
from integrations.wechat import content_safety, group_cards, shipping
from integrations.wechat.open_data import open_data
from integrations.wechat.tokens import MemoryTokens, TokenStore
from services.ports import (
    Activity,
    CardState,
    GroupEntry,
    Judgement,
    LoginSession,
    OutsideError,
    Refused,
    ShippingInfo,
    ShippingState,
    ToolState,
    Unknown,
    Unreachable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from integrations.wechat.client import MiniProgramClient

_BUSY = frozenset({-1, 40001, 40014, 42001, 43108}) | shipping.NOT_NOW
_THROTTLED = frozenset({44990, 44991, 44993, 45009, 45011})
_THROTTLE_SECONDS = 60
_SHIPPED_BEFORE = frozenset(str(code) for code in shipping.DONE_BEFORE)
_ORDER_FIELDS = ("order_state", "in_complaint")


class WeChatMiniProgram:
    """Calls WeChat; `program_state` is developer, trial or formal and says which build a message opens."""

    def __init__(
        self,
        base_url: str,
        appid: str,
        secret: str,
        *,
        tokens: TokenStore | None = None,
        timeout: float = 8.0,
        program_state: str = "formal",
        public_url: str = "",
    ) -> None:
        self._base_url, self._appid, self._secret = base_url, appid, secret
        self._tokens = tokens or MemoryTokens()
        self._timeout = timeout
        self._program_state = program_state
        self._public_url = public_url.rstrip("/")

    @cached_property
    def _client(self) -> MiniProgramClient:
        from integrations.wechat.client import MiniProgramClient  # wechatpy is loaded by those who call

        return MiniProgramClient(self._base_url, self._appid, self._secret, self._tokens, self._timeout)

    def login(self, js_code: str) -> LoginSession:
        """Exchange a login code. Raises `Refused` for a bad, used or expired code."""
        fields = {"appid": self._appid, "secret": self._secret, "js_code": js_code, "grant_type": "authorization_code"}
        answer = self._object("login", lambda: self._client.ask("/sns/jscode2session", **fields))
        return LoginSession(
            openid=_text(answer, "openid", "login"),
            session_key=_text(answer, "session_key", "login"),
            unionid=str(answer.get("unionid") or ""),
        )

    def phone_number(self, code: str, openid: str) -> str:
        """The bare phone number (digits only) behind a phone button's code. Raises `Refused`."""
        answer = self._tell("phone number", "/wxa/business/getuserphonenumber", {"code": code, "openid": openid})
        info = answer.get("phone_info")
        number = _text(info if isinstance(info, dict) else {}, "purePhoneNumber", "phone number")
        if not (number.isascii() and number.isdigit()):
            raise Unknown("phone number: the answer holds no number")
        return number

    def send_subscribe(self, openid: str, template_id: str, page: str, data: dict[str, str]) -> None:
        """Send one subscribe message; raises `Refused` with code "43101" when the person's quota is spent."""
        body = {
            "touser": openid,
            "template_id": template_id,
            "page": page,
            "data": {name: {"value": value} for name, value in data.items()},
            "miniprogram_state": self._program_state,
            "lang": "zh_CN",
        }
        self._tell("subscribe message", "/cgi-bin/message/subscribe/send", body)

    def send_customer_text(self, openid: str, text: str) -> None:
        """Answer in the customer-service chat; raises `Refused` "45015" (window over) or "45047" (count used)."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        self._tell("customer message", "/cgi-bin/message/custom/send", body)

    def code_image(self, scene: str, page: str) -> bytes:
        """A mini-program code (PNG or JPEG bytes) that opens `page` with `scene` (at most 32 visible characters)."""
        version = {"formal": "release", "trial": "trial", "developer": "develop"}[self._program_state]
        body = {"scene": scene, "page": page, "check_path": version == "release", "env_version": version}
        answer = self._call("code image", lambda: self._client.tell("/wxa/getwxacodeunlimit", body))
        if not isinstance(answer, requests.Response) or not answer.content:
            raise Unknown("code image: the answer is no picture")
        return answer.content

    def upload_shipping(self, info: ShippingInfo) -> None:
        """Tell WeChat that the goods of a payment were sent; content when it knows already.

        Raises `Unreachable` (code "10060001") for a payment that WeChat does not know yet, `Refused` otherwise.
        """
        try:
            self._tell("shipping information", shipping.UPLOAD, shipping.upload_body(info))
        except Refused as error:
            if error.code not in _SHIPPED_BEFORE:
                raise

    def shipping_state(self, transaction_id: str) -> ShippingState:
        """Where WeChat sees a payment's goods; raises `Unreachable` (code "10060001") while it knows none."""
        order = self._tell("shipping state", shipping.ORDER, {"transaction_id": transaction_id}).get("order")
        state, complained = (order.get(name) if isinstance(order, dict) else None for name in _ORDER_FIELDS)
        if type(state) is not int:
            raise Unknown("shipping state: the answer holds no state")
        return ShippingState(state, in_complaint=complained is True)

    def is_trade_managed(self) -> bool:
        """Whether payments are frozen until their shipping information is there."""
        managed = self._tell("trade management", shipping.MANAGED, {"appid": self._appid}).get("is_trade_managed")
        if not isinstance(managed, bool):
            raise Unknown("trade management: the answer does not say")
        return managed

    def create_activity(self) -> Activity:
        """A new activity, to be named when a card is shared."""
        return group_cards.activity_in(self._object("activity", lambda: self._client.look(group_cards.CREATE)))

    def update_activity(
        self, activity_id: str, state: CardState, *, members: int = 0, room: int = 0, path: str = ""
    ) -> None:
        """Set what an updatable card shows: `members`/`room` while collecting, where it leads (`path`) when reached.

        Repeating a call changes nothing. Raises `Refused` "47501" (unknown), "47502" (the card is past that state) or
        "47504" (expired).
        """
        body = group_cards.card_body(activity_id, state, members, room, path, self._program_state)
        self._tell("updatable card", group_cards.UPDATE, body)

    def update_chat_tool(
        self, activity_id: str, template_id: str, state: ToolState, participants: Sequence[str] = ()
    ) -> None:
        """Tell a chat-tool card who takes part (group_openids, while collecting), that it closes soon, or its end.

        Who was named once cannot be taken back. Raises `Refused` as `update_activity`, "40097" for a stranger's name.
        """
        body = group_cards.tool_body(activity_id, template_id, state, participants, self._program_state)
        self._tell("chat-tool card", group_cards.TOOL, body)

    def group_entry(self, session_key: str, encrypted_data: str, iv: str) -> GroupEntry:
        """What the client was given when it asked in which chat it is; raises `BadNotice` unless it is genuine."""
        return group_cards.entry_in(open_data(encrypted_data, iv, session_key, self._appid))

    def check_text(self, openid: str, scene: Scene, text: str) -> Judgement:
        """Have a text of at most 2500 characters judged; raises `Refused` "61010" for an author long away."""
        try:
            answer = self._tell("text check", content_safety.TEXT, content_safety.text_body(openid, scene, text))
        except Refused as error:
            if error.code != content_safety.RISKY:
                raise
            return Judgement(Suggestion.RISKY, content_safety.RISKY_LABEL)
        return content_safety.judgement(answer)

    def check_picture(self, openid: str, scene: Scene, path: str) -> str:
        """Have the picture at `path` of our own address looked at; the trace under which the result is pushed."""
        body = content_safety.picture_body(openid, scene, self._public_url + path)
        return _text(self._tell("picture check", content_safety.PICTURE, body), "trace_id", "picture check")

    def _tell(self, what: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._object(what, lambda: self._client.tell(path, body))

    def _object(self, what: str, call: Callable[[], Any]) -> dict[str, Any]:
        answer = self._call(what, call)
        if not isinstance(answer, dict):
            raise Unknown(f"{what}: the answer is not JSON")
        return answer

    def _call(self, what: str, call: Callable[[], Any]) -> Any:
        """Run one call; every failure becomes one of the port's three, raised where no cause is dragged along."""
        from wechatpy.exceptions import WeChatClientException

        from integrations.wechat.client import TokenRefused

        try:
            return attempt(what, call)
        except TokenRefused as error:
            failure: OutsideError = Unreachable(f"{what}: no access token", code=str(error.errcode or ""))
        except WeChatClientException as error:
            failure = _failure(what, error.errcode, error.response)
        raise failure


def _failure(what: str, errcode: int | None, response: requests.Response | None) -> OutsideError:
    if errcode is None:
        status = response.status_code if response is not None else 0
        kind = Unknown if status >= 500 else Unreachable if status == 429 else Refused
        return kind(f"{what}: HTTP {status}")
    message = f"{what}: error {errcode}"
    if errcode in _THROTTLED:
        return Unreachable(message, code=str(errcode), retry_after=_THROTTLE_SECONDS)
    if errcode in _BUSY:
        return Unreachable(message, code=str(errcode))
    return Refused(message, code=str(errcode))


def _text(answer: dict[str, Any], name: str, what: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise Unknown(f"{what}: the answer lacks {name}")
    return value
