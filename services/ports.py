"""What the core asks of the outside world: Protocols, their values and their three ways to fail.

Every adapter in `integrations/` returns one of these values or raises one of these errors, and nothing else:
`Refused` (the other side said no, do not repeat unchanged), `Unreachable` (it did not happen; repeat later) and
`Unknown` (it may have happened; ask, or repeat under the same number).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol


class OutsideError(Exception):
    """The outside world did not do what was asked.

    `code` is the other side's own error code ("" when there is none); messages hold no personal data.
    """

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Refused(OutsideError):
    """The other side understood and said no; the same call gives the same answer."""


class Unreachable(OutsideError):
    """Nothing was done (no connection, throttled, token outage); the same call may succeed later.

    `retry_after` is in seconds, 0 when the other side named none.
    """

    def __init__(self, message: str, *, code: str = "", retry_after: int = 0) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unknown(OutsideError):
    """The call went out and its fate is not known (time-out, 5xx, unverifiable answer)."""


class BadNotice(Exception):
    """A callback that is unsigned, stale, altered, from an unknown key or malformed; answer 401, change nothing.

    `probe` marks the gateway's own signature test (`WECHATPAY/SIGNTEST/`), which raises no alarm.
    """

    def __init__(self, message: str, *, probe: bool = False) -> None:
        super().__init__(message)
        self.probe = probe


# --- mini-program -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class LoginSession:
    """What `wx.login`'s code is worth. `session_key` stays on the server."""

    openid: str
    session_key: str
    unionid: str = ""


class MiniProgram(Protocol):
    """The mini-program's server API (../shared reference: wechat.md section 1)."""

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


# --- payment gateway --------------------------------------------------------------------------------


@dataclass(frozen=True)
class PrepayRequest:
    """One attempt to be paid: `out_trade_no` is the Payment's public id, `amount_fen` >= 1."""

    out_trade_no: str
    amount_fen: int
    description: str
    payer_openid: str
    expires_at: datetime


@dataclass(frozen=True)
class Trade:
    """The gateway's view of a trade. `state` is its own word; money in fen; absent values None.

    `total_fen` is what was asked, `payer_fen` what left the payer's pocket (coupons make it smaller).
    """

    out_trade_no: str
    state: Literal["NOTPAY", "SUCCESS", "REFUND", "CLOSED", "USERPAYING", "REVOKED", "PAYERROR", "ACCEPT"]
    transaction_id: str | None
    total_fen: int | None
    payer_fen: int | None
    success_at: datetime | None
    payer_openid: str | None = None


@dataclass(frozen=True)
class RefundRequest:
    """One refund of `refund_fen` out of a trade of `total_fen`; the number is never changed on a retry."""

    out_trade_no: str
    out_refund_no: str
    refund_fen: int
    total_fen: int
    reason: str


@dataclass(frozen=True)
class GatewayRefund:
    """The gateway's view of a refund; `payer_refund_fen` is what reaches the payer's pocket."""

    out_refund_no: str
    out_trade_no: str
    state: Literal["PROCESSING", "SUCCESS", "CLOSED", "ABNORMAL"]
    refund_fen: int
    payer_refund_fen: int | None
    success_at: datetime | None


@dataclass(frozen=True)
class Notice:
    """A verified, decrypted callback of the gateway: exactly one of `trade` and `refund` is set."""

    event_id: str
    event_type: str
    trade: Trade | None = None
    refund: GatewayRefund | None = None


