"""The public roster: who joined by number, masked, with what; nothing personal leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from domain.privacy import masked_name
from models import Campaign, Order, OrderLine, Resident
from services.context import Ctx
from services.paging import Page, Slice
from services.pickup.units import handed
from services.queries.pages import sliced


@dataclass(frozen=True)
class Item:
    """A line of an order in the words the buyer saw: `units` ordered less `units_back` (refunded, or cancelled before
    anything was paid), `units_left` of them neither collected nor lapsed.
    """

    line_id: str
    name: str
    unit: str
    units: int
    units_left: int
    units_back: int


@dataclass(frozen=True)
class RosterEntry:
    """One counted order; `withdrawn` (已退) ones keep their number."""

    roster_number: int
    name: str
    withdrawn: bool
    items: list[Item]


def roster(ctx: Ctx, campaign: Campaign, page: Page) -> Slice[RosterEntry]:
    """Entries by rising roster number, after number `after`: two statements."""
    statement = (
        select(Order.id, Order.roster_number, Order.counted, Resident.nickname, Resident.anonymous)
        .join(Resident, Resident.id == Order.resident_id)
        .where(Order.campaign_id == campaign.id, Order.roster_number > (page.after[0] if page.after else 0))
        .order_by(Order.roster_number)
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    items = items_of(ctx, [row.id for row in rows])
    return sliced(
        rows,
        page,
        lambda row: int(row.roster_number),
        lambda row: RosterEntry(
            row.roster_number, masked_name(row.nickname, row.anonymous), not row.counted, items.get(row.id, [])
        ),
    )


def items_of(ctx: Ctx, orders: Iterable[int]) -> dict[int, list[Item]]:
    """The items of each order by offer: one statement."""
    statement = select(OrderLine).where(OrderLine.order_id.in_(list(orders))).order_by(OrderLine.offer_id)
    found: dict[int, list[Item]] = {}
    for line in ctx.session.scalars(statement):
        kept = line.ordered_units - line.refunded_units
        units = kept - line.refunded_after_units
        found.setdefault(line.order_id, []).append(
            Item(line.public_id, line.offer_name, line.unit, units, kept - handed(line), line.ordered_units - units)
        )
    return found
