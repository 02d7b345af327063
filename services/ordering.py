"""Placing an order: admission, limits, stock and price in one transaction that calls nobody outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from domain import campaigns as rules
from domain.actors import SYSTEM
from domain.errors import DuplicateOrder, NotOpen
from models import Campaign, CampaignPoint, HelpSell, Offer, Order, OrderLine, PickupPoint, Product, Sku
from services import consents, counting, help_selling, paid_orders, people, placing, pricing
from services.content_safety import orders as held_words
from services.context import Ctx
from services.desk_money import no_shows
from services.door import addresses
from services.door.addresses import Whither
from services.finding import by_public_id
from services.pricing import Quote

VISIBLE = ("open", "paused", "closed", "formed", "failed", "fulfilling", "completed", "cancelled", "scheduled")


@dataclass(frozen=True)
class PlaceOrder:
    """What a resident wants: public ids and units, never prices. `again` answers 再来一份? with yes.

    `via` is the public id of the HelpSell through whose link the order comes. Building and room, or phone and address,
    belong to goods that are brought.
    """

    campaign: str
    point: str
    lines: tuple[tuple[str, int], ...]
    recipient: str = ""
    note: str = ""
    channel: str = "app"
    again: bool = False
    via: str = ""
    building: str = ""
    room: str = ""
    phone: str = ""
    address: str = ""

    @property
    def whither(self) -> Whither:
        """Where it is to be brought."""
        return Whither(self.recipient, self.building, self.room, self.phone, self.address)


def place(ctx: Ctx, command: PlaceOrder) -> Order:
    """Take limit and stock and write the order with the prices and texts of this moment.

    It counts at once when it is free or paid on pickup. Raises `NotFound`, `NotOpen`, `SoldOut`, `LimitReached`,
    `DuplicateOrder`, `BelowDeliveryMinimum`, `AddressNeeded`, `PrepaidOnly`, `ConsentNeeded` or `Invalid`.
    """
    campaign = by_public_id(ctx, Campaign, command.campaign, Campaign.state.in_(VISIBLE))
    if not rules.admits(campaign.state, campaign.opens_at, campaign.closes_at, ctx.now):
        raise NotOpen(state=campaign.state)
    people.present(ctx)
    consents.refuse_without(ctx)
    addresses.check(campaign, command.whither)
    on_pickup = campaign.payment_policy == rules.PaymentPolicy.ON_PICKUP
    if on_pickup:
        no_shows.refuse_repeated(ctx, campaign)
    point = _point(ctx, campaign, command.point)
    wanted = _wanted(ctx, campaign, command.lines)
    helper = help_selling.helper_of_order(ctx, campaign, command.via)
    price = pricing.quote(ctx, campaign, wanted, counting.hold(ctx, wanted, ctx.resident_id))
    digest = placing.digest(command.point, wanted)
    _refuse_repeat(ctx, campaign, command, digest)
    counts = placing.counts_at_once(campaign, price)
    _admit(ctx, campaign, will_count=counts)
    order = _write(ctx, campaign, point, command, digest, price, helper)
    _write_lines(ctx, order, wanted, price, helper)
    addresses.write(ctx, campaign, order, command.whither)
    held_words.hold(ctx, order, campaign, command.whither)
    if counts:
        paid_orders.start_counting(ctx.acting_as(SYSTEM), order, campaign, 0, paid=price.total_fen == 0)
    return order


def _point(ctx: Ctx, campaign: Campaign, public_id: str) -> PickupPoint:
    of_campaign = select(CampaignPoint.point_id).where(CampaignPoint.campaign_id == campaign.id)
    return by_public_id(ctx, PickupPoint, public_id, PickupPoint.id.in_(of_campaign))


def _wanted(ctx: Ctx, campaign: Campaign, lines: tuple[tuple[str, int], ...]) -> dict[Offer, int]:
    placing.check_lines(lines)
    statement = select(Offer).where(Offer.campaign_id == campaign.id, Offer.public_id.in_([o for o, _ in lines]))
    return placing.chosen({offer.public_id: offer for offer in ctx.session.scalars(statement)}, lines)


def _refuse_repeat(ctx: Ctx, campaign: Campaign, command: PlaceOrder, digest: str) -> None:
    """Judged after the person's own limit rows are locked, so that two channels cannot both miss each other."""
    if command.again:
        return
    twin = select(Order.id).where(
        *twins(ctx, command.channel), Order.resident_id == ctx.resident_id, Order.campaign_id == campaign.id,
        Order.lines_digest == digest,
    )  # fmt: skip
    if ctx.session.scalars(twin.limit(1)).first() is not None:
        raise DuplicateOrder


def twins(ctx: Ctx, channel: str) -> tuple[ColumnElement[bool], ...]:
    """What makes an order with the same lines a reason to ask 再来一份?: moments ago, on another channel."""
    since = ctx.now - timedelta(minutes=ctx.policy.duplicate_order_minutes)
    live = Order.state.in_(("pending_payment", "paid", "confirmed"))
    return (Order.channel != channel, Order.created_at >= since, live)


def _admit(ctx: Ctx, campaign: Campaign, *, will_count: bool) -> None:
    """Judge admission once more on the row itself, last of all locks, so that no close can slip between."""
    ctx.session.flush()
    statement = select(Campaign.id).where(Campaign.id == campaign.id, *taking_orders(ctx.now))
    if ctx.session.scalars(statement.with_for_update(read=not will_count, key_share=will_count)).first() is None:
        raise NotOpen(state="closed")


def taking_orders(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """`domain.campaigns.admits` in SQL."""
    return (Campaign.state == "open", Campaign.opens_at <= now, Campaign.closes_at > now)


def _write(ctx: Ctx, campaign: Campaign, point: PickupPoint, command: PlaceOrder, digest: str, price: Quote,
           helper: HelpSell | None) -> Order:  # fmt: skip
    values = placing.order_values(
        campaign, point.id, ctx.resident_id, command, digest, price, helper, ctx.now, ctx.policy
    )
    order = Order(**values)
    ctx.session.add(order)
    ctx.session.flush()
    return order


def _write_lines(ctx: Ctx, order: Order, wanted: Mapping[Offer, int], price: Quote,
                 helper: HelpSell | None) -> None:  # fmt: skip
    sku_ids = [offer.sku_id for offer in wanted]
    statement = select(Sku, Product.fresh).join(Product, Product.id == Sku.product_id).where(Sku.id.in_(sku_ids))
    skus = {sku.id: (sku, fresh) for sku, fresh in ctx.session.execute(statement)}
    for offer, units in wanted.items():
        values = placing.line_values(offer, units, *skus[offer.sku_id], price, helper, ctx.now)
        ctx.session.add(OrderLine(order_id=order.id, **values))
    ctx.session.flush()
