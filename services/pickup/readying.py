"""Units stand at their point: orders become ready with a code and a deadline, and merchants are owed for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, select, update

from domain.errors import Busy
from domain.pickup import pickup_deadline
from domain.posting_rules import Event
from models import Campaign, Merchant, Offer, Order, OrderLine, Product, Sku
from services import ledger
from services.context import Ctx
from services.door.words import BROUGHT
from services.pickup import codes
from services.pickup.units import LIVE
from services.transitions import move_all
from services.writing import ROWS_PER_STATEMENT, changed


def stand(ctx: Ctx, orders: Sequence[Order], came: Mapping[OrderLine, int]) -> list[Order]:
    """Let the units of `came` (line -> units, at least one) stand at their point; returns the orders they belong to.

    The caller holds `orders`, all of one campaign. Those that were confirmed become ready and get a code; those that
    were ready already keep theirs and may come later than they were told, never sooner. What is brought has no
    deadline. Raises `Busy` when a line has moved on.
    """
    _count_up(ctx, came)
    order_ids = {line.order_id for line in came}
    fresh_ids = {line.order_id for line in came if line.fresh}
    touched = [order for order in orders if order.id in order_ids]
    brought = bool(touched) and ctx.session.get_one(Campaign, touched[0].campaign_id).delivery_method in BROUGHT
    for fresh in (True, False):
        some = [order for order in touched if (order.id in fresh_ids) is fresh]
        _until(ctx, some, None if brought else pickup_deadline(ctx.now, fresh, ctx.policy))
    new = [order for order in touched if order.state == "confirmed"]
    again = select(Order).where(Order.id.in_(order_ids))
    ctx.session.scalars(again, execution_options={"populate_existing": True}).all()
    codes.issue(ctx, new)
    return touched


def _count_up(ctx: Ctx, came: Mapping[OrderLine, int]) -> None:
    lines = list(came)
    for start in range(0, len(lines), ROWS_PER_STATEMENT):
        units = {line.id: came[line] for line in lines[start : start + ROWS_PER_STATEMENT]}
        total = OrderLine.arrived_units + case(units, value=OrderLine.id)
        mine = update(OrderLine).where(OrderLine.id.in_(units), total <= LIVE)
        if changed(ctx.session, mine.values(arrived_units=total)) != len(units):
            raise Busy
        again = select(OrderLine).where(OrderLine.id.in_(units))
        ctx.session.scalars(again, execution_options={"populate_existing": True}).all()


def _until(ctx: Ctx, orders: Sequence[Order], deadline: datetime | None) -> None:
    if deadline is not None:
        waited = Order.id.in_([order.id for order in orders if order.state == "ready"])
        later = update(Order).where(waited, Order.state == "ready", Order.pickup_deadline < deadline)
        changed(ctx.session, later.values(pickup_deadline=deadline, reminded_at=None))
    new = Order.id.in_([order.id for order in orders if order.state == "confirmed"])
    move_all(ctx, Order, "arrive", new, pickup_deadline=deadline)


def owe(ctx: Ctx, campaign: Campaign, came: Mapping[str, Mapping[OrderLine, int]]) -> None:
    """Owe each merchant the supply price that the lines were ordered at, so that handing over empties the shelf.

    `came` is line -> units by cause; a cause is booked once and for all.
    """
    supplied = (
        select(Offer.id, Merchant.public_id)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .join(Merchant, Merchant.id == Product.merchant_id)
        .where(Offer.campaign_id == campaign.id)
    )
    merchants = {row.id: row.public_id for row in ctx.session.execute(supplied)}
    owed: Counter[tuple[str, str]] = Counter()
    for cause, units in came.items():
        for line in units:
            owed[cause, merchants[line.offer_id]] += line.supply_price_fen * units[line]
    bookings = [
        ledger.Booking(f"{cause}:{merchant}", {"cost": fen}, owners={"merchant": merchant})
        for (cause, merchant), fen in sorted(owed.items())
    ]
    ledger.post_all(ctx, Event.GOODS_ARRIVED, bookings)
