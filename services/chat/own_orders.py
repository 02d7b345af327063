"""A person's own orders as the chat needs them: to show, to change, to take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from domain.actors import Actor, Role
from domain.content import Subject
from models import Campaign, CampaignPoint, HelpSell, Offer, Order, OrderLine, PickupCode, PickupPoint
from services.content_safety import rows as held_words
from services.content_safety.rows import SEEN, OwnWords
from services.context import Ctx
from services.door.words import BROUGHT_BY
from services.queries.campaigns import PointView

LIVE = ("pending_payment", "paid", "confirmed", "ready")
WAITING_WORDS = {
    "pending_payment": "待付款", "paid": "已付款", "confirmed": "已成团", "ready": "已到货，待提货",
    "collected": "已提货", "completed": "已完成", "expired": "超时未付，已关闭", "cancelled": "已取消",
    "refunded": "已退款",
}  # fmt: skip


@dataclass(frozen=True)
class OwnLine:
    """Units left of one offer in an order (ordered less refunded); ids are public."""

    id: str
    offer: str
    name: str
    units: int


@dataclass(frozen=True)
class OwnOrder:
    """One order of the speaker; ids are public, sums in fen. `via` is the help it came through, "" for none.

    `where` is how it is got: 自提 with the point, or how it is brought (`fetched` then is False). `left_fen` is the
    total less all that was given back or waived. `decided` says that its campaign's outcome is stored: one that is
    paid on pickup is confirmed long before. `recipient` and `note` are what the speaker said, also while nobody else
    may read it; what a chat may read of the recipient is `shown_recipient`.
    """

    id: str
    campaign: str
    title: str
    point: str
    point_name: str
    state: str
    paid: bool
    decided: bool
    recipient: str
    shown_recipient: str
    note: str
    via: str
    roster_number: int | None
    total_fen: int
    left_fen: int
    hold_until: datetime
    where: str
    fetched: bool
    lines: list[OwnLine] = field(default_factory=list)

    @property
    def units(self) -> dict[str, int]:
        """Units by the offer's public id."""
        return {line.offer: line.units for line in self.lines if line.units}

    @property
    def words(self) -> str:
        """`大闸蟹×2、草莓×1`."""
        return "、".join(f"{line.name}×{line.units}" for line in self.lines if line.units)


def live(ctx: Ctx, resident_id: int, campaign: Campaign, states: Sequence[str] = LIVE) -> list[OwnOrder]:
    """The person's orders in a campaign that stand in `states`, oldest first."""
    return _read(ctx, resident_id, [campaign.id], states)


def recent(ctx: Ctx, resident_id: int, campaigns: Sequence[Campaign] | None, limit: int = 5) -> list[OwnOrder]:
    """The person's newest orders, of these campaigns or (None) of all, newest first."""
    ids = None if campaigns is None else [campaign.id for campaign in campaigns]
    found = _read(ctx, resident_id, ids, tuple(WAITING_WORDS), limit)
    return found[::-1]


def waiting(ctx: Ctx, resident_id: int) -> list[OwnOrder]:
    """The person's orders of which something stands at a point and waits for them, oldest first."""
    return _read(ctx, resident_id, None, ("ready",))


def by_ids(ctx: Ctx, resident_id: int, ids: Sequence[str]) -> list[OwnOrder]:
    """Those of the person's orders that have these public ids, oldest first."""
    return [order for order in _read(ctx, resident_id, None, LIVE) if order.id in ids]


def usual_point(ctx: Ctx, resident_id: int, campaign: Campaign, points: Sequence[PointView]) -> PointView | None:
    """Where the person's order goes without asking: the only point, else the last one of theirs among these."""
    if len(points) == 1:
        return points[0]
    statement = (
        select(PickupPoint.public_id)
        .join(Order, Order.point_id == PickupPoint.id)
        .join(CampaignPoint, CampaignPoint.point_id == PickupPoint.id)
        .where(Order.resident_id == resident_id, CampaignPoint.campaign_id == campaign.id)
        .order_by(Order.id.desc())
        .limit(1)
    )
    last = ctx.session.scalars(statement).one_or_none()
    return next((point for point in points if point.id == last), None)


