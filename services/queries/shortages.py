"""A shortage as the leader reads it before saying so: who gets what, what goes back, what is carried where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from domain.shortage import Move
from models import Campaign, Offer, Order, PickupPoint, Resident, Sku
from services.context import Ctx
from services.pickup.reckoning import Reckoning, Share


@dataclass(frozen=True)
class MoveShown:
    """Units carried from one point (name) to another."""

    source: str
    target: str
    units: int


@dataclass(frozen=True)
class OfferShown:
    """One offer over all points, in units: free to allot, waited for, and left over (余货) afterwards."""

    offer_id: str
    name: str
    unit: str
    came: int
    wanted: int
    left: int
    moves: list[MoveShown]


@dataclass(frozen=True)
class LineShown:
    """One order line: units, what its missing units carry (fen), and the change of its commission (fen)."""

    line_id: str
    offer_id: str
    name: str
    unit: str
    wanted: int
    gets: int
    missing: int
    off_fen: int
    commission_fen: int


@dataclass(frozen=True)
class OrderShown:
    """One order: what goes back to the payer, or is not to be paid any more, with the delivery fee in it (fen)."""

    order_id: str
    roster_number: int | None
    name: str
    recipient: str
    point: str
    refund_fen: int
    waived_fen: int
    fee_fen: int
    lines: list[LineShown]


@dataclass(frozen=True)
class ShortagePlan:
    """What a commit would do now; `waits_for` names points that must be counted first, sums are in fen."""

    campaign_id: str
    mode: str
    digest: str
    waits_for: list[str]
    refund_fen: int
    waived_fen: int
    commission_fen: int
    offers: list[OfferShown]
    orders: list[OrderShown]


def shown(ctx: Ctx, campaign: Campaign, found: Reckoning) -> ShortagePlan:
    """The plan in words and public ids: three statements."""
    points = dict(ctx.session.execute(
        select(PickupPoint.id, PickupPoint.name).where(PickupPoint.id.in_({shelf.point_id for shelf in found.shelves}))
    ).all())  # fmt: skip
    named = select(Offer, Sku.unit).join(Sku, Sku.id == Offer.sku_id).where(Offer.id.in_(found.moves))
    offers = ctx.session.execute(named.order_by(Offer.position)).all()
    public_ids = {offer.id: offer.public_id for offer, _ in offers}
    orders = _orders(ctx, found, points, public_ids)
    return ShortagePlan(
        campaign_id=campaign.public_id, mode=found.mode, digest=found.digest, waits_for=list(found.waits_for),
        refund_fen=sum(order.refund_fen for order in orders), waived_fen=sum(order.waived_fen for order in orders),
        commission_fen=sum(share.commission_fen for share in found.shares),
        offers=[_offer(found, offer, unit, points) for offer, unit in offers], orders=orders,
    )  # fmt: skip


def _offer(found: Reckoning, offer: Offer, unit: str, points: dict[int, str]) -> OfferShown:
    came = sum(shelf.units for shelf in found.shelves if shelf.row.offer_id == offer.id)
    mine = [share for share in found.shares if share.line.offer_id == offer.id]
    return OfferShown(
        offer.public_id, offer.name, unit, came, sum(share.wanted for share in mine),
        came - sum(share.gets for share in mine), [_move(move, points) for move in found.moves[offer.id]],
    )  # fmt: skip


def _move(move: Move, points: dict[int, str]) -> MoveShown:
    return MoveShown(points[move.source], points[move.target], move.units)


def _orders(ctx: Ctx, found: Reckoning, points: dict[int, str], offers: dict[int, str]) -> list[OrderShown]:
    by_order: dict[Order, list[Share]] = {}
    for share in sorted(found.shares, key=lambda share: (share.order.id, share.line.id)):
        by_order.setdefault(share.order, []).append(share)
    people = {order.resident_id for order in by_order}
    names = dict(ctx.session.execute(select(Resident.id, Resident.nickname).where(Resident.id.in_(people))).all())
    return [
        _order(order, shares, found.fees.get(order.id, 0), names[order.resident_id], points[order.point_id], offers)
        for order, shares in by_order.items()
    ]


def _order(order: Order, shares: Sequence[Share], fee: int, name: str, point: str,
           offers: dict[int, str]) -> OrderShown:  # fmt: skip
    off = sum(share.off_fen for share in shares) + fee
    paid = shares[0].paid
    lines = [
        LineShown(
            share.line.public_id, offers[share.line.offer_id], share.line.offer_name, share.line.unit, share.wanted,
            share.gets, share.missing, share.off_fen, share.commission_fen,
        )
        for share in shares
    ]  # fmt: skip
    return OrderShown(
        order.public_id, order.roster_number, name, order.recipient, point, off if paid else 0, 0 if paid else off,
        fee, lines,
    )  # fmt: skip
