"""What becomes of goods that came short: one computation, for the leader's dry run and for the commit."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from domain.campaigns import ShortageMode
from domain.commissions import pending
from domain.shortage import Move, Want, allocate, level
from models import Campaign, Delivery, DeliveryLine, Leader, Order, OrderLine, Payment, PickupPoint
from services.context import Ctx
from services.pickup.units import TO_COME, to_come
from services.pricing import price_of


@dataclass(frozen=True)
class Shelf:
    """A counted delivery's line of an offer that came short somewhere, and its units that are nobody's yet."""

    row: DeliveryLine
    point_id: int
    units: int


class _Waiting(NamedTuple):
    want: Want
    line: OrderLine
    order: Order
    paid: bool


@dataclass(frozen=True)
class Share:
    """What one waiting line gets: units, what the missing ones carry (fen), and how its commission changes (fen).

    `paid` says that the money goes back; otherwise less is paid at the desk.
    """

    order: Order
    line: OrderLine
    paid: bool
    wanted: int
    gets: int
    off_fen: int
    commission_fen: int

    @property
    def missing(self) -> int:
        """Units that never come."""
        return self.wanted - self.gets


@dataclass(frozen=True)
class Reckoning:
    """All of it for a campaign: shelves and shares, moves by offer (between point ids), delivery fees by order (fen).

    `waits_for` names the points where the same offers have not been counted yet.
    """

    mode: ShortageMode
    shelves: Sequence[Shelf]
    shares: Sequence[Share]
    moves: Mapping[int, Sequence[Move]]
    fees: Mapping[int, int]
    waits_for: Sequence[str]

    @property
    def digest(self) -> str:
        """SHA-256 of everything that is decided: another outcome has another digest."""
        told = [
            self.mode, [(shelf.row.id, shelf.units) for shelf in self.shelves],
            [(share.line.id, share.wanted, share.gets, share.off_fen, share.commission_fen, share.paid)
             for share in self.shares],
            [(offer, move.source, move.target, move.units) for offer, some in self.moves.items() for move in some],
            sorted(self.fees.items()), list(self.waits_for),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def reckon(ctx: Ctx, campaign: Campaign) -> Reckoning:
    """Level and allocate what came of every short offer, from the rows as they are now: four to six statements."""
    mode = ShortageMode(campaign.shortage_mode)
    shelves = _shelves(ctx, campaign)
    asked = _waiting(ctx, campaign, {(shelf.point_id, shelf.row.offer_id) for shelf in shelves if shelf.row.short})
    earner = ctx.session.get_one(Leader, campaign.leader_id).resident_id
    shares: list[Share] = []
    moves: dict[int, Sequence[Move]] = {}
    for offer_id in sorted({shelf.row.offer_id for shelf in shelves}):
        stands = Counter({shelf.point_id: shelf.units for shelf in shelves if shelf.row.offer_id == offer_id})
        mine = asked.get(offer_id, [])
        needed: Counter[int] = Counter()
        got = allocate(mode, stands.total(), [waiting.want for waiting in mine])
        for waiting, units in zip(mine, got, strict=True):
            shares.append(_share(waiting, units, earns=waiting.order.resident_id != earner))
            needed[waiting.order.point_id] += units
        moves[offer_id] = level(stands, needed)
    return Reckoning(mode, shelves, shares, moves, _fees(ctx, shares), _uncounted(ctx, campaign, list(moves)))


def _shelves(ctx: Ctx, campaign: Campaign) -> list[Shelf]:
    """What was counted of offers that are short at one point at least; elsewhere only the surplus is free."""
    statement = (
        select(DeliveryLine, Delivery.point_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .where(Delivery.campaign_id == campaign.id, DeliveryLine.short | (DeliveryLine.surplus_units > 0))
        .order_by(DeliveryLine.id)
    )
    rows = ctx.session.execute(statement, execution_options={"populate_existing": True}).all()
    short = {row.offer_id for row, _ in rows if row.short}
    return [
        Shelf(row, point_id, row.arrived_units if row.short else row.surplus_units)
        for row, point_id in rows
        if row.offer_id in short
    ]


def _waiting(ctx: Ctx, campaign: Campaign, short: set[tuple[int, int]]) -> dict[int, list[_Waiting]]:
    """The lines that wait at short shelves (point, offer), by offer, the lower order first."""
    statement = (
        select(OrderLine, Order, Payment.id, Payment.succeeded_at)
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(Payment, (Payment.order_id == Order.id) & Payment.counted)
        .where(Order.campaign_id == campaign.id, Order.state.in_(("confirmed", "ready")), TO_COME)
        .where(OrderLine.offer_id.in_({offer_id for _, offer_id in short}))
        .order_by(Order.id, OrderLine.id)
    )
    found: dict[int, list[_Waiting]] = {}
    for line, order, payment, succeeded_at in ctx.session.execute(
        statement, execution_options={"populate_existing": True}
    ):
        if (order.point_id, line.offer_id) in short:
            since = succeeded_at or order.created_at
            want = Want(line.id, order.id, order.resident_id, since, to_come(line))
            found.setdefault(line.offer_id, []).append(_Waiting(want, line, order, payment is not None))
    return found


def _share(waiting: _Waiting, gets: int, *, earns: bool) -> Share:
    line, wanted = waiting.line, waiting.want.units
    price = price_of(line)
    off = price.of_first(line.refunded_units + wanted - gets) - price.of_first(line.refunded_units)
    left = pending(line.commission_bps, line.amount_fen - line.refunded_fen - off) if earns else 0
    return Share(waiting.order, line, waiting.paid, wanted, gets, off, left - line.commission_fen)


def _fees(ctx: Ctx, shares: Sequence[Share]) -> dict[int, int]:
    """The delivery fee (fen) of each order of which nothing is left."""
    missing: Counter[int] = Counter()
    for share in shares:
        missing[share.order.id] += share.missing
    orders = {share.order.id: share.order for share in shares if share.order.delivery_fee_fen and share.missing}
    if not orders:
        return {}
    left = (
        select(OrderLine.order_id, func.sum(OrderLine.ordered_units - OrderLine.refunded_units))
        .where(OrderLine.order_id.in_(orders))
        .group_by(OrderLine.order_id)
    )
    return {
        order_id: orders[order_id].delivery_fee_fen - orders[order_id].fee_earned_fen
        for order_id, units in ctx.session.execute(left)
        if units == missing[order_id]
    }


def _uncounted(ctx: Ctx, campaign: Campaign, short: Sequence[int]) -> list[str]:
    """The points that still await units of these offers."""
    statement = (
        select(PickupPoint.name)
        .join(Delivery, Delivery.point_id == PickupPoint.id)
        .join(DeliveryLine, DeliveryLine.delivery_id == Delivery.id)
        .where(Delivery.campaign_id == campaign.id, Delivery.arrived_at.is_(None), DeliveryLine.offer_id.in_(short))
        .group_by(PickupPoint.id)
        .order_by(PickupPoint.id)
    )
    return list(ctx.session.scalars(statement))
