"""An order as its owner sees it, as anybody with the link sees it, and the owner's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.campaigns import MONEY_BACK_WORDS, CancelReason, DeliveryMethod
from domain.errors import Invalid, NotFound
from domain.privacy import masked_name
from domain.state_tables import ORDER
from models import (
    Campaign,
    Order,
    OrderAddress,
    OrderLine,
    Parcel,
    Payment,
    PickupPoint,
    Refund,
    RefundLine,
    Resident,
)
from services import cancelling, moving_points, payments
from services.content_safety import orders as held_words
from services.context import Ctx
from services.desk_money import wechat
from services.desk_money.due import due_fen
from services.paging import Page, Slice
from services.queries.claims import ClaimShown, about
from services.queries.pages import sliced


@dataclass(frozen=True)
class OrderPage:
    """One order of one's own; sums in fen. `refunding_fen` is decided and not yet back with the payer.

    Goods that are brought have building and room, or a parcel once it was sent: both on the order's own page only.
    `due_fen` is to be paid when it is handed over; a desk has opened that until `pay_until` (None: it has not).
    `movable`: another point of the campaign may be chosen; whether picking has started is judged on the own page only.
    """

    id: str
    campaign: str
    campaign_title: str
    campaign_state: str
    point: str
    point_name: str
    state: str
    payment_policy: str
    delivery_method: str
    building: str
    room: str
    parcel: Parcel | None
    roster_number: int | None
    delivery_fee_fen: int
    total_fen: int
    paid_fen: int
    refunded_fen: int
    refunding_fen: int
    due_fen: int
    pay_until: datetime | None
    hold_until: datetime
    pickup_deadline: datetime | None
    aftersales_until: datetime | None
    cancellable: bool
    cancel_words: str
    movable: bool
    recipient: str
    note: str
    created_at: datetime
    lines: Sequence[OrderLine]
    refunds: Sequence[RefundView]
    claims: Sequence[ClaimShown]
    words_check: str = ""


@dataclass(frozen=True)
class RefundPart:
    """Why a refund holds this sum, in the buyer's words; a part of no line (delivery fee) has no line."""

    line: str | None
    name: str
    units: int
    amount_fen: int
    words: str


@dataclass(frozen=True)
class RefundView:
    """One refund of the order in the buyer's words: 退款处理中, 退款已提交 or 已退款."""

    id: str
    amount_fen: int
    words: str
    succeeded_at: datetime | None
    parts: Sequence[RefundPart]


@dataclass(frozen=True)
class Bill:
    """What anybody with the link may see before paying for a neighbour: never what becomes of the order."""

    id: str
    payable: bool
    total_fen: int
    owner: str
    campaign_title: str
    hold_until: datetime


_PART_NAMES = {"fee": "配送费", "whole": "整笔付款"}
_UNTOUCHED = ("pending_payment", "expired", "paid", "confirmed")  # nothing was ever handed over: there are no claims
_REFUND_WORDS = {"requested": "退款处理中", "submitted": "退款已提交", "succeeded": "已退款", "abnormal": "退款处理中"}


def mine(ctx: Ctx, public_id: str) -> OrderPage:
    """An own order by its id or its payment's number; raises `NotFound`."""
    order = payments.order_for_payer(ctx, public_id)
    if order.resident_id != ctx.resident_id:
        raise NotFound
    campaign = ctx.session.get_one(Campaign, order.campaign_id)
    point = ctx.session.get_one(PickupPoint, order.point_id)
    opened = wechat.open_for(ctx, order)
    shown = page_of(order, campaign, point, _lines(ctx, [order.id]), _refunds(ctx, order))
    if campaign.delivery_method != DeliveryMethod.PICKUP:
        address, parcel = ctx.session.get_one(OrderAddress, order.id), ctx.session.get(Parcel, order.id)
        shown = replace(shown, building=address.building, room=address.room, parcel=parcel)
    if shown.movable and campaign.state == moving_points.DISPATCHED:
        shown = replace(shown, movable=not moving_points.picking_starts(ctx, order))
    claims = () if order.state in _UNTOUCHED else about(ctx, order)
    words, checked = held_words.own_words(ctx, order)
    own: dict[str, Any] = words | {"words_check": checked}
    shown = replace(shown, **own)
    return replace(shown, pay_until=opened.expires_at if opened else None, claims=claims)


