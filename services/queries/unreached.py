"""The 未触达 list: who was told by no push, so that somebody may ring them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.actors import Role
from domain.privacy import masked_name
from models import Campaign, Notification, Order, Resident
from services.context import Ctx
from services.paging import Page, Slice, cut


@dataclass(frozen=True)
class Unreached:
    """One notice that only the page shows."""

    id: str
    campaign: str | None
    order: str | None
    resident: str
    name: str
    kind: str
    title: str
    created_at: datetime


def unreached(ctx: Ctx, page: Page, campaign: str | None = None) -> Slice[Unreached]:
    """Notices whose push went out by no way, newest first; of one campaign when its public id is given.

    Nobody has to be rung up about a new campaign of a leader they follow.
    """
    ctx.require(Role.OPERATOR)
    wanted = (
        select(Notification, Resident, Campaign.public_id, Order.public_id)
        .join(Resident, Resident.id == Notification.resident_id)
        .outerjoin(Campaign, Campaign.id == Notification.campaign_id)
        .outerjoin(Order, Order.id == Notification.order_id)
        .where(Notification.reached_by == "page", Notification.kind != "opened")
        .order_by(Notification.id.desc())
        .limit(page.limit + 1)
    )
    if campaign is not None:
        wanted = wanted.where(Campaign.public_id == campaign)
    if page.after is not None:
        wanted = wanted.where(Notification.id < page.after[0])
    found = cut(ctx.session.execute(wanted).all(), page, lambda row: (row[0].id,))
    return Slice([_shown(*row) for row in found.items], found.next_key)


def _shown(notice: Notification, person: Resident, campaign: str | None, order: str | None) -> Unreached:
    name = masked_name(person.nickname, person.anonymous)
    return Unreached(
        notice.public_id, campaign, order, person.public_id, name, notice.kind, notice.title, notice.created_at
    )
