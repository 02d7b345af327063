"""Moving an order to another pickup point of its campaign, until picking starts at either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update

from domain.actors import Role
from domain.campaigns import DeliveryMethod
from domain.errors import Busy, WrongState
from domain.ids import new_id
from domain.state_tables import DELIVERY
from models import Campaign, CampaignPoint, Delivery, DeliveryLine, Order, OrderLine, PickupPoint
from services import audit, notices, transitions
from services.context import Ctx
from services.finding import by_public_id
from services.pickup.deliveries import FIRST_BATCH
from services.pickup.units import live
from services.writing import changed, insert_ignoring

STILL = ("pending_payment", "paid", "confirmed")  # nothing of the order stands at a point, so it has no code either
BEFORE_DISPATCH = ("open", "paused", "closed", "formed")
DISPATCHED = "fulfilling"


def possible(order: Order, campaign: Campaign) -> bool:
    """Whether order and campaign let it move; once dispatched, the deliveries have a say too (`picking_starts`)."""
    return (
        campaign.delivery_method == DeliveryMethod.PICKUP
        and order.state in STILL
        and campaign.state in (*BEFORE_DISPATCH, DISPATCHED)
    )


def picking_starts(ctx: Ctx, order: Order) -> bool:
    """Whether the goods at the order's own point are being picked, or have been."""
    begun = (Delivery.campaign_id == order.campaign_id, Delivery.point_id == order.point_id)
    state = ctx.session.scalars(select(Delivery.state).where(*begun, Delivery.state != DELIVERY.initial)).first()
    return state is not None


def move(ctx: Ctx, order_id: str, point_id: str) -> Order:
    """Have an own order handed over at another point of its campaign (public ids); its buyer is told.

    To where it is already nothing is done. Raises `NotFound`, `WrongState` once picking has started at either point or
    nothing is to be fetched, `Busy` when the campaign is dispatched, or the order moved, at this very moment.
    """
    ctx.require(Role.RESIDENT)
    order = by_public_id(ctx, Order, order_id, Order.resident_id == ctx.resident_id)
    of_campaign = select(CampaignPoint.point_id).where(CampaignPoint.campaign_id == order.campaign_id)
    target = by_public_id(ctx, PickupPoint, point_id, PickupPoint.id.in_(of_campaign))
    source_id = order.point_id
    # Deliveries before orders, as an arrival takes them, and the campaign last, as whoever counts does.
    shelves = _hold(ctx, order.campaign_id, (source_id, target.id))
    transitions.lock(ctx, order)
    campaign = _admit(ctx, order, source_id)
    if target.id == source_id:
        return order
    if campaign.state == DISPATCHED:
        _replan(ctx, order, shelves, source_id, target.id)
    mine = update(Order).where(Order.id == order.id, Order.state.in_(STILL), Order.point_id == source_id)
    if not changed(ctx.session, mine.values(point_id=target.id)):
        raise WrongState(state=order.state, event="move")
    ctx.session.refresh(order)
    audit.record(ctx, "order", order.id, "move_point", reason=f"改到 {target.name}")
    body = f"「{campaign.title}」改到 {target.name}（{target.address}）取货，取货码到货后在订单页。"
    notices.tell(ctx, order, "changed", f"moved:{order.id}:{ctx.now.timestamp():.6f}", "自提点已更换", body)
    return order


def _hold(ctx: Ctx, campaign_id: int, points: Iterable[int]) -> dict[int, Delivery]:
    """The deliveries to these points, held by ascending id so that nobody begins to pick meanwhile."""
    held = (
        select(Delivery)
        .where(Delivery.campaign_id == campaign_id, Delivery.point_id.in_(sorted(points)))
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
    )
    found = ctx.session.scalars(held, execution_options={"populate_existing": True})
    return {delivery.point_id: delivery for delivery in found}


def _admit(ctx: Ctx, order: Order, source_id: int) -> Campaign:
    """The campaign, held against a dispatch; refuses what cannot move any more, or moved on another device."""
    before = ctx.session.scalars(select(Campaign.state).where(Campaign.id == order.campaign_id)).one()
    held = select(Campaign).where(Campaign.id == order.campaign_id).with_for_update(read=True)
    campaign = ctx.session.scalars(held, execution_options={"populate_existing": True}).one()
    if not possible(order, campaign):
        raise WrongState(state=order.state if order.state not in STILL else campaign.state, event="move")
    if order.point_id != source_id or before != campaign.state:
        raise Busy(retry_after=1)
    return campaign


def _replan(ctx: Ctx, order: Order, shelves: dict[int, Delivery], source_id: int, target_id: int) -> None:
    """Plan the order's units for the other point; a delivery that carries nothing any more is dropped."""
    if source_id not in shelves:  # dispatched between the look at the deliveries and the lock on the campaign
        raise Busy(retry_after=1)
    source = shelves[source_id]
    target = shelves.get(target_id) or _plan(ctx, order.campaign_id, target_id)
    for delivery in (source, target):
        if delivery.state != DELIVERY.initial:
            raise WrongState(state=delivery.state, event="move")
    lines = ctx.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.offer_id))
    units = [(line.offer_id, live(line)) for line in lines if live(line)]
    _take_off(ctx, source, units)
    for offer_id, count in units:
        key = ["delivery_id", "offer_id"]
        insert_ignoring(
            ctx.session, DeliveryLine, key, delivery_id=target.id, offer_id=offer_id, planned_units=0, arrived_units=0,
            surplus_units=0, short=False,
        )  # fmt: skip
        _add(ctx, target, offer_id, count)


def _plan(ctx: Ctx, campaign_id: int, point_id: int) -> Delivery:
    insert_ignoring(
        ctx.session, Delivery, ["campaign_id", "point_id", "batch"], public_id=new_id("Delivery", ctx.now),
        campaign_id=campaign_id, point_id=point_id, batch=FIRST_BATCH, state=DELIVERY.initial, created_at=ctx.now,
    )  # fmt: skip
    delivery = _hold(ctx, campaign_id, (point_id,))[point_id]
    audit.record(ctx, DELIVERY.name, delivery.id, "plan", states=("", delivery.state))
    return delivery


def _take_off(ctx: Ctx, delivery: Delivery, units: Sequence[tuple[int, int]]) -> None:
    for offer_id, count in units:
        _add(ctx, delivery, offer_id, -count)
    of_delivery = DeliveryLine.delivery_id == delivery.id
    changed(ctx.session, delete(DeliveryLine).where(of_delivery, DeliveryLine.planned_units == 0))
    if ctx.session.scalars(select(DeliveryLine.id).where(of_delivery).limit(1)).first() is None:
        changed(ctx.session, delete(Delivery).where(Delivery.id == delivery.id))
        audit.record(ctx, DELIVERY.name, delivery.id, "drop", states=(delivery.state, ""))


def _add(ctx: Ctx, delivery: Delivery, offer_id: int, count: int) -> None:
    mine = update(DeliveryLine).where(DeliveryLine.delivery_id == delivery.id, DeliveryLine.offer_id == offer_id)
    if not changed(ctx.session, mine.values(planned_units=DeliveryLine.planned_units + count)):
        raise Busy(retry_after=1)