def bill(ctx: Ctx, public_id: str) -> Bill:
    """The sum, a masked name and nothing else; raises `NotFound`."""
    order = payments.order_for_payer(ctx, public_id)
    owner = ctx.session.get_one(Resident, order.resident_id)
    title = ctx.session.scalars(select(Campaign.title).where(Campaign.id == order.campaign_id)).one()
    name = masked_name(owner.nickname, owner.anonymous)
    if opened := wechat.open_for(ctx, order):
        return Bill(order.public_id, True, opened.amount_fen, name, title, opened.expires_at)
    payable = order.state == "pending_payment" and order.hold_until > ctx.now
    return Bill(order.public_id, payable, order.total_fen, name, title, order.hold_until)


def list_mine(ctx: Ctx, page: Page, states: Sequence[str] = ()) -> Slice[OrderPage]:
    """Own orders, newest first, of some states or all: two statements; refunds and claims stand on each one's page.

    Raises `Invalid` for a word that is no state.
    """
    if not set(states) <= set(ORDER.states):
        raise Invalid("There is no such state.", field="state")
    statement = (
        select(Order, Campaign, PickupPoint)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .where(Order.resident_id == ctx.resident_id)
        .order_by(Order.id.desc())
        .limit(page.limit + 1)
    )
    if states:
        statement = statement.where(Order.state.in_(states))
    if page.after:
        statement = statement.where(Order.id < page.after[0])
    rows = ctx.session.execute(statement).all()
    lines = _lines(ctx, [row[0].id for row in rows])
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: page_of(*row, lines, ()))


def _lines(ctx: Ctx, order_ids: list[int]) -> list[OrderLine]:
    statement = select(OrderLine).where(OrderLine.order_id.in_(order_ids)).order_by(OrderLine.offer_id)
    return list(ctx.session.scalars(statement))


def _refunds(ctx: Ctx, order: Order) -> list[RefundView]:
    statement = (
        select(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.order_id == order.id, Refund.state != "closed")
        .order_by(Refund.id)
    )
    refunds = ctx.session.scalars(statement).all()
    parts = _parts(ctx, [refund.id for refund in refunds])
    return [
        RefundView(refund.public_id, refund.amount_fen, _REFUND_WORDS[refund.state], refund.succeeded_at,
                   parts.get(refund.id, []))
        for refund in refunds
    ]  # fmt: skip


def _parts(ctx: Ctx, refund_ids: list[int]) -> dict[int, list[RefundPart]]:
    statement = (
        select(RefundLine, OrderLine.public_id, OrderLine.offer_name)
        .outerjoin(OrderLine, OrderLine.id == RefundLine.order_line_id)
        .where(RefundLine.refund_id.in_(refund_ids))
        .order_by(RefundLine.id)
    )
    found: dict[int, list[RefundPart]] = {}
    for part, line, name in ctx.session.execute(statement):
        words = MONEY_BACK_WORDS[CancelReason(part.reason)]
        shown = RefundPart(line, name or _PART_NAMES[part.kind], part.units, part.amount_fen, words)
        found.setdefault(part.refund_id, []).append(shown)
    return found


def page_of(
    order: Order, campaign: Campaign, point: PickupPoint, lines: Sequence[OrderLine], refunds: Sequence[RefundView] = ()
) -> OrderPage:
    """An order as it follows from its rows alone; `lines` by ascending offer, those of other orders are passed over."""
    own = [line for line in lines if line.order_id == order.id]
    fee = order.fee_refunded_fen if order.paid_fen else 0
    decided = fee + sum(line.refunded_fen - line.waived_fen for line in own)
    return OrderPage(
        id=order.public_id, campaign=campaign.public_id, campaign_title=campaign.title, campaign_state=campaign.state,
        point=point.public_id, point_name=point.name, state=order.state, payment_policy=campaign.payment_policy,
        delivery_method=campaign.delivery_method, building="", room="", parcel=None, roster_number=order.roster_number,
        delivery_fee_fen=order.delivery_fee_fen, total_fen=order.total_fen, paid_fen=order.paid_fen,
        refunded_fen=order.refunded_fen,
        refunding_fen=decided - order.refunded_fen, due_fen=due_fen(order, own), pay_until=None,
        hold_until=order.hold_until,
        pickup_deadline=order.pickup_deadline, aftersales_until=order.aftersales_until,
        cancellable=cancelling.cancellable(order, campaign),
        cancel_words=MONEY_BACK_WORDS[CancelReason(order.cancel_reason)] if order.cancel_reason else "",
        movable=moving_points.possible(order, campaign),
        recipient=order.recipient, note=order.note, created_at=order.created_at, lines=own, refunds=refunds,
        claims=(),
    )  # fmt: skip
