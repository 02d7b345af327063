"""What was handed over: today's redemptions of a desk, and the words for those just made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from domain.clock import SHANGHAI, business_date
from domain.content import Subject
from domain.privacy import masked_name
from models import Order, OrderLine, Redemption, RedemptionLine, Resident
from services.content_safety import rows as held_words
from services.content_safety.rows import SEEN, OwnWords
from services.context import Ctx
from services.paging import Page, Slice
from services.pickup.desks import within_reach
from services.queries.pages import older, sliced

_Undo = aliased(Redemption)
_Reversed = aliased(Redemption)


@dataclass(frozen=True)
class HandedItem:
    """Units of a line that changed hands (negative: taken back)."""

    line_id: str
    name: str
    unit: str
    units: int


@dataclass(frozen=True)
class RedemptionShown:
    """One hand-over or undo; `undone_by` and `reverses` are ids of redemptions or None; `owner` is masked.

    `fetched_by` is who fetched for the owner by a pass, "" for anybody who came in person.
    `reason_check` says where the check of the reader's own reason stands that others do not see, "" once they do.
    """

    id: str
    order_id: str
    order_state: str
    roster_number: int | None
    owner: str
    by: str
    found_by: str
    reason: str
    at: datetime
    reverses: str | None
    undone_by: str | None
    items: list[HandedItem]
    fetched_by: str = ""
    reason_check: str = ""


@dataclass(frozen=True)
class HandedOver:
    """One redemption per order."""

    redemptions: list[RedemptionShown]


def shown(ctx: Ctx, redemptions: Iterable[Redemption]) -> list[RedemptionShown]:
    """Redemptions as the desk and the staff chat read them: two statements."""
    ids = [redemption.id for redemption in redemptions]
    rows = ctx.session.execute(_rows().where(Redemption.id.in_(ids)).order_by(Redemption.id)).all()
    items, own = _items(ctx, ids), _own(ctx, [row[0] for row in rows])
    return [_show(row, items, own) for row in rows]


def todays(ctx: Ctx, page: Page) -> Slice[RedemptionShown]:
    """What the actor's desk handed over since midnight in Shanghai, newest first: two statements."""
    midnight = datetime.combine(business_date(ctx.now), time(0), SHANGHAI)
    statement = (
        _rows()
        .where(Redemption.created_at >= midnight, older(Redemption.id, page), *within_reach(ctx, Order))
        .order_by(Redemption.id.desc())
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    items, own = _items(ctx, [row[0].id for row in rows]), _own(ctx, [row[0] for row in rows])
    return sliced(rows, page, lambda row: row[0].id, lambda row: _show(row, items, own))


def _rows() -> Select[Redemption, str, str, int | None, str, bool, str, str]:
    return (
        select(Redemption, Order.public_id, Order.state, Order.roster_number, Resident.nickname, Resident.anonymous,
               _Reversed.public_id, _Undo.public_id)
        .join(Order, Order.id == Redemption.order_id)
        .join(Resident, Resident.id == Order.resident_id)
        .outerjoin(_Reversed, _Reversed.id == Redemption.reverses_id)
        .outerjoin(_Undo, _Undo.reverses_id == Redemption.id)
    )  # fmt: skip


def _show(
    row: Row[Redemption, str, str, int | None, str, bool, str, str], items: dict[int, list[HandedItem]],
    own: Mapping[int, OwnWords],
) -> RedemptionShown:  # fmt: skip
    redemption, order_id, state, number, name, anonymous, reverses, undone_by = row
    waits = own.get(redemption.id, SEEN)
    return RedemptionShown(
        redemption.public_id, order_id, state, number, masked_name(name, anonymous), redemption.by_name,
        redemption.found_by, waits.words.get("reason", redemption.reason), redemption.created_at, reverses, undone_by,
        items.get(redemption.id, []), redemption.fetched_by, waits.state,
    )  # fmt: skip


def _own(ctx: Ctx, redemptions: Iterable[Redemption]) -> dict[int, OwnWords]:
    """The actor's own reasons that others do not see; where nothing was taken back there is nothing to look for."""
    return held_words.own(ctx, Subject.UNDO, [row.id for row in redemptions if row.reverses_id is not None])


def _items(ctx: Ctx, ids: Sequence[int]) -> dict[int, list[HandedItem]]:
    statement = (
        select(RedemptionLine.redemption_id, OrderLine.public_id, OrderLine.offer_name, OrderLine.unit,
               RedemptionLine.units)
        .join(OrderLine, OrderLine.id == RedemptionLine.order_line_id)
        .where(RedemptionLine.redemption_id.in_(ids))
        .order_by(RedemptionLine.id)
    )  # fmt: skip
    found: dict[int, list[HandedItem]] = {}
    for redemption_id, line_id, name, unit, units in ctx.session.execute(statement):
        found.setdefault(redemption_id, []).append(HandedItem(line_id, name, unit, units))
    return found
