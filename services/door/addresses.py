"""Where an order is brought: asked for as the campaign delivers, sealed for a courier, revealed with a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.campaigns import DeliveryMethod
from domain.content import Subject
from domain.errors import AddressNeeded, Invalid, NotFound, WrongState
from models import Campaign, Order, OrderAddress
from services import audit
from services.content_safety import holding, rows
from services.context import Ctx
from services.finding import by_public_id
from services.pickup import desks

ASKED: Mapping[str, tuple[str, ...]] = {
    DeliveryMethod.PICKUP: (),
    DeliveryMethod.DOOR: ("building", "room"),
    DeliveryMethod.COURIER: ("recipient", "phone", "address"),
}
"""What must be said, by way of delivery; a recipient may always be named."""
REVEALED_UNTIL = ("paid", "confirmed", "ready")
_PHONE = re.compile(r"[0-9]{5,15}")
_ONLY_WHEN_ASKED = ("building", "room", "phone", "address")


@dataclass(frozen=True)
class Whither:
    """What a buyer said of where it is to be brought; "" is not said."""

    recipient: str = ""
    building: str = ""
    room: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class CourierAddress:
    """What a courier must know."""

    recipient: str
    phone: str
    address: str


def check(campaign: Campaign, said: Whither) -> None:
    """Raise `AddressNeeded` for what the campaign asks and was not said, `Invalid` for what it does not ask."""
    asked = ASKED[campaign.delivery_method]
    for field in asked:
        if not getattr(said, field).strip():
            raise AddressNeeded(field=field)
    for field in _ONLY_WHEN_ASKED:
        if getattr(said, field) and field not in asked:
            raise Invalid("This campaign does not ask for it.", field=field)
    if "phone" in asked and not _PHONE.fullmatch(said.phone):
        raise Invalid("Digits only, please.", field="phone")


def write(ctx: Ctx, campaign: Campaign, order: Order, said: Whither) -> None:
    """Keep what `check` let pass; nothing for goods that are fetched."""
    if campaign.delivery_method == DeliveryMethod.PICKUP:
        return
    sealed = None
    if campaign.delivery_method == DeliveryMethod.COURIER:
        kept = {"recipient": said.recipient, "phone": said.phone, "address": said.address}
        sealed = ctx.vault.encrypt(json.dumps(kept, ensure_ascii=False))
    ctx.session.add(OrderAddress(order_id=order.id, building=said.building, room=said.room, courier_enc=sealed))
    ctx.session.flush()


def unsealed(ctx: Ctx, address: OrderAddress) -> CourierAddress | None:
    """What a courier must know of an order; None where nothing was sealed."""
    return CourierAddress(**json.loads(ctx.vault.decrypt(address.courier_enc))) if address.courier_enc else None


def reveal(ctx: Ctx, order_id: str, reason: str) -> CourierAddress:
    """Show the leader an order's courier address (public id) while it is to be sent, and note that it was shown.

    Raises `NotFound`, `WrongState` when it is over, `Invalid` without a reason, and `BeingChecked` or `ContentRefused`
    for words that nobody may read.
    """
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    order = of_campaigns(ctx, order_id, DeliveryMethod.COURIER)
    if order.state not in REVEALED_UNTIL:
        raise WrongState(state=order.state, event="reveal")
    holding.require_passed(ctx, Subject.ADDRESS, order.id)
    address = unsealed(ctx, ctx.session.get_one(OrderAddress, order.id))
    if address is None:
        raise NotFound
    audit.record(ctx, "order", order.id, "reveal_address", reason=reason)
    rows.keep_reason_back(ctx, "order", order.id, "reveal_address")
    return address


def of_campaigns(ctx: Ctx, order_id: str, method: DeliveryMethod) -> Order:
    """An order (public id) of the acting leader's campaigns that goes out by `method`; raises `NotFound`."""
    order = by_public_id(ctx, Order, order_id, *desks.within_reach(ctx, Order))
    if ctx.session.get_one(Campaign, order.campaign_id).delivery_method != method:
        raise NotFound
    return order
