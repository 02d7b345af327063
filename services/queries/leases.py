"""What a lease brings to its device: the key of its day, and every order it may hand out, without codes or phones."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import exists, select

from domain.privacy import masked_name
from domain.tickets import code_mac, owner_mac, tail_mac
from models import Campaign, DeskLease, Order, OrderLine, PickupCode, PickupPoint, Resident
from services.context import Ctx
from services.desk_money.due import due_fen
from services.pickup import qr
from services.pickup.units import WAITING, waiting


@dataclass(frozen=True)
class LeasedItem:
    """Units of one line that may be handed out."""

    line_id: str
    name: str
    spec: str
    unit: str
    units_left: int


@dataclass(frozen=True)
class LeasedOrder:
    """One order that waits; `name` is masked, `code_hash` and `tail_hash` ("" without a phone) as in docs/pickup-qr.md.

    Orders with one `owner_hash` are one person's. What has a `due_fen` is paid at its hand-over and needs the network.
    """

    order_id: str
    number: int | None
    name: str
    recipient: str
    campaign: str
    code_id: str
    code_hash: str
    tail_hash: str
    owner_hash: str
    state: str
    pickup_deadline: datetime | None
    due_fen: int
    items: list[LeasedItem]


@dataclass(frozen=True)
class LeaseShown:
    """The lease with its point (public id) and day (`yyyymmdd`); `key` is base64url without padding."""

    id: str
    point: str
    point_name: str
    day: str
    key: str
    taken_at: datetime
    until: datetime
    orders: list[LeasedOrder]


def shown(ctx: Ctx, lease: DeskLease) -> LeaseShown:
    """The lease with all that waits at its point and may still be fetched: three statements, however many orders."""
    point = ctx.session.get_one(PickupPoint, lease.point_id)
    key = qr.key(ctx, point.public_id, lease.day)
    written = urlsafe_b64encode(key).decode().rstrip("=")
    return LeaseShown(lease.public_id, point.public_id, point.name, lease.day, written, lease.taken_at, lease.until,
                      _orders(ctx, lease.point_id, key))  # fmt: skip


def _orders(ctx: Ctx, point_id: int, key: bytes) -> list[LeasedOrder]:
    there = exists().where(OrderLine.order_id == Order.id, WAITING)
    ready = (Order.point_id == point_id, Order.state == "ready", Order.pickup_deadline > ctx.now, there)
    statement = (
        select(Order, Campaign.title, Resident, PickupCode.public_id, PickupCode.code)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(Resident, Resident.id == Order.resident_id)
        .join(PickupCode, (PickupCode.order_id == Order.id) & (PickupCode.state == "issued"))
        .where(*ready)
        .order_by(Order.id)
    )
    rows = ctx.session.execute(statement).all()
    lines: dict[int, list[OrderLine]] = {}
    within = select(Order.id).where(*ready)
    for line in ctx.session.scalars(select(OrderLine).where(OrderLine.order_id.in_(within)).order_by(OrderLine.id)):
        lines.setdefault(line.order_id, []).append(line)
    tails = _tails(ctx, {row[2].id: row[2] for row in rows}, key)
    return [
        LeasedOrder(
            order.public_id, order.roster_number, masked_name(person.nickname, person.anonymous),
            masked_name(order.recipient) if order.recipient else "", title, code_id, code_mac(key, code),
            tails[person.id], owner_mac(key, person.public_id), order.state, order.pickup_deadline,
            due_fen(order, lines[order.id]), _items(lines[order.id]),
        )
        for order, title, person, code_id, code in rows
    ]  # fmt: skip


def _tails(ctx: Ctx, people: Mapping[int, Resident], key: bytes) -> dict[int, str]:
    written = partial(tail_mac, key)
    return {
        number: written(ctx.vault.decrypt(person.phone_enc)[-4:]) if person.phone_enc else ""
        for number, person in people.items()
    }


def _items(lines: Iterable[OrderLine]) -> list[LeasedItem]:
    return [
        LeasedItem(line.public_id, line.offer_name, line.spec, line.unit, waiting(line))
        for line in lines
        if waiting(line)
    ]
