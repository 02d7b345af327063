"""Taking back a mistaken hand-over: a reversing redemption with a reason, within its time, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from domain.actors import Role
from domain.content import Subject
from domain.errors import Invalid, UndoTooLate, WrongState
from domain.ids import new_id
from domain.pickup import pickup_deadline
from models import Campaign, Order, OrderLine, Redemption, RedemptionLine
from services.aftersales import open_claims
from services.content_safety import rows
from services.context import Ctx
from services.finding import by_public_id
from services.pickup import codes, desks, finishing
from services.pickup.handing import HandOver, hand_over
from services.pickup.units import fresh
from services.transitions import lock, move
from services.writing import insert_ignoring


@dataclass(frozen=True)
class Undo:
    """Take back a redemption (public id) because of `reason`."""

    redemption_id: str
    reason: str


def undo(ctx: Ctx, command: Undo) -> Redemption:
    """Reverse a hand-over and return the reversal: units, books, order and code stand as before it.

    Staff may for `policy.undo_minutes`, the leader until after-sales ends. What was paid stays paid. Raises `NotFound`,
    `Invalid` without a reason, `UndoTooLate`, and `WrongState` when it was undone before, is itself an undo, or its
    buyer has received it by courier, has asked back or got back money for what it handed over.
    """
    reason = command.reason.strip()
    if not reason:
        raise Invalid("Say why.", field="reason")
    here = select(Order.id).where(*desks.within_reach(ctx, Order))
    wrong = by_public_id(ctx, Redemption, command.redemption_id, Redemption.order_id.in_(here))
    order = ctx.session.get_one(Order, wrong.order_id)
    lock(ctx, order)
    _check_time(ctx, order, wrong)
    _check_claims(ctx, wrong)
    reversal = _reverse(ctx, wrong, reason)
    rows.keep_back(ctx, Subject.UNDO, reversal)
    _take_back(ctx, order, wrong, reversal)
    if order.state == "collected":
        again = _time_to_fetch(ctx, order)
        move(ctx, order, "uncollect", collected_at=None, aftersales_until=None, **again)
        codes.reopen(ctx, order)
        finishing.reopened(ctx, order)
    return reversal


def _check_time(ctx: Ctx, order: Order, wrong: Redemption) -> None:
    if wrong.reverses_id is not None:
        raise WrongState(state="undone", event="undo")
    if wrong.found_by == "courier":
        raise WrongState("Its buyer has received it; after-sales is the way.", state="received", event="undo")
    cancelled = ctx.session.get_one(Campaign, order.campaign_id).state == "cancelled"
    if cancelled or order.state not in ("ready", "collected"):
        raise UndoTooLate
    if ctx.actor.role is Role.STAFF and ctx.now > wrong.created_at + timedelta(minutes=ctx.policy.undo_minutes):
        raise UndoTooLate
    if order.aftersales_until is not None and ctx.now > order.aftersales_until:
        raise UndoTooLate


def _check_claims(ctx: Ctx, wrong: Redemption) -> None:
    lines = select(RedemptionLine.order_line_id).where(RedemptionLine.redemption_id == wrong.id)
    if open_claims.about(ctx, ctx.session.scalars(lines)):
        raise WrongState("Its buyer has asked for after-sales.", state="claimed", event="undo")


def _reverse(ctx: Ctx, wrong: Redemption, reason: str) -> Redemption:
    public_id = new_id("Redemption", ctx.now)
    first = insert_ignoring(
        ctx.session, Redemption, ["reverses_id"], public_id=public_id, order_id=wrong.order_id,
        point_id=wrong.point_id, reverses_id=wrong.id, by_label=ctx.actor.label, by_name=desks.name(ctx),
        found_by="undo", reason=reason[:255], created_at=ctx.now,
    )  # fmt: skip
    if not first:
        raise WrongState(state="undone", event="undo")
    return ctx.session.scalars(select(Redemption).where(Redemption.public_id == public_id)).one()


def _take_back(ctx: Ctx, order: Order, wrong: Redemption, reversal: Redemption) -> None:
    given = ctx.session.execute(
        select(OrderLine, RedemptionLine.units)
        .join(RedemptionLine, RedemptionLine.order_line_id == OrderLine.id)
        .where(RedemptionLine.redemption_id == wrong.id)
        .order_by(OrderLine.id),
        execution_options={"populate_existing": True},
    ).all()
    rows = [RedemptionLine(redemption_id=reversal.id, order_line_id=line.id, units=-units) for line, units in given]
    ctx.session.add_all(rows)
    ctx.session.flush()
    acts = [
        HandOver(order, line, -units, f"redemption_line:{row.id}")
        for row, (line, units) in zip(rows, given, strict=True)
    ]
    if not hand_over(ctx, "collected_units", acts):
        raise WrongState(state=order.state, event="undo")


def _time_to_fetch(ctx: Ctx, order: Order) -> dict[str, Any]:
    """A fresh deadline (and reminder) when the old one passed meanwhile: the owner must not lose the goods by it."""
    if order.pickup_deadline is None or order.pickup_deadline > ctx.now:  # what is brought has none
        return {}
    lines = select(OrderLine).where(OrderLine.order_id == order.id)
    until = pickup_deadline(ctx.now, fresh(ctx.session.scalars(lines)), ctx.policy)
    return {"pickup_deadline": until, "reminded_at": None}
