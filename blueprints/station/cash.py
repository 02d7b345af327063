"""Orders that are paid on pickup: cash and hand-over in one act, or WeChat Pay opened for the buyer at the desk."""

from __future__ import annotations

from typing import Any

from blueprints.shared.cash_shapes import DeskPaymentSchema, TakeCashSchema, take_command
from blueprints.shared.pickup_shapes import RedeemedSchema
from blueprints.station.door import door
from domain.errors import AlreadyCollected, AlreadyPaid, NoShift, NotFound, NotReady, StillToCome, WrongState
from models import Payment
from services.context import Ctx
from services.desk_money import cash, wechat
from services.queries import redemptions
from services.queries.redemptions import RedemptionShown


@door.post(
    "/cash-payments",
    takes=TakeCashSchema(),
    shows=RedeemedSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, NoShift, NotReady, StillToCome, AlreadyCollected, WrongState],
)
def take_cash(ctx: Ctx, body: dict[str, Any]) -> dict[str, list[RedemptionShown]]:
    """Cash was taken for what is due: it is booked in your open shift, and all that waits is handed over."""
    return {"redemptions": redemptions.shown(ctx, cash.take(ctx, take_command(body)))}


@door.post(
    "/orders/<string:order_id>/desk-payments",
    shows=DeskPaymentSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, AlreadyPaid, NotReady, StillToCome, WrongState],
)
def open_desk_payment(ctx: Ctx, order_id: str) -> Payment:
    """Let the buyer pay by WeChat now; the gateway's word hands over in your name."""
    return wechat.begin(ctx, order_id)
