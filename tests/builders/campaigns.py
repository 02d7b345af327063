"""A running campaign with everything underneath it, and orders on it, made through the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from domain.actors import CLOCK, GATEWAY, SYSTEM, Actor, Role
from domain.ids import new_id
from domain.payments import Arrival
from models import (
    Campaign,
    CampaignPoint,
    HelpSell,
    Leader,
    Merchant,
    Offer,
    Order,
    OrderLine,
    Payment,
    PriceTier,
    Product,
    Sku,
)  # fmt: skip
from services import ordering, payments, refund_results, settling
from services.context import Ctx
from services.ports import GatewayRefund, Trade
from services.transactions import Transactions
from tests.builders import people


@dataclass(frozen=True)
class Terms:
    """What a test cares about in an offer."""

    name: str = "红颜草莓"
    price_fen: int = 2990
    quota: int | None = None
    per_person: int | None = None
    minimum_units: int = 0
    commission_bps: int = 1000
    supply_price_fen: int = 2000
    fresh: bool = False
    tiers: tuple[tuple[int, int], ...] = ()


@dataclass
class Scene:
    """A campaign and its people, by id, usable from any transaction."""

    campaign: str
    campaign_id: int
    point: str
    point_id: int
    leader_id: int
    leader_resident_id: int
    offers: dict[str, str]
    closes_at: datetime
    buyers: list[int] = field(default_factory=list)

    @property
    def leader(self) -> Actor:
        """The leader as an actor."""
        return Actor(Role.LEADER, self.leader_id, resident_id=self.leader_resident_id)


def buyer(resident_id: int) -> Actor:
    """A resident as an actor."""
    return Actor(Role.RESIDENT, resident_id, resident_id=resident_id)


def scene(ctx: Ctx, *offers: Terms, buyers: int = 3, hours: float = 8, leader_openid: str = "",
          **values: Any) -> Scene:  # fmt: skip
    """An open campaign of an approved leader at one point, with `buyers` residents standing by."""
    leader = people.leader(ctx, people.resident(ctx, "李团长", openid=leader_openid))
    point = people.point(ctx, leader)
    campaign = _campaign(ctx, leader, ctx.now + timedelta(hours=hours), values)
    ctx.session.add(CampaignPoint(campaign_id=campaign.id, point_id=point.id))
    rows = [_offer(ctx, leader, campaign, place, terms) for place, terms in enumerate(offers or (Terms(),))]
    ctx.session.flush()
    residents = [people.resident(ctx, f"居民{'甲乙丙丁戊己庚辛'[n % 8]}") for n in range(buyers)]
    return Scene(
        campaign.public_id, campaign.id, point.public_id, point.id, leader.id, leader.resident_id,
        {row.name: row.public_id for row in rows}, campaign.closes_at, [resident.id for resident in residents],
    )  # fmt: skip


def _campaign(ctx: Ctx, leader: Leader, closes_at: datetime, values: dict[str, Any]) -> Campaign:
    defaults: dict[str, Any] = {
        "title": "周五大闸蟹", "seller": "邻团演示商户", "minimum": 0, "minimum_kind": "people",
        "below_minimum": "fail", "hold_minutes": 30, "state": "open",
    }  # fmt: skip
    row = Campaign(
        public_id=new_id("Campaign", ctx.now), leader_id=leader.id, opens_at=ctx.now, closes_at=closes_at,
        created_at=ctx.now, **(defaults | values),
    )  # fmt: skip
    ctx.session.add(row)
    ctx.session.flush()
    return row


def _offer(ctx: Ctx, leader: Leader, campaign: Campaign, place: int, terms: Terms) -> Offer:
    merchant = ctx.session.scalars(select(Merchant).where(Merchant.leader_id == leader.id)).first()
    if merchant is None:
        merchant = Merchant(public_id=new_id("Merchant", ctx.now), leader_id=leader.id, name="果园", created_at=ctx.now)
        ctx.session.add(merchant)
        ctx.session.flush()
    product = Product(
        public_id=new_id("Product", ctx.now), merchant_id=merchant.id, category="fruit", name=terms.name,
        fresh=terms.fresh, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(product)
    ctx.session.flush()
    sku = Sku(
        public_id=new_id("Sku", ctx.now), product_id=product.id, spec="500g", unit="盒",
        supply_price_fen=terms.supply_price_fen, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(sku)
    ctx.session.flush()
    row = Offer(
        public_id=new_id("Offer", ctx.now), campaign_id=campaign.id, sku_id=sku.id, position=place, name=terms.name,
        price_fen=terms.price_fen, quota=terms.quota, per_person=terms.per_person, state="open",
        minimum_units=terms.minimum_units, commission_bps=terms.commission_bps,
    )  # fmt: skip
    ctx.session.add(row)
    ctx.session.flush()
    ctx.session.add_all(
        PriceTier(offer_id=row.id, from_units=from_units, price_fen=price_fen) for from_units, price_fen in terms.tiers
    )
    return row


def help_sell(ctx: Ctx, of: Scene, helper: Leader, share_bps: int = 5000) -> str:
    """A helper of the campaign; the public id that orders come through."""
    row = HelpSell(
        public_id=new_id("HelpSell", ctx.now), campaign_id=of.campaign_id, leader_id=helper.id, share_bps=share_bps,
        created_at=ctx.now, state="active",
    )  # fmt: skip
    ctx.session.add(row)
    ctx.session.flush()
    return row.public_id


def stage_of(unit: Transactions, *terms: Terms, **values: Any) -> Scene:
    """A scene in a transaction of its own."""
    with unit(SYSTEM) as ctx:
        return scene(ctx, *terms, **values)


def wanted(of: Scene, units: int | dict[str, int] = 1, **values: Any) -> ordering.PlaceOrder:
    """A command for `units` of the first offer, or of several by name."""
    by_name = {next(iter(of.offers)): units} if isinstance(units, int) else units
    lines = tuple((of.offers[name], count) for name, count in by_name.items())
    return ordering.PlaceOrder(campaign=of.campaign, point=of.point, lines=lines, **values)


def place(unit: Transactions, of: Scene, who: int, units: int | dict[str, int] = 1, **values: Any) -> str:
    """Place an order for the buyer `who` (an index) in a transaction of its own; returns its public id."""
    with unit(buyer(of.buyers[who])) as ctx:
        return ordering.place(ctx, wanted(of, units, **values)).public_id


def ask(unit: Transactions, order: str, payer: int) -> str:
    """Begin a payment and mark it prepaid, as the flow does around the gateway; returns its number."""
    with unit(buyer(payer)) as ctx:
        asked = payments.ask(ctx, order)
        payments.prepaid(ctx, asked.payment, f"prepay-{asked.request.out_trade_no}")
        return asked.request.out_trade_no


def success(number: str, total_fen: int, at: datetime, payer_fen: int | None = None) -> Trade:
    """The gateway's verified word that a payment succeeded."""
    return Trade(number, "SUCCESS", f"42{number[-26:]}", total_fen, total_fen if payer_fen is None else payer_fen, at)


