"""A pretend outside for tests that are about us: it keeps the ports' promises, without a network.

The real adapters are tested against the sandbox; the journeys use them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from integrations.counters import MemoryCounters
from integrations.files import FolderFiles
from integrations.pictures import accept_picture
from services.ports import (
    BadNotice,
    Capabilities,
    ChatAddress,
    GatewayRefund,
    LoginSession,
    Notice,
    Outside,
    OutsideError,
    PrepayRequest,
    RefundRequest,
    Refused,
    Trade,
)

ANYTHING = Capabilities("all", push=True, edit="any", buttons=True, rate_per_minute=600, max_bytes=4096)


@dataclass
class PretendMiniProgram:
    """`login("openid:abc")` logs `abc` in, `phone_number("phone:138…")` gives that number; `fails` is raised."""

    fails: OutsideError | None = None
    sent: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)

    def login(self, js_code: str) -> LoginSession:
        """The openid in the code."""
        return LoginSession(self._content(js_code, "openid:"), "session-key")

    def phone_number(self, code: str, openid: str) -> str:
        """The number in the code."""
        return self._content(code, "phone:")

    def send_subscribe(self, openid: str, template_id: str, page: str, data: dict[str, str]) -> None:
        """Kept in `sent`."""
        self._fail()
        self.sent.append((openid, template_id, data))

    def send_customer_text(self, openid: str, text: str) -> None:
        """Kept in `texts`."""
        self._fail()
        self.texts.append((openid, text))

    def code_image(self, scene: str, page: str) -> bytes:
        """Something that looks like a PNG."""
        self._fail()
        return b"\x89PNG\r\n\x1a\n" + scene.encode()

    def _content(self, code: str, prefix: str) -> str:
        self._fail()
        if not code.startswith(prefix):
            raise Refused("bad code", code="40029")
        return code.removeprefix(prefix)

    def _fail(self) -> None:
        if self.fails is not None:
            raise self.fails


@dataclass
class PretendGateway:
    """Trades and refunds in memory; a test pays with `pay`, and settles refunds with `finish_refund`."""

    trades: dict[str, Trade] = field(default_factory=dict)
    refunds: dict[str, GatewayRefund] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    fails: OutsideError | None = None

    def prepay(self, request: PrepayRequest) -> str:
        """A prepay id; the trade waits for `pay`."""
        self._called("prepay")
        self.trades.setdefault(
            request.out_trade_no, Trade(request.out_trade_no, "NOTPAY", None, request.amount_fen, None, None)
        )
        return f"wx-prepay-{request.out_trade_no}"

    def payer_params(self, prepay_id: str) -> dict[str, str]:
        """What the app would be given."""
        return {"package": f"prepay_id={prepay_id}", "paySign": "pretend"}

    def pay(self, out_trade_no: str, at: datetime, total_fen: int | None = None, payer_fen: int | None = None) -> Trade:
        """The person pays; a coupon makes `payer_fen` smaller, a wrong sum another `total_fen`."""
        trade = self.trades[out_trade_no]
        total = trade.total_fen if total_fen is None else total_fen
        self.trades[out_trade_no] = replace(
            trade, state="SUCCESS", transaction_id=f"42{out_trade_no[-26:]}", total_fen=total,
            payer_fen=total if payer_fen is None else payer_fen, success_at=at,
        )  # fmt: skip
        return self.trades[out_trade_no]

    def query(self, out_trade_no: str) -> Trade:
        """The trade, or `Refused` ORDER_NOT_EXIST."""
        self._called("query")
        if out_trade_no not in self.trades:
            raise Refused("no such trade", code="ORDER_NOT_EXIST")
        return self.trades[out_trade_no]

    def close(self, out_trade_no: str) -> None:
        """Closed, unless it was paid."""
        self._called("close")
        trade = self.trades.get(out_trade_no)
        if trade is None:
            raise Refused("no such trade", code="ORDER_NOT_EXIST")
        if trade.state == "SUCCESS":
            raise Refused("paid", code="ORDERPAID")
        self.trades[out_trade_no] = replace(trade, state="CLOSED")

    def refund(self, request: RefundRequest) -> GatewayRefund:
        """Accepted and PROCESSING; the same number again gives the same refund."""
        self._called("refund")
        fresh = GatewayRefund(request.out_refund_no, request.out_trade_no, "PROCESSING", request.refund_fen, None, None)
        return self.refunds.setdefault(request.out_refund_no, fresh)

    def finish_refund(self, out_refund_no: str, at: datetime) -> GatewayRefund:
        """The money reaches the payer."""
        refund = self.refunds[out_refund_no]
        self.refunds[out_refund_no] = replace(
            refund, state="SUCCESS", payer_refund_fen=refund.refund_fen, success_at=at
        )
        return self.refunds[out_refund_no]

    def query_refund(self, out_refund_no: str) -> GatewayRefund:
        """The refund, or `Refused` RESOURCE_NOT_EXISTS."""
        self._called("query_refund")
        if out_refund_no not in self.refunds:
            raise Refused("no such refund", code="RESOURCE_NOT_EXISTS")
        return self.refunds[out_refund_no]

    def read_notice(self, headers: dict[str, str], body: bytes) -> Notice:
        """Nothing is signed by the pretend gateway, so nothing is believed; true notices are the real adapter's."""
        raise BadNotice("not signed")

    def _called(self, what: str) -> None:
        self.asked[what] += 1
        if self.fails is not None:
            raise self.fails


@dataclass
class PretendChat:
    """Keeps what was pushed and edited; may do everything."""

    kind: str = "sandbox"
    capabilities: Capabilities = ANYTHING
    pushed: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    edited: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    fails: OutsideError | None = None

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Kept in `pushed`; returns its number."""
        if self.fails is not None:
            raise self.fails
        self.pushed.append((address.chat_id, payload, key))
        return f"m{len(self.pushed)}"

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """Kept in `edited`."""
        if self.fails is not None:
            raise self.fails
        self.edited.append((address.chat_id, remote_id, payload))


@dataclass(frozen=True)
class PretendOutside(Outside):
    """The parts with their own types, so that a test may look inside."""

    mini_program: PretendMiniProgram
    gateway: PretendGateway


def pretend_outside(folder: Path) -> PretendOutside:
    """All of it, with a file store below `folder`."""
    return PretendOutside(
        mini_program=PretendMiniProgram(),
        gateway=PretendGateway(),
        files=FolderFiles(folder / "files"),
        counters=MemoryCounters(),
        accept_picture=accept_picture,
        chats={"sandbox": PretendChat(), "wecom": PretendChat(kind="wecom")},
    )
