"""Drawers of the leader's points, and the leader's own: taking cash, closing, and receiving what was in one."""

from __future__ import annotations

from typing import Any

from blueprints.leader.door import door
from blueprints.shared.cash_shapes import (
    CountedSchema,
    DeskPaymentSchema,
    ShiftQuery,
    ShiftSchema,
    ShiftStatementSchema,
    TakeCashSchema,
    close_command,
    take_command,
)
from blueprints.shared.pickup_shapes import RedeemedSchema
from domain.errors import (
    AlreadyCollected,
    AlreadyPaid,
    NoShift,
    NotFound,
    NotReady,
    SamePerson,
    StillToCome,
    WrongState,
)
from models import Payment
from services.context import Ctx
from services.desk_money import cash, shifts, wechat
from services.paging import Page, Slice
from services.pickup import desks
from services.queries import redemptions
from services.queries import shifts as reading
from services.queries.redemptions import RedemptionShown
from services.queries.shifts import ShiftShown, ShiftStatement


@door.get("/shifts", shows=ShiftSchema(), paged=True, query=ShiftQuery())
def list_shifts(ctx: Ctx, page: Page, query: dict[str, str]) -> Slice[ShiftShown]:
    """The drawers of your points, and your own elsewhere, newest first."""
    return reading.listed(ctx, page, **query)


@door.get("/shifts/<shift_id>", shows=ShiftStatementSchema(), refuses=[NotFound])
def shift_statement(ctx: Ctx, shift_id: str) -> ShiftStatement:
    """A drawer with every payment in it."""
    return reading.statement(ctx, shift_id)


@door.post("/points/<point_id>/shifts", shows=ShiftSchema(), status=201, refuses=[NotFound])
def open_shift(ctx: Ctx, point_id: str) -> ShiftShown:
    """Open your own drawer at a point of your campaigns, or find it open."""
    return reading.one(ctx, shifts.begin(desks.leader_at(ctx, point_id)).public_id)


@door.post("/shifts/<shift_id>/close", takes=CountedSchema(), shows=ShiftSchema(), refuses=[NotFound, WrongState])
def close_shift(ctx: Ctx, shift_id: str, body: dict[str, Any]) -> ShiftShown:
    """Close your own drawer with what you counted; a difference needs a reason."""
    return reading.one(ctx, shifts.close(ctx, close_command(shift_id, body)).public_id)


@door.post("/shifts/<shift_id>/receive", shows=ShiftSchema(), refuses=[NotFound, WrongState, SamePerson])
def receive_shift(ctx: Ctx, shift_id: str) -> ShiftShown:
    """Confirm that you have got the cash of a closed drawer of your point; never of your own."""
    return reading.one(ctx, shifts.receive(ctx, shift_id).public_id)


@door.post(
    "/points/<point_id>/cash-payments",
    takes=TakeCashSchema(),
    shows=RedeemedSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, NoShift, NotReady, StillToCome, AlreadyCollected, WrongState],
)
def take_cash(ctx: Ctx, point_id: str, body: dict[str, Any]) -> dict[str, list[RedemptionShown]]:
    """Cash was taken, at the desk or at the door: it is booked in your shift at the point, the goods handed over."""
    there = desks.leader_at(ctx, point_id)
    return {"redemptions": redemptions.shown(there, cash.take(there, take_command(body)))}


@door.post(
    "/orders/<string:order_id>/desk-payments",
    shows=DeskPaymentSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, AlreadyPaid, NotReady, StillToCome, WrongState],
)
def open_desk_payment(ctx: Ctx, order_id: str) -> Payment:
    """Let the buyer pay by WeChat while you stand before each other; the gateway's word hands over in your name."""
    return wechat.begin(ctx, order_id)
