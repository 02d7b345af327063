"""Orders by the hundred thousand, a few statements a table: PostgreSQL only.

Each lot is what the services would have left behind for so many residents who each bought one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from benchmarks.seeding.campaigns import PRICE_FEN
from domain.actors import SYSTEM
from domain.commissions import pending
from models import (
    Base,
    Campaign,
    JournalEntry,
    Leader,
    Merchant,
    Offer,
    OfferTaking,
    Order,
    OrderLine,
    Participation,
    Payment,
    PickupCode,
    Posting,
    Product,
    Resident,
    Sku,
)  # fmt: skip
from services.context import Ctx
from services.transactions import Transactions
from tests.builders.campaigns import Scene

CHECKED = 10_000
"""Larger lots trust the smaller ones' foreign keys, and the planner is told of them."""
NUMBERED: tuple[type[Base], ...] = (Resident, Order, OrderLine, Payment, JournalEntry, Posting, PickupCode)


class Stage(IntEnum):
    """How far the orders have come; each stage includes what the one before it wrote."""

    ACCEPTED = 0
    """Paid on pickup: counted, nothing paid."""
    ASKED = 1
    """Held, and a payment waits for its payer."""
    PAID = 2
    """Paid and counted."""
    READY = 3
    """Formed, arrived, and a code in use: to be fetched."""


@dataclass(frozen=True)
class Lot:
    """The rows of a lot: `count` of them with the numbers `base + 1` and so on, in every table."""

    scene: Scene
    stage: Stage
    base: int
    count: int

    def public_ids(self, prefix: str) -> list[str]:
        """The public ids of its rows of one kind."""
        return [f"{prefix}_{number:026x}" for number in range(self.base + 1, self.base + self.count + 1)]


def write(unit: Transactions, scene: Scene, stage: Stage, count: int) -> Lot:
    """Write a lot to a scene's only offer."""
    with unit(SYSTEM) as ctx:
        if count > CHECKED:
            ctx.session.execute(text("SET LOCAL session_replication_role = replica"))
        lot = Lot(scene, stage, _highest(ctx.session), count)
        writer = _Writer(ctx, lot)
        writer.orders()
        if stage is not Stage.ACCEPTED:
            writer.payments()
        if stage is Stage.READY:
            writer.arrival()
        for table in NUMBERED:
            name = table.__tablename__
            ctx.session.execute(text(f"SELECT setval('{name}_id_seq', greatest(1, (SELECT max(id) FROM {name})))"))
    if count > CHECKED:
        with unit.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
    return lot


def _highest(session: Session) -> int:
    parts = [f"(SELECT COALESCE(max(id), 0) FROM {table.__tablename__})" for table in NUMBERED]
    return int(session.execute(text(f"SELECT greatest({', '.join(parts)})")).scalar_one())


