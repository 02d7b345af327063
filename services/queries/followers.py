"""Who follows a leader: masked, since when, and how many orders of theirs count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, func, or_, select

from domain.actors import Role
from domain.privacy import masked_name
from models import Campaign, Follower, Order, Resident
from services.context import Ctx
from services.paging import Page, Slice, cut


@dataclass(frozen=True)
class FollowerShown:
    """One follower; `orders` are those of this leader's campaigns that count."""

    name: str
    since: datetime
    orders: int


def followers(ctx: Ctx, page: Page) -> Slice[FollowerShown]:
    """The acting leader's followers, newest first: one statement."""
    ctx.require(Role.LEADER)
    counted = (
        select(func.count())
        .select_from(Order)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .where(Order.resident_id == Follower.resident_id, Order.counted, Campaign.leader_id == Follower.leader_id)
        .scalar_subquery()
    )
    statement = (
        select(Follower.resident_id, Follower.since, Resident.nickname, Resident.anonymous, counted.label("orders"))
        .join(Resident, Resident.id == Follower.resident_id)
        .where(Follower.leader_id == ctx.actor.id)
        .order_by(Follower.since.desc(), Follower.resident_id.desc())
        .limit(page.limit + 1)
    )
    if page.after:
        micros, last = page.after
        since = datetime.fromtimestamp(int(micros) // 1_000_000, UTC).replace(microsecond=int(micros) % 1_000_000)
        earlier = and_(Follower.since == since, Follower.resident_id < last)
        statement = statement.where(or_(Follower.since < since, earlier))
    found = cut(ctx.session.execute(statement).all(), page, lambda row: (_micros(row.since), row.resident_id))
    shown = [FollowerShown(masked_name(row.nickname, row.anonymous), row.since, row.orders) for row in found.items]
    return Slice(shown, found.next_key)


def _micros(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond
