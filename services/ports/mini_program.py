"""What the core asks of the mini-program's server API: login, messages, codes, shared cards, shipping information."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from domain.content import Scene, Suggestion


@dataclass(frozen=True)
class LoginSession:
    """What `wx.login`'s code is worth. `session_key` stays on the server."""

    openid: str
    session_key: str
    unionid: str = ""


@dataclass(frozen=True)
class ShippingInfo:
    """How the goods of one payment travel. `item_desc` is cut to 120 characters.

    The tracking number, the company's code and the masked phone (138****1234) are for express only.
    """

    transaction_id: str
    payer_openid: str
    logistics_type: Literal["express", "same_city", "virtual", "pickup"]
    item_desc: str
    uploaded_at: datetime
    tracking_no: str = ""
    express_company: str = ""
    receiver_contact_masked: str = ""


@dataclass(frozen=True)
class ShippingState:
    """`order_state`: 1 to ship, 2 shipped, 3 confirmed, 4 done, 5 refunded, 6 awaiting settlement."""

    order_state: int
    in_complaint: bool


@dataclass(frozen=True)
class Activity:
    """What makes a shared card changeable: the platform's id for it, and the instant at which it dies."""

    activity_id: str
    expires_at: datetime


@dataclass(frozen=True)
class GroupEntry:
    """Where somebody opened a card, vouched for by the platform at `at`.

    `opengid` names the chat to this mini-program, `group_openid` the person in it ("" outside the chat tool).
    """

    opengid: str
    group_openid: str
    at: datetime


@dataclass(frozen=True)
class Judgement:
    """What the platform says of a text: pass, review or risky, and the number of what it found (100 is nothing)."""

    suggestion: Suggestion
    label: int


CardState = Literal["collecting", "reached", "ended"]
ToolState = Literal["collecting", "closing", "ended"]


class MiniProgram(Protocol):
    """The mini-program's server API."""

    def login(self, js_code: str) -> LoginSession:
        """Exchange a login code. Raises `Refused` for a bad, used or expired code."""

    def phone_number(self, code: str, openid: str) -> str:
        """The bare phone number (digits only) behind a phone button's code. Raises `Refused`."""

    def send_subscribe(self, openid: str, template_id: str, page: str, data: dict[str, str]) -> None:
        """Send one subscribe message; raises `Refused` with code "43101" when the person's quota is spent."""

    def send_customer_text(self, openid: str, text: str) -> None:
        """Answer in the customer-service chat; raises `Refused` "45015" (window over) or "45047" (count used)."""

    def code_image(self, scene: str, page: str) -> bytes:
        """A mini-program code (PNG or JPEG bytes) that opens `page` with `scene` (at most 32 visible characters)."""

    def upload_shipping(self, info: ShippingInfo) -> None:
        """Tell WeChat that the goods of a payment were sent; content when it knows already.

        Raises `Unreachable` (code "10060001") for a payment that WeChat does not know yet, `Refused` otherwise.
        """

    def shipping_state(self, transaction_id: str) -> ShippingState:
        """Where WeChat sees a payment's goods; raises `Unreachable` (code "10060001") while it knows none."""

    def is_trade_managed(self) -> bool:
        """Whether payments are frozen until their shipping information is there."""

    def create_activity(self) -> Activity:
        """A new activity, to be named when a card is shared."""

    def update_activity(
        self, activity_id: str, state: CardState, *, members: int = 0, room: int = 0, path: str = ""
    ) -> None:
        """Set what an updatable card shows: `members`/`room` while collecting, where it leads (`path`) when reached.

        Repeating a call changes nothing. Raises `Refused` "47501" (unknown), "47502" (the card is past that state) or
        "47504" (expired).
        """

    def update_chat_tool(
        self, activity_id: str, template_id: str, state: ToolState, participants: Sequence[str] = ()
    ) -> None:
        """Tell a chat-tool card who takes part (group_openids, while collecting), that it closes soon, or its end.

        Who was named once cannot be taken back. Raises `Refused` as `update_activity`, "40097" for a stranger's name.
        """

    def group_entry(self, session_key: str, encrypted_data: str, iv: str) -> GroupEntry:
        """What the client was given when it asked in which chat it is; raises `BadNotice` unless it is genuine."""

    def check_text(self, openid: str, scene: Scene, text: str) -> Judgement:
        """Have a text of at most 2500 characters judged, written by a person who was here in the last two hours.

        Raises `Refused` "61010" for one who was not.
        """

    def check_picture(self, openid: str, scene: Scene, path: str) -> str:
        """Have the picture at `path` of our own address looked at; the trace under which the result is pushed."""
