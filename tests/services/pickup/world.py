"""One neighbourhood, and campaigns in it that were truly ordered, paid, closed and settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import func, select

from domain.actors import CLOCK, GATEWAY, Actor, Role
from domain.ids import new_id
from domain.ledger import Account
from models import (
    Base,
    Campaign,
    CampaignPoint,
    Community,
    Delivery,
    DeliveryLine,
    Leader,
    Merchant,
    Offer,
    Order,
    OrderLine,
    PickupCode,
    PickupPoint,
    PickupStaff,
    Posting,
    Product,
    Resident,
    Sku,
)
from services import closing, ordering, payments, settling
from services.context import Ctx
from services.ordering import PlaceOrder
from services.people import phone_tail_hash
from services.pickup import arriving, deliveries
from services.ports import Trade
from services.transactions import Transactions
from tests.builders.clock import FrozenClock

TAIL = "8888"
Row = TypeVar("Row", bound=Base)


@dataclass
class World:
    """The rows that every test needs, by their numbers; `unit` begins transactions."""

    unit: Transactions
    clock: FrozenClock
    leader: Actor = field(init=False)
    leader_id: str = field(init=False)
    merchant_id: str = field(init=False)
    points: list[int] = field(default_factory=list)
    point_ids: list[str] = field(default_factory=list)
    skus: dict[str, int] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        """Build the neighbourhood: a leader, two points, a merchant with fresh and lasting goods."""
        with self.unit(CLOCK) as ctx:
            boss = self.person(ctx, "王团长")
            community = add(ctx, Community(public_id=new_id("Community", ctx.now), name="花园", created_at=ctx.now))
            leader = add(ctx, Leader(public_id=new_id("Leader", ctx.now), resident_id=boss.id, state="approved",
                                     community_id=community.id, display_name="王团长", created_at=ctx.now))  # fmt: skip
            self.leader = Actor(Role.LEADER, leader.id, boss.id)
            self.leader_id = leader.public_id
            for name in ("东门", "西门"):
                point = add(ctx, PickupPoint(public_id=new_id("PickupPoint", ctx.now), community_id=community.id,
                                             name=name, address="花园路1号", leader_id=leader.id,
                                             created_at=ctx.now))  # fmt: skip
                self.points.append(point.id)
                self.point_ids.append(point.public_id)
            merchant = add(ctx, Merchant(public_id=new_id("Merchant", ctx.now), leader_id=leader.id, name="果园",
                                         created_at=ctx.now))  # fmt: skip
            self.merchant_id = merchant.public_id
            for name, fresh, price in (("草莓", True, 1500), ("纸巾", False, 700)):
                product = add(ctx, Product(public_id=new_id("Product", ctx.now), merchant_id=merchant.id, name=name,
                                           category="food", fresh=fresh, created_at=ctx.now))  # fmt: skip
                sku = add(ctx, Sku(public_id=new_id("Sku", ctx.now), product_id=product.id, spec="一份", unit="份",
                                   supply_price_fen=price, created_at=ctx.now))  # fmt: skip
                self.skus[name] = sku.id

    def person(self, ctx: Ctx, nickname: str, tail: str = TAIL) -> Resident:
        """A new resident whose phone ends in `tail`."""
        number = next(self._numbers)
        return add(ctx, Resident(public_id=new_id("Resident", ctx.now), openid=f"o-{number}", nickname=nickname,
                                 phone_tail_hash=phone_tail_hash(ctx, tail), created_at=ctx.now))  # fmt: skip

    def resident(self, nickname: str = "李小花", tail: str = TAIL) -> Actor:
        """A new resident, as an actor."""
        with self.unit(CLOCK) as ctx:
            row = self.person(ctx, nickname, tail)
            return Actor(Role.RESIDENT, row.id, row.id)

    @property
    def leader_as_resident(self) -> Actor:
        """The leader, buying like anybody."""
        return Actor(Role.RESIDENT, self.leader.resident_id or 0, self.leader.resident_id)

    def staff(self, name: str = "小张", point: int = 0) -> Actor:
        """Somebody at the desk of a point (0 or 1)."""
        who = self.resident(name)
        with self.unit(CLOCK) as ctx:
            row = add(ctx, PickupStaff(public_id=new_id("PickupStaff", ctx.now), point_id=self.points[point],
                                       resident_id=who.id, display_name=name, state="active",
                                       created_at=ctx.now))  # fmt: skip
            return Actor(Role.STAFF, row.id, who.id, row.point_id)

    def campaign(self, *, prices: dict[str, int] | None = None, rate_bps: int = 1000, title: str = "周五水果",
                 **values: Any) -> str:  # fmt: skip
        """An open campaign at both points with an offer per SKU name, prices in fen; returns its public id.

        `values` are further columns of the campaign.
        """
        with self.unit(CLOCK) as ctx:
            row = add(ctx, Campaign(
                public_id=new_id("Campaign", ctx.now), leader_id=self.leader.id, state="open", title=title,
                seller="邻团", opens_at=ctx.now, closes_at=ctx.now + timedelta(hours=1), hold_minutes=30, minimum=0,
                minimum_kind="people", below_minimum="fail", created_at=ctx.now, **values,
            ))  # fmt: skip
            for point in self.points:
                ctx.session.add(CampaignPoint(campaign_id=row.id, point_id=point))
            for place, (name, price) in enumerate((prices or {"草莓": 1999, "纸巾": 1001}).items()):
                ctx.session.add(Offer(public_id=new_id("Offer", ctx.now), campaign_id=row.id, sku_id=self.skus[name],
                                      position=place, name=name, price_fen=price, commission_bps=rate_bps,
                                      state="open"))  # fmt: skip
            return row.public_id

    def order(self, who: Actor, campaign: str, units: dict[str, int], point: int = 0, **said: Any) -> str:
        """An order of `who`, paid at once unless it is paid on pickup; returns its public id.

        `said` is what else the buyer writes: a recipient, where it is to be brought.
        """
        with self.unit(who) as ctx:
            lines = tuple((offer_named(ctx, campaign, name).public_id, number) for name, number in units.items())
            order = ordering.place(ctx, PlaceOrder(campaign, self.point_ids[point], lines, **said))
            asked = payments.ask(ctx, order.public_id) if order.state == "pending_payment" else None
            public_id = order.public_id
        if asked:
            total = asked.request.amount_fen
            number = next(self._numbers)
            with self.unit(GATEWAY) as ctx:
                paid = Trade(asked.request.out_trade_no, "SUCCESS", f"t{number}", total, total, ctx.now)
                payments.book_trade(ctx, paid)
        return public_id

    def settle(self, campaign: str) -> None:
        """Let the deadline pass and settle."""
        with self.unit(CLOCK) as ctx:
            row = one(ctx, Campaign, campaign)
            self.clock.set(max(self.clock.now(), row.closes_at))
            closing.close_overdue(ctx, row.id)
            settling.decide_outcome(ctx, row.id)
            while settling.carry_out(ctx, row.id):
                ctx.session.flush()

    def dispatch(self, campaign: str) -> list[str]:
        """Plan, pick and ship every delivery; returns their public ids by point."""
        with self.unit(self.leader) as ctx:
            ids = [delivery.public_id for delivery in deliveries.dispatch(ctx, campaign)]
            for delivery_id in ids:
                deliveries.pick(ctx, delivery_id)
                deliveries.ship(ctx, delivery_id)
            return ids

    def arrive(self, by: Actor, delivery_id: str) -> None:
        """Count a delivery as planned."""
        with self.unit(by) as ctx:
            counts = planned(ctx, delivery_id)
            arriving.arrive(ctx, arriving.Arrive(delivery_id, counts))

    def count(self, by: Actor, delivery_id: str, **units: int) -> None:
        """Count a delivery: `units` by the name of the offer, the others as planned."""
        with self.unit(by) as ctx:
            rows = select(Offer).where(Offer.public_id.in_(planned(ctx, delivery_id)))
            named = {offer.public_id: units[offer.name] for offer in ctx.session.scalars(rows) if offer.name in units}
            arriving.arrive(ctx, arriving.Arrive(delivery_id, planned(ctx, delivery_id) | named))

    def bring(self, campaign: str) -> None:
        """Everything from the deadline to the arrival at all points."""
        self.settle(campaign)
        for delivery_id in self.dispatch(campaign):
            self.arrive(self.leader, delivery_id)


def add(ctx: Ctx, row: Row) -> Row:
    """Write a row and know its number."""
    ctx.session.add(row)
    ctx.session.flush()
    return row


def one(ctx: Ctx, table: type[Row], public_id: str) -> Row:
    """The row with this public id as it stands now."""
    columns: Any = table
    found = select(table).where(columns.public_id == public_id)
    return ctx.session.scalars(found, execution_options={"populate_existing": True}).one()


def offer_named(ctx: Ctx, campaign: str, name: str) -> Offer:
    """An offer of a campaign by its name."""
    mine = select(Offer).join(Campaign, Campaign.id == Offer.campaign_id)
    return ctx.session.scalars(mine.where(Campaign.public_id == campaign, Offer.name == name)).one()


def planned(ctx: Ctx, delivery_id: str) -> dict[str, int]:
    """Planned units of a delivery by offer (public id)."""
    statement = (
        select(Offer.public_id, DeliveryLine.planned_units)
        .join(Offer, Offer.id == DeliveryLine.offer_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .where(Delivery.public_id == delivery_id)
    )
    return {row.public_id: row.planned_units for row in ctx.session.execute(statement)}


def counted(ctx: Ctx, delivery_id: str) -> dict[str, DeliveryLine]:
    """The lines of a delivery by the name of their offer, as they stand now."""
    statement = (
        select(Offer.name, DeliveryLine)
        .join(Offer, Offer.id == DeliveryLine.offer_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .where(Delivery.public_id == delivery_id)
    )
    return dict(ctx.session.execute(statement, execution_options={"populate_existing": True}).all())


def lines_of(ctx: Ctx, order_id: str) -> dict[str, OrderLine]:
    """The lines of an order by the name of their offer, as they stand now."""
    mine = select(OrderLine).join(Order, Order.id == OrderLine.order_id).where(Order.public_id == order_id)
    rows = ctx.session.scalars(mine, execution_options={"populate_existing": True})
    return {line.offer_name: line for line in rows}


def code_of(ctx: Ctx, order_id: str) -> PickupCode:
    """The newest code of an order."""
    mine = select(PickupCode).join(Order, Order.id == PickupCode.order_id).where(Order.public_id == order_id)
    newest = mine.order_by(PickupCode.id.desc()).limit(1)
    return ctx.session.scalars(newest, execution_options={"populate_existing": True}).one()


def balance(ctx: Ctx, account: Account, owner: str = "") -> int:
    """What stands on an account, debit positive (fen)."""
    mine = select(func.coalesce(func.sum(Posting.amount_fen), 0))
    return int(ctx.session.scalars(mine.where(Posting.account == account, Posting.owner == owner)).one())
