"""What a leader brings: the list by building and room, the parcels to send, and a buyer's own address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, tuple_

from domain.campaigns import DeliveryMethod
from domain.errors import NotFound, WrongState
from domain.privacy import masked_name, masked_phone
from models import Campaign, Order, OrderAddress, OrderLine, Parcel, Resident
from services.campaigns.finding import own
from services.context import Ctx
from services.desk_money.due import due_fen
from services.door.addresses import CourierAddress, unsealed
from services.finding import by_public_id
from services.paging import Page, Slice, cut
from services.queries.pages import sliced
from services.queries.pickup import DeskLine, desk_lines

SHOWN = ("confirmed", "ready")


@dataclass(frozen=True)
class Carry:
    """An order to carry to its door; names masked, `due_fen` is to be paid there."""

    order_id: str
    building: str
    room: str
    roster_number: int | None
    owner: str
    recipient: str
    note: str
    state: str
    due_fen: int
    lines: list[DeskLine]


@dataclass(frozen=True)
class ToSend:
    """An order to send by courier, or sent: recipient and phone masked, no address; it is revealed one by one."""

    order_id: str
    roster_number: int | None
    recipient: str
    phone: str
    note: str
    state: str
    company: str
    tracking_number: str
    shipped_at: datetime | None
    confirm_by: datetime | None
    lines: list[DeskLine]


def carry_list(ctx: Ctx, campaign_id: str, page: Page) -> Slice[Carry]:
    """Confirmed and ready orders of an own campaign by building and room: three statements.

    Raises `NotFound`, or `WrongState` for a campaign whose goods are not carried to the door.
    """
    campaign = _own(ctx, campaign_id, DeliveryMethod.DOOR)
    place = (OrderAddress.building, OrderAddress.room, Order.id)
    statement = _of(campaign).with_only_columns(Order, Resident, OrderAddress).order_by(*place).limit(page.limit + 1)
    if page.after:
        statement = statement.where(tuple_(*place) > tuple_(*page.after))
    found = cut(ctx.session.execute(statement).all(), page, lambda row: (row[2].building, row[2].room, row[0].id))
    lines = _lines(ctx, [row[0].id for row in found.items])
    return Slice([_carry(*row, lines) for row in found.items], found.next_key)


def parcels(ctx: Ctx, campaign_id: str, page: Page) -> Slice[ToSend]:
    """Confirmed, ready and sent orders of an own courier campaign, the oldest first: three statements.

    Raises `NotFound`, or `WrongState` for a campaign whose goods go another way.
    """
    campaign = _own(ctx, campaign_id, DeliveryMethod.COURIER)
    statement = (
        _of(campaign)
        .outerjoin(Parcel, Parcel.order_id == Order.id)
        .with_only_columns(Order, OrderAddress, Parcel)
        .where(Order.id > (page.after[0] if page.after else 0))
        .order_by(Order.id)
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    lines = _lines(ctx, [row[0].id for row in rows])
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _to_send(ctx, *row, lines))


def own_address(ctx: Ctx, order_id: str) -> CourierAddress:
    """Where a courier brings an own order (public id), as its buyer said; raises `NotFound` where none does."""
    order = by_public_id(ctx, Order, order_id, Order.resident_id == ctx.resident_id)
    address = ctx.session.get(OrderAddress, order.id)
    found = unsealed(ctx, address) if address else None
    if found is None:
        raise NotFound
    return found


def _own(ctx: Ctx, campaign_id: str, method: DeliveryMethod) -> Campaign:
    campaign = own(ctx, campaign_id)
    if campaign.delivery_method != method:
        raise WrongState(state=campaign.delivery_method, event=method)
    return campaign


def _of(campaign: Campaign) -> Select[Order]:
    return (
        select(Order)
        .join(OrderAddress, OrderAddress.order_id == Order.id)
        .join(Resident, Resident.id == Order.resident_id)
        .where(Order.campaign_id == campaign.id, Order.state.in_(SHOWN), Order.counted)
    )


def _lines(ctx: Ctx, ids: list[int]) -> Sequence[OrderLine]:
    return ctx.session.scalars(select(OrderLine).where(OrderLine.order_id.in_(ids)).order_by(OrderLine.offer_id)).all()


def _carry(order: Order, owner: Resident, address: OrderAddress, lines: Sequence[OrderLine]) -> Carry:
    return Carry(
        order.public_id, address.building, address.room, order.roster_number,
        masked_name(owner.nickname, owner.anonymous), masked_name(order.recipient) if order.recipient else "",
        order.note, order.state, due_fen(order, lines), desk_lines(order, lines),
    )  # fmt: skip


def _to_send(
    ctx: Ctx, order: Order, address: OrderAddress, parcel: Parcel | None, lines: Sequence[OrderLine]
) -> ToSend:
    to = unsealed(ctx, address)
    return ToSend(
        order.public_id, order.roster_number, masked_name(order.recipient), masked_phone(to.phone) if to else "",
        order.note, order.state, parcel.company if parcel else "", parcel.tracking_number if parcel else "",
        parcel.shipped_at if parcel else None, parcel.confirm_by if parcel else None, desk_lines(order, lines),
    )  # fmt: skip
