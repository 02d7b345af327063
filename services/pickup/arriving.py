"""The arrival: what came in full is ready at once, what came short waits until the leader commits who gets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from domain.clock import local
from domain.errors import Invalid, WrongState
from models import Campaign, Delivery, DeliveryLine, Offer, Order, OrderLine, PickupPoint
from services import announcing, notices, shipping
from services.context import Ctx
from services.door.words import BROUGHT
from services.finding import by_public_id
from services.pickup import readying
from services.pickup.desks import within_reach
from services.pickup.units import to_come
from services.transitions import move


@dataclass(frozen=True)
class Arrive:
    """A delivery counted at the point: units by offer (public ids); every line of the delivery must be named."""

    delivery_id: str
    counts: Mapping[str, int]


def arrive(ctx: Ctx, command: Arrive) -> Delivery:
    """Take a delivery in: orders whose goods came in full are ready with a code and a deadline, the owners told.

    Lines of an offer that came short here or at another point wait until the leader commits who gets what; what came
    beyond the orders is 余货 and nobody's. Raises `NotFound`, `WrongState` (not on its way, or taken in before) and
    `Invalid` (an offer missing or unknown).
    """
    delivery = by_public_id(ctx, Delivery, command.delivery_id, *within_reach(ctx, Delivery))
    campaign = ctx.session.get_one(Campaign, delivery.campaign_id)
    if campaign.state != "fulfilling":
        raise WrongState(state=campaign.state, event="arrive")
    move(ctx, delivery, "arrive", arrived_at=ctx.now)
    orders, lines = _waiting_for(ctx, delivery)
    counted = _count(ctx, delivery, command.counts, lines)
    full = {row.offer_id for row, _ in counted if not row.short}
    came = {line: to_come(line) for line in lines if line.offer_id in full}
    ready = readying.stand(ctx, orders, came)
    readying.owe(ctx, campaign, {f"delivery:{delivery.id}": came})
    shipping.enqueue_ready(ctx, ready)
    _tell(ctx, delivery, campaign, orders, [line for line in lines if line.offer_id not in full])
    _tell_leader(ctx, delivery, campaign, counted)
    if ready:
        announcing.outcome(ctx, campaign, "arrived", delivery.public_id)
    return delivery


def _waiting_for(ctx: Ctx, delivery: Delivery) -> tuple[Sequence[Order], Sequence[OrderLine]]:
    """The orders this delivery is for, held until the end of the transaction, and their lines that wait for it."""
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
    lines = ctx.session.scalars(theirs, execution_options=fresh).all()
    waiting = [line for line in lines if to_come(line)]
    held_ids = {line.order_id for line in waiting}
    return [order for order in orders if order.id in held_ids], waiting


def _count(ctx: Ctx, delivery: Delivery, counts: Mapping[str, int],
           lines: Sequence[OrderLine]) -> list[tuple[DeliveryLine, Offer]]:  # fmt: skip
    """Write the counts down, and which offers are short or more than enough."""
    needed: Counter[int] = Counter()
    for line in lines:
        needed[line.offer_id] += to_come(line)
    planned = ctx.session.execute(
        select(DeliveryLine, Offer)
        .join(Offer, Offer.id == DeliveryLine.offer_id)
        .where(DeliveryLine.delivery_id == delivery.id)
        .order_by(Offer.position)
    ).all()
    if odd := set(counts) ^ {offer.public_id for _, offer in planned}:
        raise Invalid("Count each line of the delivery once.", field="counts", offers=sorted(odd))
    elsewhere = set(ctx.session.scalars(
        select(DeliveryLine.offer_id).join(Offer, Offer.id == DeliveryLine.offer_id)
        .where(Offer.campaign_id == delivery.campaign_id, DeliveryLine.short)
    ))  # fmt: skip
    for row, offer in planned:
        units, wanted = counts[offer.public_id], needed[offer.id]
        row.arrived_units = units
        row.surplus_units = max(0, units - wanted)
        row.short = wanted > 0 and (units < wanted or offer.id in elsewhere)
    ctx.session.flush()
    return [(row, offer) for row, offer in planned]


def _tell(ctx: Ctx, delivery: Delivery, campaign: Campaign, orders: Sequence[Order],
          short: Sequence[OrderLine]) -> None:  # fmt: skip
    """Who can fetch something hears where and until when; who waits for the leader's word hears that."""
    point = ctx.session.get_one(PickupPoint, delivery.point_id)
    waits: dict[int, list[str]] = {}
    for line in short:
        waits.setdefault(line.order_id, []).append(line.offer_name)
    arrival: dict[Order, notices.Notice] = {}
    later: dict[Order, notices.Notice] = {}
    for order in orders:
        names = "、".join(waits.get(order.id, ()))
        if order.state != "ready":
            body = f"「{campaign.title}」{names} 正在清点分配，有结果马上通知您，请先不要来取。"
            later[order] = notices.Notice(f"waiting:{delivery.id}:{order.id}", "到货清点中", body)
            continue
        more = f"{names} 正在清点分配，另行通知。" if names else ""
        if order.pickup_deadline is None:
            body = f"「{campaign.title}」已到货，{BROUGHT[campaign.delivery_method]}"
            later[order] = notices.Notice(f"arrival:{order.id}", "到货了", body + more)
            continue
        body = f"「{campaign.title}」已到{point.name}，请在 {local(order.pickup_deadline)} 前取货。取货码在订单页。"
        arrival[order] = notices.Notice(f"arrival:{order.id}", "到货了，可以取货", body + more)
    notices.tell_all(ctx, "arrival", arrival)
    notices.tell_all(ctx, "changed", later)


def _tell_leader(ctx: Ctx, delivery: Delivery, campaign: Campaign,
                 counted: Sequence[tuple[DeliveryLine, Offer]]) -> None:  # fmt: skip
    point = ctx.session.get_one(PickupPoint, delivery.point_id)
    short = "、".join(offer.name for row, offer in counted if row.short)
    surplus = "、".join(f"{offer.name}×{row.surplus_units}" for row, offer in counted if row.surplus_units)
    words = [f"{short} 等您确认分配后才能取货。"] if short else []
    words += [f"余货 {surplus}，不属于任何订单，请在柜台卖出或退回。"] if surplus else []
    if words:
        body = f"「{campaign.title}」{point.name}：{''.join(words)}"
        notices.tell_leader(ctx, campaign, f"counted:{delivery.id}", "到货与订单不符", body)
