"""The whole roster for its leader: searched, by tag, by number or in the order in which one walks the houses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from domain.places import Place, place, walk
from domain.privacy import masked_phone
from models import Campaign, Order, OrderAddress, OrderRemark, OrderTag, Resident
from services.campaigns.finding import own
from services.context import Ctx
from services.paging import Page, Slice, cut
from services.people import phone_hash, phone_tail_hash
from services.queries.rosters import Item, items_of

_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_MOST_NUMBER = 10_000_000


@dataclass(frozen=True)
class Wanted:
    """What is looked for: `search` in names, notes, places, a number, a phone or its tail; orders with `tag`;
    `order` is number or place.
    """

    search: str = ""
    tag: str = ""
    order: str = "number"


@dataclass(frozen=True)
class RosterOrder:
    """One order as its leader reads it; the phone is masked, sums in fen; `leader_note` and `tags` are the leader's."""

    order_id: str
    number: int | None
    name: str
    recipient: str
    phone: str
    place: Place | None
    state: str
    items: list[Item]
    total_fen: int
    refunded_fen: int
    note: str
    leader_note: str
    tags: list[str]


def roster(ctx: Ctx, campaign_id: str, page: Page, wanted: Wanted) -> Slice[RosterOrder]:
    """Orders of an own campaign that have a number or wait to be paid: five or six statements; raises `NotFound`."""
    campaign = own(ctx, campaign_id)
    fits = _fits(ctx, campaign, wanted)
    found = _by_place(ctx, fits, page) if wanted.order == "place" else _by_number(ctx, fits, page)
    return Slice(_shown(ctx, found.items), found.next_key)


def _rows(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Order)
        .join(Resident, Resident.id == Order.resident_id)
        .outerjoin(OrderAddress, OrderAddress.order_id == Order.id)
        .outerjoin(OrderRemark, OrderRemark.order_id == Order.id)
    )


def _fits(ctx: Ctx, campaign: Campaign, wanted: Wanted) -> list[ColumnElement[bool]]:
    fits = [Order.campaign_id == campaign.id, or_(Order.roster_number.is_not(None), Order.state == "pending_payment")]
    if wanted.tag:
        fits.append(Order.id.in_(select(OrderTag.order_id).where(OrderTag.tag == wanted.tag)))
    search = wanted.search.strip()
    if search:
        fits.append(or_(*_says(ctx, search)))
    return fits


def _says(ctx: Ctx, search: str) -> list[ColumnElement[bool]]:
    """An order fits when any of these holds; phones are found whole or by their tail, never by a part."""
    texts = (Resident.nickname, Order.recipient, Order.note, OrderRemark.note, OrderAddress.building, OrderAddress.room)
    says: list[ColumnElement[bool]] = [column.icontains(search, autoescape=True) for column in texts]
    digits = search.removeprefix("#")
    if _DIGITS.fullmatch(digits):
        if int(digits) <= _MOST_NUMBER:
            says.append(Order.roster_number == int(digits))
        if len(digits) == 4:
            says.append(Resident.phone_tail_hash == phone_tail_hash(ctx, digits))
        if len(digits) == 11:
            says.append(Resident.phone_hash == phone_hash(ctx, digits))
    return says


def _by_number(ctx: Ctx, fits: Sequence[ColumnElement[bool]], page: Page) -> Slice[int]:
    """Those with a number by it, then those without by age."""
    statement = _rows(Order.id, Order.roster_number).where(*fits)
    if page.after:
        number, last = page.after
        unnumbered = Order.roster_number.is_(None)
        later = or_(Order.roster_number > number, unnumbered) if number else and_(unnumbered, Order.id > last)
        statement = statement.where(later)
    ordered = statement.order_by(Order.roster_number.is_(None), Order.roster_number, Order.id).limit(page.limit + 1)
    found = cut(ctx.session.execute(ordered).all(), page, lambda row: (row.roster_number or 0, row.id))
    return Slice([row.id for row in found.items], found.next_key)


def _by_place(ctx: Ctx, fits: Sequence[ColumnElement[bool]], page: Page) -> Slice[int]:
    """As one walks: read whole, for no database knows that 2号楼 stands before 10号楼. The key is the last order."""
    columns = (Order.id, Order.roster_number, OrderAddress.building, OrderAddress.room)
    rows = sorted(ctx.session.execute(_rows(*columns).where(*fits)), key=_walked)
    if page.after:
        last = ctx.session.execute(_rows(*columns).where(Order.id == page.after[0])).one_or_none()
        rows = [row for row in rows if last is None or _walked(row) > _walked(last)]
    found = cut(rows[: page.limit + 1], page, lambda row: (row.id,))
    return Slice([row.id for row in found.items], found.next_key)


def _walked(row: Any) -> Any:
    return walk(place(row.building or "", row.room or "")), row.roster_number or _MOST_NUMBER, row.id


def _shown(ctx: Ctx, ids: Sequence[int]) -> list[RosterOrder]:
    rows = ctx.session.execute(_rows(Order, Resident, OrderAddress, OrderRemark.note).where(Order.id.in_(ids))).all()
    items = items_of(ctx, ids)
    tags: dict[int, list[str]] = {}
    for order_id, tag in ctx.session.execute(
        select(OrderTag.order_id, OrderTag.tag).where(OrderTag.order_id.in_(ids)).order_by(OrderTag.tag)
    ):
        tags.setdefault(order_id, []).append(tag)
    shown = {
        order.id: _show(ctx, order, person, address, remark, items.get(order.id, []), tags.get(order.id, []))
        for order, person, address, remark in rows
    }
    return [shown[order_id] for order_id in ids]


def _show(ctx: Ctx, order: Order, person: Resident, address: OrderAddress | None, remark: str | None,
          items: list[Item], tags: list[str]) -> RosterOrder:  # fmt: skip
    known = place(address.building, address.room) if address and (address.building or address.room) else None
    return RosterOrder(
        order.public_id, order.roster_number, person.nickname, order.recipient,
        masked_phone(ctx.vault.decrypt(person.phone_enc)) if person.phone_enc else "", known, order.state, items,
        order.total_fen, order.refunded_fen, order.note, remark or "", tags,
    )  # fmt: skip