def capture(unit: Transactions, number: str, **values: Any) -> Arrival | None:
    """Book a success of the payment with this number, for the sum that was asked unless told otherwise."""
    with unit(GATEWAY) as ctx:
        asked = ctx.session.scalars(select(Payment.amount_fen).where(Payment.public_id == number)).one()
        return payments.book_trade(ctx, success(number, values.pop("total_fen", asked), ctx.now, **values))


def buy(unit: Transactions, of: Scene, who: int, units: int | dict[str, int] = 1, **values: Any) -> str:
    """Place an order and have it paid; returns its public id."""
    order = place(unit, of, who, units, **values)
    capture(unit, ask(unit, order, of.buyers[who]))
    return order


def settle(unit: Transactions, of: Scene, batch: int = 2) -> None:
    """Decide and carry out, as the clock does, in small batches until nothing is left."""
    with unit(CLOCK) as ctx:
        settling.decide_outcome(ctx, of.campaign_id)
    while True:
        with unit(CLOCK) as ctx:
            if not settling.carry_out(ctx, of.campaign_id, batch):
                return


def order_row(ctx: Ctx, public_id: str) -> Order:
    """The order as it stands."""
    return ctx.session.scalars(select(Order).where(Order.public_id == public_id)).one()


def lines(ctx: Ctx, public_id: str) -> Sequence[OrderLine]:
    """The lines of an order as they stand."""
    order = order_row(ctx, public_id)
    return ctx.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)).all()


def refunded(unit: Transactions) -> int:
    """Send every refund that may go and let it succeed; returns the sum in fen."""
    total = 0
    with unit(CLOCK) as ctx:
        ids = refund_results.claimable(ctx)
    for refund_id in ids:
        with unit(CLOCK) as ctx:
            request = refund_results.claim(ctx, refund_id)
            assert request is not None
        with unit(GATEWAY) as ctx:
            refund_results.book(
                ctx,
                GatewayRefund(request.out_refund_no, request.out_trade_no, "SUCCESS", request.refund_fen,
                              request.refund_fen, ctx.now),
            )  # fmt: skip
        total += request.refund_fen
    return total
