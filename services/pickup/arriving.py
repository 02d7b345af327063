"""The arrival: counted goods make orders ready, issue codes, book what is owed and tell each owner, all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from domain.clock import local
from domain.errors import Invalid, NotYetOffered, WrongState
from domain.pickup import pickup_deadline
from domain.posting_rules import Event
from models import Campaign, Delivery, DeliveryLine, Merchant, Offer, Order, OrderLine, PickupPoint, Product, Sku
from services import announcing, ledger, notices
from services.context import Ctx
from services.finding import by_public_id
from services.pickup import codes
from services.pickup.desks import within_reach
from services.pickup.units import LIVE, live
from services.transitions import move, move_all
from services.writing import changed


@dataclass(frozen=True)
class Arrive:
    """A delivery counted at the point: units by offer (public ids); every line of the delivery must be named."""

    delivery_id: str
    counts: Mapping[str, int]


def arrive(ctx: Ctx, command: Arrive) -> Delivery:
    """Take a delivery in: its lines arrived, its orders ready with a code and a deadline, the owners told.

    Raises `NotFound`, `WrongState` (not on its way, or taken in before), `Invalid` (an offer missing or unknown) and
    `NotYetOffered` when a count differs from what the orders need.
    """
    delivery = by_public_id(ctx, Delivery, command.delivery_id, *within_reach(ctx, Delivery))
    campaign = ctx.session.get_one(Campaign, delivery.campaign_id)
    if campaign.state != "fulfilling":
        raise WrongState(state=campaign.state, event="arrive")
    move(ctx, delivery, "arrive", arrived_at=ctx.now)
    orders, lines = _waiting_for(ctx, delivery)
    _count(ctx, delivery, command.counts, lines)
    order_ids = [order.id for order in orders]
    changed(ctx.session, update(OrderLine).where(OrderLine.order_id.in_(order_ids)).values(arrived_units=LIVE))
    _make_ready(ctx, orders, lines)
    codes.issue(ctx, orders)
    _book(ctx, delivery, lines)
    _tell(ctx, delivery, campaign, orders)
    return delivery


def _waiting_for(ctx: Ctx, delivery: Delivery) -> tuple[Sequence[Order], Sequence[OrderLine]]:
    """The orders this delivery is for, held until the end of the transaction, and their lines."""
    fresh = {"populate_existing": True}
    held = (
        select(Order)
        .where(Order.campaign_id == delivery.campaign_id, Order.point_id == delivery.point_id)
        .where(Order.state == "confirmed")
        .order_by(Order.id)
        .with_for_update()
    )
    orders = ctx.session.scalars(held, execution_options=fresh).all()
    theirs = select(OrderLine).where(OrderLine.order_id.in_([order.id for order in orders])).order_by(OrderLine.id)
    return orders, ctx.session.scalars(theirs, execution_options=fresh).all()


def _count(ctx: Ctx, delivery: Delivery, counts: Mapping[str, int], lines: Sequence[OrderLine]) -> None:
    needed: Counter[int] = Counter()
    for line in lines:
        needed[line.offer_id] += live(line)
    planned = ctx.session.execute(
        select(DeliveryLine, Offer.public_id, Offer.name)
        .join(Offer, Offer.id == DeliveryLine.offer_id)
        .where(DeliveryLine.delivery_id == delivery.id)
    ).all()
    if odd := set(counts) ^ {offer_id for _, offer_id, _ in planned}:
        raise Invalid("Count each line of the delivery once.", field="counts", offers=sorted(odd))
    for row, offer_id, offer in planned:
        if counts[offer_id] != needed[row.offer_id]:
            raise NotYetOffered(
                "A count that differs from the orders cannot be taken in yet.", field="counts", offer=offer,
                needed=needed[row.offer_id], counted=counts[offer_id],
            )  # fmt: skip
        row.arrived_units = counts[offer_id]
    ctx.session.flush()


def _make_ready(ctx: Ctx, orders: Sequence[Order], lines: Sequence[OrderLine]) -> None:
    fresh_ids = {line.order_id for line in lines if line.fresh and live(line)}
    for fresh in (True, False):
        ids = [order.id for order in orders if (order.id in fresh_ids) is fresh]
        deadline = pickup_deadline(ctx.now, fresh, ctx.policy)
        move_all(ctx, Order, "arrive", Order.id.in_(ids), pickup_deadline=deadline)
    again = select(Order).where(Order.id.in_([order.id for order in orders]))
    ctx.session.scalars(again, execution_options={"populate_existing": True}).all()


def _book(ctx: Ctx, delivery: Delivery, lines: Sequence[OrderLine]) -> None:
    """Owe each merchant the supply price that the lines were ordered at, so that handing over empties the shelf."""
    supplied = (
        select(Offer.id, Merchant.public_id)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .join(Merchant, Merchant.id == Product.merchant_id)
        .where(Offer.campaign_id == delivery.campaign_id)
    )
    merchants = {row.id: row.public_id for row in ctx.session.execute(supplied)}
    owed: Counter[str] = Counter()
    for line in lines:
        owed[merchants[line.offer_id]] += line.supply_price_fen * live(line)
    bookings = [
        ledger.Booking(f"delivery:{delivery.id}:{merchant}", {"cost": fen}, owners={"merchant": merchant})
        for merchant, fen in sorted(owed.items())
    ]
    ledger.post_all(ctx, Event.GOODS_ARRIVED, bookings)


def _tell(ctx: Ctx, delivery: Delivery, campaign: Campaign, orders: Sequence[Order]) -> None:
    point = ctx.session.get_one(PickupPoint, delivery.point_id)
    told: dict[Order, notices.Notice] = {}
    for order in orders:
        deadline = local(order.pickup_deadline) if order.pickup_deadline else ""
        body = f"「{campaign.title}」已到{point.name}，请在 {deadline} 前取货。取货码在订单页。"
        told[order] = notices.Notice(f"arrival:{order.id}", "到货了，可以取货", body)
    notices.tell_all(ctx, "arrival", told)
    announcing.outcome(ctx, campaign, "arrived", delivery.public_id)
