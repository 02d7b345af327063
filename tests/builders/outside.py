"""A pretend outside for tests that are about us: it keeps the ports' promises, without a network.

The real adapters are tested against the sandbox; the journeys use them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.content import Scene, Suggestion
from integrations.counters import MemoryCounters
from integrations.files import FolderFiles
from integrations.pictures import accept_picture
from integrations.posters import Posters
from integrations.workbooks import XlsxWorkbooks
from services.ports import (
    ChatAddress,
    Judgement,
    LoginSession,
    Outside,
    OutsideError,
    Refused,
    ShippingInfo,
    ShippingState,
    Unreachable,
)
from tests.builders.pretend_cards import PretendCards
from tests.builders.pretend_gateway import PretendGateway

SUSPECT = {"赌博": Suggestion.RISKY, "加微信": Suggestion.REVIEW}


@dataclass
class PretendMiniProgram(PretendCards):
    """`login("openid:abc")` logs `abc` in, `phone_number("phone:138…")` gives that number; `fails` is raised."""

    fails: OutsideError | None = None
    sent: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    opens: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    shipped: dict[str, ShippingInfo] = field(default_factory=dict)
    unheard_of: set[str] = field(default_factory=set)  # transactions that the platform does not know yet
    shipping_states: dict[str, ShippingState] = field(default_factory=dict)
    trade_managed: bool = True
    checked: list[tuple[str, Scene, str]] = field(default_factory=list)
    long_away: set[str] = field(default_factory=set)  # openids that the platform has not seen for two hours

    def login(self, js_code: str) -> LoginSession:
        """The openid in the code."""
        return LoginSession(self._content(js_code, "openid:"), "session-key")

    def phone_number(self, code: str, openid: str) -> str:
        """The number in the code."""
        return self._content(code, "phone:")

    def send_subscribe(self, openid: str, template_id: str, page: str, data: dict[str, str]) -> None:
        """Kept in `sent`, the page it opens in `opens`."""
        self._fail()
        self.sent.append((openid, template_id, data))
        self.opens.append(page)

    def send_customer_text(self, openid: str, text: str) -> None:
        """Kept in `texts`."""
        self._fail()
        self.texts.append((openid, text))

    def code_image(self, scene: str, page: str) -> bytes:
        """Something that looks like a PNG."""
        self._fail()
        return b"\x89PNG\r\n\x1a\n" + scene.encode()

    def check_text(self, openid: str, scene: Scene, text: str) -> Judgement:
        """Risky with 赌博 in it, to be looked at with 加微信; who asked stands in `checked`."""
        self._fail()
        self.checked.append((openid, scene, text))
        if openid in self.long_away:
            raise Refused("code is expired", code="61010")
        found = next((word for word in SUSPECT if word in text), "")
        return Judgement(SUSPECT.get(found, Suggestion.FINE), 100 if not found else 20006)

    def check_picture(self, openid: str, scene: Scene, path: str) -> str:
        """Kept in `checked`; the trace is its number."""
        self._fail()
        self.checked.append((openid, scene, path))
        return f"trace-{len(self.checked)}"

    def upload_shipping(self, info: ShippingInfo) -> None:
        """Kept in `shipped` by its transaction."""
        self._fail()
        self._known(info.transaction_id)
        self.shipped[info.transaction_id] = info

    def shipping_state(self, transaction_id: str) -> ShippingState:
        """What a test put into `shipping_states`, else shipped (2) or to ship (1)."""
        self._fail()
        self._known(transaction_id)
        otherwise = ShippingState(2 if transaction_id in self.shipped else 1, in_complaint=False)
        return self.shipping_states.get(transaction_id, otherwise)

    def is_trade_managed(self) -> bool:
        """`trade_managed`."""
        self._fail()
        return self.trade_managed

    def _known(self, transaction_id: str) -> None:
        if transaction_id in self.unheard_of:
            raise Unreachable("no such payment yet", code="10060001")

    def _content(self, code: str, prefix: str) -> str:
        self._fail()
        if not code.startswith(prefix):
            raise Refused("bad code", code="40029")
        return code.removeprefix(prefix)

    def _fail(self) -> None:
        if self.fails is not None:
            raise self.fails


@dataclass
class PretendChat:
    """Keeps what was pushed and edited; may do everything."""

    kind: str = "sandbox"
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
        paint_poster=Posters(),
        workbooks=XlsxWorkbooks(),
        chats={"sandbox": PretendChat(), "wecom": PretendChat(kind="wecom")},
    )
