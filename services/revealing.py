"""What is masked elsewhere, shown to an operator who says why; every look is on record."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.actors import Role
from domain.content import Subject
from domain.errors import Invalid
from models import Order, OrderAddress, Resident
from services import audit
from services.content_safety import holding
from services.context import Ctx
from services.finding import by_public_id


@dataclass(frozen=True)
class Revealed:
    """Whose order it is and where it goes, in full; "" for what nobody gave or nobody may read yet."""

    nickname: str
    phone: str
    recipient: str
    building: str
    room: str
    courier: str


def owner_of(ctx: Ctx, order_id: str, reason: str) -> Revealed:
    """Who stands behind an order (public id). Writes one audit record.

    Raises `NotFound`, `Invalid` without a reason.
    """
    ctx.require(Role.OPERATOR)
    order = by_public_id(ctx, Order, order_id)
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    audit.record(ctx, "order", order.id, "reveal", reason=reason)
    owner, place = ctx.session.get_one(Resident, order.resident_id), ctx.session.get(OrderAddress, order.id)
    unread = ctx.session.scalars(select(holding.unseen(Subject.ADDRESS, order.id))).one()
    return Revealed(
        nickname=owner.nickname, phone=_opened(ctx, owner.phone_enc), recipient=order.recipient,
        building=place.building if place else "", room=place.room if place else "",
        courier=_opened(ctx, place.courier_enc if place and not unread else None),
    )  # fmt: skip


def _opened(ctx: Ctx, sealed: str | None) -> str:
    return ctx.vault.decrypt(sealed) if sealed else ""