class _Writer:
    """Writes the rows of one lot; `self.n` is 1 … count and `self.id` the number of each row."""

    def __init__(self, ctx: Ctx, lot: Lot) -> None:
        self.session, self.lot, self.now = ctx.session, lot, ctx.now
        self.rows: FromClause = func.generate_series(1, lot.count).table_valued("n", name="lot").render_derived()
        self.n: ColumnElement[int] = self.rows.c.n
        self.id = literal(lot.base) + self.n
        self.offer = ctx.session.scalars(select(Offer).where(Offer.campaign_id == lot.scene.campaign_id)).one()
        self.sku = ctx.session.get_one(Sku, self.offer.sku_id)
        self.ready, self.paid = lot.stage is Stage.READY, lot.stage >= Stage.PAID
        self.counted = lot.stage is not Stage.ASKED
        self.commission = pending(self.offer.commission_bps, PRICE_FEN) if self.ready else 0

    def orders(self) -> None:
        """Residents, orders, lines, takings, and the counters that follow from them."""
        scene, count = self.lot.scene, self.lot.count
        campaign = self.session.get_one(Campaign, scene.campaign_id)
        self._fill(Resident, id=self.id, public_id=self._public("res"), openid=func.concat("lot-", self.id),
                   nickname="邻居", created_at=self.now)  # fmt: skip
        state = {Stage.ACCEPTED: "confirmed", Stage.ASKED: "pending_payment", Stage.PAID: "paid"}
        self._fill(
            Order, id=self.id, public_id=self._public("ord"), state=state.get(self.lot.stage, "ready"),
            campaign_id=campaign.id, resident_id=self.id, point_id=scene.point_id, channel="app",
            lines_digest=func.concat("lot-", self.id), total_fen=PRICE_FEN, created_at=self.now,
            paid_fen=PRICE_FEN if self.paid else 0, paid_at=self.now if self.paid else None, counted=self.counted,
            roster_number=campaign.roster_count + self.n if self.counted else None,
            hold_until=self.now + timedelta(minutes=campaign.hold_minutes),
            pickup_deadline=self.now + timedelta(days=3) if self.ready else None,
        )  # fmt: skip
        arrived = 1 if self.ready else 0
        self._fill(
            OrderLine, id=self.id, public_id=self._public("lin"), order_id=self.id, offer_id=self.offer.id,
            offer_name=self.offer.name, spec=self.sku.spec, unit=self.sku.unit, fresh=False, unit_price_fen=PRICE_FEN,
            supply_price_fen=self.sku.supply_price_fen, commission_bps=self.offer.commission_bps, amount_fen=PRICE_FEN,
            ordered_units=1, confirmed_units=arrived, arrived_units=arrived, commission_fen=self.commission,
        )  # fmt: skip
        self._fill(OfferTaking, offer_id=self.offer.id, resident_id=self.id, units=1)
        units = Offer.sold_units if self.counted else Offer.held_units
        taken = {units.key: units + count, "takings": Offer.takings + count}
        self.session.execute(update(Offer).where(Offer.id == self.offer.id).values(**taken))
        if self.counted:
            self._fill(Participation, campaign_id=campaign.id, resident_id=self.id, counted_orders=1)
            self._count(campaign.id)

    def _count(self, campaign: int) -> None:
        count = self.lot.count
        self.session.execute(update(Campaign).where(Campaign.id == campaign).values(
            roster_count=Campaign.roster_count + count, participant_count=Campaign.participant_count + count,
            counted_units=Campaign.counted_units + count, counted_fen=Campaign.counted_fen + PRICE_FEN * count,
        ))  # fmt: skip

    def payments(self) -> None:
        """One payment an order, and what is booked of it."""
        captured = PRICE_FEN if self.paid else 0
        self._fill(
            Payment, id=self.id, public_id=self._public("pay"), state="succeeded" if self.paid else "awaiting_payer",
            order_id=self.id, payer_id=self.id, amount_fen=PRICE_FEN, counted=self.paid,
            prepay_id=func.concat("prepay-", self.id), received_fen=captured, settled_fen=captured,
            transaction_id=func.concat("42lot", self.id) if self.paid else None,
            succeeded_at=self.now if self.paid else None, expires_at=self.now + timedelta(hours=1), asked_at=self.now,
            created_at=self.now,
        )  # fmt: skip
        if self.paid:
            self._entry(0, "payment_succeeded", func.concat("payment:", self.id),
                        ("gateway_clearing", "", PRICE_FEN), ("buyer_escrow", "", -PRICE_FEN))  # fmt: skip

    def arrival(self) -> None:
        """Commission, goods and codes."""
        leader = self.session.get_one(Leader, self.lot.scene.leader_id).public_id
        merchant = self.session.scalars(
            select(Merchant.public_id).join(Product, Product.merchant_id == Merchant.id).where(
                Product.id == self.sku.product_id)).one()  # fmt: skip
        promised = self.commission
        self._entry(1, "commission_pending", func.concat("line:", self.id, ":1-0-0"),
                    ("deferred_commission", "", promised), ("leader_pending", leader, -promised))  # fmt: skip
        cost = self.sku.supply_price_fen
        self._entry(2, "goods_arrived", func.concat("lot:", self.id),
                    ("goods_on_hand", "", cost), ("merchant_payable", merchant, -cost))  # fmt: skip
        self._fill(PickupCode, id=self.id, public_id=self._public("pkc"), state="issued", order_id=self.id,
                   point_id=self.lot.scene.point_id, code=func.lpad(func.concat(self.id), 8, "0"),
                   created_at=self.now)  # fmt: skip

    def _entry(self, place: int, event: str, cause: ColumnElement[str], *legs: tuple[str, str, int]) -> None:
        number = self.id + place * self.lot.count
        self._fill(JournalEntry, id=number, public_id=self._public("jrn", number), event=event, cause=cause,
                   order_id=self.id, campaign_id=self.lot.scene.campaign_id, posted_at=self.now)  # fmt: skip
        for account, owner, fen in legs:
            self._fill(Posting, entry_id=number, account=account, owner=owner, amount_fen=fen)

    def _public(self, prefix: str, number: ColumnElement[int] | None = None) -> ColumnElement[str]:
        return func.concat(f"{prefix}_", func.lpad(func.to_hex(self.id if number is None else number), 26, "0"))

    def _fill(self, table: type[Base], **columns: Any) -> None:
        rows: Any = table.__table__
        values = [
            value if isinstance(value, ColumnElement) else literal(value, rows.c[name].type)
            for name, value in columns.items()
        ]
        filled = select(*values).select_from(self.rows)
        self.session.execute(insert(rows).from_select(list(columns), filled, include_defaults=True))


def overdue(unit: Transactions, scene: Scene) -> None:
    """Let the deadline of a scene's campaign be past."""
    with unit(SYSTEM) as ctx:
        times = {"opens_at": ctx.now - timedelta(hours=2), "closes_at": ctx.now - timedelta(hours=1)}
        ctx.session.execute(update(Campaign).where(Campaign.id == scene.campaign_id).values(**times))
