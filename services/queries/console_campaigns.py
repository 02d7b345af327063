"""Campaigns as operators find and read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain.actors import Role
from domain.state_tables import ORDER
from models import Campaign, Delivery, Leader, Order, PickupPoint
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries import console_history
from services.queries.campaigns import CampaignView, view
from services.queries.console_history import Done
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class CampaignLine:
    """A campaign in the operators' list; `counted_fen` is what its counted orders cost."""

    id: str
    title: str
    state: str
    leader: str
    leader_id: str
    closes_at: datetime
    people: int
    counted_units: int
    counted_fen: int


@dataclass(frozen=True)
class Brought:
    """A delivery to a point."""

    point_id: str
    point: str
    batch: int
    state: str
    arrived_at: datetime | None


@dataclass(frozen=True)
class CampaignFile:
    """All about one campaign."""

    view: CampaignView
    orders: dict[str, int]
    deliveries: list[Brought]
    history: list[Done]


def listed(ctx: Ctx, page: Page, *, state: str = "", search: str = "", leader: str = "") -> Slice[CampaignLine]:
    """Campaigns, newest first, in one state, of one leader (public id) or with words in the title: one statement."""
    ctx.require(Role.OPERATOR)
    statement = select(Campaign, Leader).join(Leader, Leader.id == Campaign.leader_id)
    statement = statement.where(older(Campaign.id, page))
    if state:
        statement = statement.where(Campaign.state == state)
    if leader:
        statement = statement.where(Leader.public_id == leader)
    if search:
        statement = statement.where(Campaign.title.icontains(search, autoescape=True))
    rows = ctx.session.execute(statement.order_by(Campaign.id.desc()).limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: row[0].id, lambda row: _line(*row))


def _line(campaign: Campaign, leader: Leader) -> CampaignLine:
    return CampaignLine(
        campaign.public_id, campaign.title, campaign.state, leader.display_name, leader.public_id, campaign.closes_at,
        campaign.participant_count, campaign.counted_units, campaign.counted_fen,
    )  # fmt: skip


def one(ctx: Ctx, public_id: str) -> CampaignFile:
    """One campaign with offers, orders by state, deliveries and history; raises `NotFound`. Ten statements."""
    ctx.require(Role.OPERATOR)
    campaign = by_public_id(ctx, Campaign, public_id)
    counts = dict(ctx.session.execute(
        select(Order.state, func.count()).where(Order.campaign_id == campaign.id).group_by(Order.state)
    ).all())  # fmt: skip
    brought = ctx.session.execute(
        select(PickupPoint.public_id, PickupPoint.name, Delivery.batch, Delivery.state, Delivery.arrived_at)
        .join(PickupPoint, PickupPoint.id == Delivery.point_id)
        .where(Delivery.campaign_id == campaign.id)
        .order_by(Delivery.id)
    )
    return CampaignFile(
        view=view(ctx, campaign), orders={state: counts[state] for state in ORDER.states if state in counts},
        deliveries=[Brought(*row) for row in brought], history=console_history.of(ctx, "campaign", [campaign.id]),
    )  # fmt: skip
