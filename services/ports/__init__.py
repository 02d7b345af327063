"""What the core asks of the outside world: Protocols, their values and their three ways to fail.

Every adapter in `integrations/` returns one of these values or raises one of these errors, and nothing else:
`Refused` (the other side said no, do not repeat unchanged), `Unreachable` (it did not happen; repeat later) and
`Unknown` (it may have happened; ask, or repeat under the same number).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from services.ports.bills import BillFault, BillRow, FundFlowBill, FundFlowRow, TradeBill
from services.ports.chats import Capabilities, ChatAddress, ChatChannel, ChatGone, ChatMoved, LateAnswers, Limit
from services.ports.failures import BadNotice, OutsideError, Refused, Unknown, Unreachable
from services.ports.gateway import (
    GatewayRefund,
    Identity,
    Notice,
    PaymentGateway,
    PrepayRequest,
    RefundRequest,
    Trade,
    Transfer,
    TransferRequest,
)
from services.ports.keeping import (
    Cell,
    Counters,
    FileStore,
    NoWorkbooks,
    PictureGate,
    PosterFacts,
    PosterPainter,
    Vault,
    Workbooks,
    no_pictures,
    no_posters,
)
from services.ports.mini_program import (
    Activity,
    CardState,
    GroupEntry,
    Judgement,
    LoginSession,
    MiniProgram,
    ShippingInfo,
    ShippingState,
    ToolState,
)

__all__ = [
    "Activity",
    "BadNotice",
    "BillFault",
    "BillRow",
    "Capabilities",
    "CardState",
    "Cell",
    "ChatAddress",
    "ChatChannel",
    "ChatGone",
    "ChatMoved",
    "Counters",
    "FileStore",
    "FundFlowBill",
    "FundFlowRow",
    "GatewayRefund",
    "GroupEntry",
    "Identity",
    "Judgement",
    "LateAnswers",
    "Limit",
    "LoginSession",
    "MiniProgram",
    "NoWorkbooks",
    "Notice",
    "Outside",
    "OutsideError",
    "PaymentGateway",
    "PictureGate",
    "PosterFacts",
    "PosterPainter",
    "PrepayRequest",
    "RefundRequest",
    "Refused",
    "ShippingInfo",
    "ShippingState",
    "ToolState",
    "Trade",
    "TradeBill",
    "Transfer",
    "TransferRequest",
    "Unknown",
    "Unreachable",
    "Vault",
    "Workbooks",
    "no_pictures",
    "no_posters",
]


@dataclass(frozen=True)
class Outside:
    """All the outside the flows may call, wired together in app.py."""

    mini_program: MiniProgram
    gateway: PaymentGateway
    files: FileStore
    counters: Counters
    accept_picture: PictureGate = no_pictures
    paint_poster: PosterPainter = no_posters
    workbooks: Workbooks = NoWorkbooks()  # noqa: RUF009 - it holds nothing that could be shared by mistake
    chats: dict[str, ChatChannel] = field(default_factory=dict)
    late: LateAnswers | None = None