def orders_of_code(ctx: Ctx, resident_id: int, codes: Sequence[str]) -> list[str]:
    """Public ids of the person's own orders whose code in use is one of `codes`."""
    statement = (
        select(Order.public_id)
        .join(PickupCode, PickupCode.order_id == Order.id)
        .where(Order.resident_id == resident_id, PickupCode.state == "issued", PickupCode.code.in_(codes))
    )
    return list(ctx.session.scalars(statement))


def code_in_use(ctx: Ctx, resident_id: int, order_id: str) -> str:
    """The pickup code of an own order (public id) in two groups of four; "" when there is none."""
    statement = (
        select(PickupCode.code)
        .join(Order, Order.id == PickupCode.order_id)
        .where(Order.public_id == order_id, Order.resident_id == resident_id, PickupCode.state == "issued")
    )
    code = ctx.session.scalars(statement).one_or_none()
    return f"{code[:4]} {code[4:]}" if code else ""


def _read(
    ctx: Ctx, resident_id: int, campaign_ids: Sequence[int] | None, states: Sequence[str], limit: int = 50
) -> list[OwnOrder]:
    statement = (
        select(Order, Campaign, PickupPoint, HelpSell.public_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .outerjoin(HelpSell, HelpSell.id == Order.help_sell_id)
        .where(Order.resident_id == resident_id, Order.state.in_(states))
        .order_by(Order.id.desc())
        .limit(limit)
    )
    if campaign_ids is not None:
        statement = statement.where(Order.campaign_id.in_(campaign_ids))
    rows = ctx.session.execute(statement, execution_options={"populate_existing": True}).all()
    ids = [order.id for order, *_ in rows]
    lines, said = _lines(ctx, ids), _said(ctx, resident_id, ids)
    return [_own(*row, lines.get(row[0].id, []), said.get(row[0].id, SEEN)) for row in reversed(rows)]


def _said(ctx: Ctx, resident_id: int, order_ids: Sequence[int]) -> dict[int, OwnWords]:
    """What the person said in these orders and others do not see yet: by it, too, they tell one from the other."""
    return held_words.own(ctx.acting_as(Actor(Role.RESIDENT, resident_id, resident_id)), Subject.ORDER, order_ids)


def _lines(ctx: Ctx, order_ids: Sequence[int]) -> dict[int, list[tuple[OrderLine, str]]]:
    statement = (
        select(OrderLine, Offer.public_id)
        .join(Offer, Offer.id == OrderLine.offer_id)
        .where(OrderLine.order_id.in_(order_ids))
        .order_by(Offer.position)
    )
    found: dict[int, list[tuple[OrderLine, str]]] = {}
    for line, offer in ctx.session.execute(statement, execution_options={"populate_existing": True}):
        found.setdefault(line.order_id, []).append((line, offer))
    return found


def _own(
    order: Order, campaign: Campaign, point: PickupPoint, via: str | None, lines: Sequence[tuple[OrderLine, str]],
    said: OwnWords,
) -> OwnOrder:  # fmt: skip
    shown = [
        OwnLine(line.public_id, offer, line.offer_name,
                line.ordered_units - line.refunded_units - line.refunded_after_units)
        for line, offer in lines
    ]  # fmt: skip
    left = order.total_fen - order.fee_refunded_fen - sum(line.refunded_fen for line, _ in lines)
    return OwnOrder(
        order.public_id, campaign.public_id, campaign.title, point.public_id, point.name, order.state,
        order.paid_at is not None, campaign.outcome_at is not None,
        said.words.get("recipient", order.recipient), order.recipient, said.words.get("note", order.note), via or "",
        order.roster_number, order.total_fen, left, order.hold_until,
        BROUGHT_BY.get(campaign.delivery_method, f"自提 {point.name}"), campaign.delivery_method not in BROUGHT_BY,
        shown,
    )  # fmt: skip
