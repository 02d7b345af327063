"""What a buyer writes into an order: written down when it has passed; the order itself waits for nothing."""

from __future__ import annotations

from domain.campaigns import DeliveryMethod
from domain.content import Subject
from domain.policy import Policy
from models import Campaign, Order, OrderAddress
from services.content_safety import holding, rows
from services.context import Ctx
from services.door.addresses import Whither

SOMEBODY = "邻居"
"""Stands for a recipient whose name others may not read: so the order is never taken for the buyer's own."""


def waits(policy: Policy, note: str, recipient: str) -> bool:
    """Whether an order with these words must be placed by the plain way, which keeps them back.

    One that is brought goes that way in any case.
    """
    return policy.content_safety and bool(note or recipient)


def hold(ctx: Ctx, order: Order, campaign: Campaign, said: Whither) -> None:
    """Take note, recipient and the way to a door off an order that was placed just now, until they have passed.

    The address of a parcel stays sealed where it is, and is shown to nobody before.
    """
    meanwhile = {"recipient": SOMEBODY if order.recipient else ""}
    rows.keep_back(ctx, Subject.ORDER, order, meanwhile, author=order.resident_id)
    if campaign.delivery_method == DeliveryMethod.DOOR:
        place = ctx.session.get_one(OrderAddress, order.id)
        rows.keep_back(ctx, Subject.PLACE, place, author=order.resident_id)
    elif campaign.delivery_method == DeliveryMethod.COURIER:
        words = {"recipient": said.recipient, "address": said.address}
        holding.hold(ctx, Subject.ADDRESS, order.id, order.resident_id, words)


def own_words(ctx: Ctx, order: Order) -> tuple[dict[str, str], str]:
    """What the buyer said that others do not see, by field of the order's page, and where the check of it stands.

    The latter is "" when all of it is seen: one statement, none with the check off.
    """
    found = rows.own_of(ctx, (Subject.ORDER, Subject.PLACE, Subject.ADDRESS), order.id)
    words = {field: said for own in found for field, said in own.words.items() if field != "address"}
    states = [own.state for own in found]
    return words, next((state for state in holding.UNSEEN if state in states), "")
