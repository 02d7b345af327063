"""Loss cases as a leader or an operator reads them: which units, of whose order, by whom, and who was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from domain.content import Subject
from domain.errors import NotFound
from domain.ids import is_id
from domain.leases import Astray
from domain.privacy import masked_name
from models import Campaign, LossCase, OfflineHandOver, Order, OrderLine, PickupPoint, Resident
from services.content_safety import rows as held_words
from services.content_safety.rows import SEEN, OwnWords
from services.context import Ctx
from services.paging import Page, Slice
from services.pickup.astray import WORDS
from services.pickup.losses import within_reach
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class LossShown:
    """One case; `worth_fen` is the supply price of its units, `owner` masked, `handed_at` the device's clock.

    `why` is the reason's name and `said` the same in Chinese; `first_by` had handed them over before, if anybody.
    `remark_check` says where the check of the reader's own remark stands that others do not see, "" once they do.
    """

    id: str
    order_id: str
    campaign_id: str
    campaign: str
    point: str
    roster_number: int | None
    owner: str
    name: str
    unit: str
    units: int
    worth_fen: int
    why: str
    said: str
    by: str
    handed_at: datetime
    reported_at: datetime
    first_by: str
    first_at: datetime | None
    closed_at: datetime | None
    remark: str
    remark_check: str = ""


def many(ctx: Ctx, page: Page, *, open_only: bool = False) -> Slice[LossShown]:
    """The actor's cases, newest first, all or those still open: one statement."""
    statement = _rows(ctx).where(older(LossCase.id, page)).order_by(LossCase.id.desc()).limit(page.limit + 1)
    if open_only:
        statement = statement.where(LossCase.closed_at.is_(None))
    rows = ctx.session.execute(statement).all()
    own = held_words.own(ctx, Subject.LOSS, [row[0].id for row in rows])
    return sliced(rows, page, lambda row: row[0].id, lambda row: _show(own, *row))


def one(ctx: Ctx, case_id: str) -> LossShown:
    """One of the actor's cases (public id); raises `NotFound`."""
    if not is_id("LossCase", case_id):
        raise NotFound
    row = ctx.session.execute(_rows(ctx).where(LossCase.public_id == case_id)).one_or_none()
    if row is None:
        raise NotFound
    return _show(held_words.own(ctx, Subject.LOSS, [row[0].id]), *row)


def _rows(ctx: Ctx) -> Select[LossCase, OfflineHandOver, OrderLine, Order, Campaign, Resident, str]:
    return (
        select(LossCase, OfflineHandOver, OrderLine, Order, Campaign, Resident, PickupPoint.name)
        .join(OfflineHandOver, OfflineHandOver.id == LossCase.hand_over_id)
        .join(OrderLine, OrderLine.id == LossCase.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Campaign, Campaign.id == LossCase.campaign_id)
        .join(Resident, Resident.id == Order.resident_id)
        .join(PickupPoint, PickupPoint.id == OfflineHandOver.point_id)
        .where(*within_reach(ctx))
    )


def _show(own: Mapping[int, OwnWords], case: LossCase, row: OfflineHandOver, line: OrderLine, order: Order,
          campaign: Campaign, person: Resident, point: str) -> LossShown:  # fmt: skip
    waits = own.get(case.id, SEEN)
    return LossShown(
        case.public_id, order.public_id, campaign.public_id, campaign.title, point, order.roster_number,
        masked_name(person.nickname, person.anonymous), line.offer_name, line.unit, case.units,
        case.units * line.supply_price_fen, case.why, WORDS[Astray(case.why)], row.by_name, row.handed_at,
        row.reported_at, case.first_by, case.first_at, case.closed_at,
        waits.words.get("remark", case.remark), waits.state,
    )  # fmt: skip
