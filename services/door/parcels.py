"""Orders sent by courier: the leader enters the number, the buyer confirms receipt, or the clock does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from domain.actors import CLOCK, Role
from domain.campaigns import DeliveryMethod
from domain.couriers import COURIERS
from domain.errors import Invalid, NotFound, NotReady, StillToCome, WrongState
from models import Order, Parcel
from services import audit, counting, notices, shipping, transitions
from services.context import Ctx
from services.door.addresses import of_campaigns
from services.finding import by_public_id
from services.pickup import redeeming
from services.pickup.units import to_come, waiting
from services.writing import changed, insert_ignoring

_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")


@dataclass(frozen=True)
class SendParcel:
    """An order (public id) leaves with a courier company (a code of COURIERS) under its tracking number."""

    order_id: str
    company: str
    tracking_number: str


def send(ctx: Ctx, command: SendParcel) -> Parcel:
    """Enter the parcel of an order that stands at the depot whole; its buyer reads the number.

    It counts as received `policy.courier_confirm_days` later. Raises `NotFound`, `NotReady` before arrival,
    `StillToCome`, `Invalid` for an unknown company, and `WrongState` when it was sent before or is over.
    """
    order = _hold(ctx, command)
    _refuse_unready(ctx, order)
    until = ctx.now + timedelta(days=ctx.policy.courier_confirm_days)
    sent = insert_ignoring(
        ctx.session, Parcel, ["order_id"], order_id=order.id, company=command.company,
        tracking_number=command.tracking_number, shipped_at=ctx.now, confirm_by=until,
    )  # fmt: skip
    if not sent:
        raise WrongState(state="sent", event="send")
    audit.record(ctx, "order", order.id, "send_parcel")
    shipping.parcel_entered(ctx, order)
    return _tell(ctx, order, "已发货")


def correct(ctx: Ctx, command: SendParcel) -> Parcel:
    """Correct a mistyped company or number until it was received; raises `NotFound`, `Invalid` or `WrongState`."""
    order = _hold(ctx, command)
    if order.state != "ready":
        raise WrongState(state=order.state, event="correct")
    mine = update(Parcel).where(Parcel.order_id == order.id)
    if not changed(ctx.session, mine.values(company=command.company, tracking_number=command.tracking_number)):
        raise NotFound
    audit.record(ctx, "order", order.id, "correct_parcel")
    shipping.parcel_entered(ctx, order)
    return _tell(ctx, order, "快递单号有更正")


def confirm(ctx: Ctx, order_id: str) -> Order:
    """The buyer has received an own order (public id): all of it is collected.

    Raises `NotFound`, and `WrongState` when it was not sent or is over.
    """
    ctx.require(Role.RESIDENT)
    order = by_public_id(ctx, Order, order_id, Order.resident_id == ctx.resident_id)
    transitions.lock(ctx, order)
    if not _receive(ctx, order, "买家确认收货"):
        raise WrongState(state=order.state, event="confirm_receipt")
    audit.record(ctx, "order", order.id, "confirm_receipt")
    return order


def due(ctx: Ctx, limit: int) -> list[int]:
    """Orders whose parcel nobody has confirmed in time."""
    late = select(Order.id).join(Parcel, Parcel.order_id == Order.id)
    late = late.where(Order.state == "ready", Order.counted, Parcel.confirm_by <= ctx.now)
    return list(ctx.session.scalars(late.order_by(Parcel.confirm_by, Order.id).limit(limit)))


def confirm_overdue(ctx: Ctx, order_id: int) -> bool:
    """Take an overdue parcel as received; False when it was confirmed or given back meanwhile."""
    order = ctx.session.get_one(Order, order_id)
    transitions.lock(ctx, order)
    parcel = ctx.session.get_one(Parcel, order.id)
    if parcel.confirm_by > ctx.now or not _receive(ctx, order, "到期自动确认"):
        return False
    words = "快递已到期自动确认收货，有问题请申请售后。"
    notices.tell(ctx, order, "changed", f"received:{order.id}", "已自动确认收货", words)
    return True


def _receive(ctx: Ctx, order: Order, by_name: str) -> bool:
    """Everything of a held order that is on its way is collected, as the clock does."""
    if order.state != "ready" or ctx.session.get(Parcel, order.id) is None:
        return False
    lines = counting.lines_of(ctx, order)
    taken = {line: waiting(line) for line in lines if waiting(line)}
    if taken:
        redeeming.record(ctx.acting_as(CLOCK), "courier", by_name, [order], lines, taken)
    return bool(taken)


def _hold(ctx: Ctx, command: SendParcel) -> Order:
    ctx.require(Role.LEADER)
    if command.company not in COURIERS:
        raise Invalid("There is no such courier.", field="company")
    if not _NUMBER.fullmatch(command.tracking_number):
        raise Invalid("A tracking number is up to 40 letters, digits and -.", field="tracking_number")
    order = of_campaigns(ctx, command.order_id, DeliveryMethod.COURIER)
    transitions.lock(ctx, order)
    return order


def _refuse_unready(ctx: Ctx, order: Order) -> None:
    lines = counting.lines_of(ctx, order)
    if order.state in ("paid", "confirmed"):
        raise NotReady(order=order.public_id, state=order.state)
    if any(map(to_come, lines)):
        raise StillToCome(order=order.public_id)
    if order.state != "ready" or not any(map(waiting, lines)):
        raise WrongState(state=order.state, event="send")


def _tell(ctx: Ctx, order: Order, title: str) -> Parcel:
    parcel = ctx.session.get_one(Parcel, order.id, populate_existing=True)
    words = f"{COURIERS[parcel.company]} {parcel.tracking_number}，收到后请在订单页确认收货。"
    notices.tell(ctx, order, "changed", f"parcel:{order.id}:{parcel.tracking_number}", title, words)
    return parcel