class PaymentGateway(Protocol):
    """WeChat Pay v3, direct merchant, JSAPI (wechat.md section 2)."""

    def prepay(self, request: PrepayRequest) -> str:
        """Place the order at the gateway and return its `prepay_id`; safe to repeat with the same values."""

    def payer_params(self, prepay_id: str) -> dict[str, str]:
        """The signed parameters for `wx.requestPayment` (timeStamp, nonceStr, package, signType, paySign, appId)."""

    def query(self, out_trade_no: str) -> Trade:
        """The trade as the gateway sees it; raises `Refused` with code "ORDER_NOT_EXIST" for an unknown one."""

    def close(self, out_trade_no: str) -> None:
        """Ask the gateway to close an unpaid trade; raises `Refused` when it was paid. Query afterwards."""

    def refund(self, request: RefundRequest) -> GatewayRefund:
        """Ask for a refund; raises `Refused` ("NOT_ENOUGH": the account lacks funds), `Unknown`, `Unreachable`."""

    def query_refund(self, out_refund_no: str) -> GatewayRefund:
        """The refund as the gateway sees it; raises `Refused` with code "RESOURCE_NOT_EXISTS" for an unknown one."""

    def read_notice(self, headers: dict[str, str], body: bytes) -> Notice:
        """Verify (signature, +-300 s, known key, our merchant and app) and decrypt; raises `BadNotice`, no network."""


# --- chat -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Capabilities:
    """What a chat channel really allows.

    hears: none | mention | all; push: may it speak on its own; edit: any | on_click | none; `rate_per_minute`
    bounds pushes to one chat; `max_bytes` bounds one text in UTF-8.
    """

    hears: Literal["none", "mention", "all"]
    push: bool
    edit: Literal["any", "on_click", "none"]
    buttons: bool
    rate_per_minute: int
    max_bytes: int


@dataclass(frozen=True)
class ChatAddress:
    """Where a push goes: the channel's own chat id and, where a push needs one, its secret (a webhook key)."""

    chat_id: str
    push_secret: str = ""


class ChatGone(Refused):
    """The chat, its robot or its key no longer exists: stop sending there and tell the leader."""


class ChatChannel(Protocol):
    """The outbound half of a chat channel; payloads are made by `bots/channels/`."""

    kind: str
    capabilities: Capabilities

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Send one message and return its remote id ("" when the channel gives none). Raises `OutsideError`s."""

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """Replace a message sent earlier; raises `Refused` where the channel cannot."""


# --- files, limits, calls ---------------------------------------------------------------------------


class FileStore(Protocol):
    """Pictures and other files by key; keys are ours, never the uploader's file name."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store `content` under `key` (idempotent)."""

    def get(self, key: str) -> tuple[bytes, str] | None:
        """Content and content type, or None."""


class PictureGate(Protocol):
    """Judges an uploaded picture by its content and draws it anew, so that nothing else travels along."""

    def __call__(self, content: bytes) -> tuple[bytes, str]:
        """The clean picture and its content type.

        Raises ValueError whose text is too_large, too_many_pixels or not_a_picture.
        """


def no_pictures(content: bytes) -> tuple[bytes, str]:
    """The gate that lets nothing in, for processes that take no uploads."""
    raise ValueError("not_a_picture")


class Counters(Protocol):
    """Short-lived counters for limits; memory or a Redis-protocol server. Never the truth of anything."""

    def hit(self, key: str, window_seconds: int) -> int:
        """Count one event under `key` in the current window and return how many there are now."""

    def clear(self, key: str) -> None:
        """Forget `key`."""


@dataclass(frozen=True)
class Outside:
    """All the outside the flows may call, wired together in app.py."""

    mini_program: MiniProgram
    gateway: PaymentGateway
    files: FileStore
    counters: Counters
    accept_picture: PictureGate = no_pictures
    chats: dict[str, ChatChannel] = field(default_factory=dict)


class Vault(Protocol):
    """Keeps secrets readable only to us: encryption at rest, keyed hashes, signatures."""

    def encrypt(self, text: str) -> str:
        """`text` sealed (authenticated, fresh nonce), at most 4/3 of its size plus 60 characters."""

    def decrypt(self, sealed: str) -> str:
        """What was sealed; raises ValueError when it was altered or sealed with another key."""

    def digest(self, purpose: str, text: str) -> str:
        """A keyed hash, 64 hex characters, different for each purpose."""

    def sign(self, purpose: str, text: str) -> str:
        """A short signature over `text` (URL-safe, 22 characters or more) with a key of its own per purpose."""
