"""What helpers and the leaders they help read: who helps, which orders came through whom, what each line earns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, distinct, func, select

from domain.actors import Role
from domain.errors import NotFound
from domain.ids import is_id
from domain.privacy import masked_name
from models import Campaign, HelpSell, Leader, Order, OrderLine, Resident
from services.campaigns.finding import own
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class HelpSellView:
    """One leader's help with one campaign; `path` is the helper's own link, earnings in fen."""

    id: str
    state: str
    campaign: str
    campaign_title: str
    campaign_state: str
    closes_at: datetime
    helper: str
    share_bps: int
    path: str
    counted_orders: int
    units: int
    pending_fen: int
    payable_fen: int
    created_at: datetime


@dataclass(frozen=True)
class HelpedLine:
    """Units left of an offer, what they cost (net, fen), and what the helper earns of the commission on that."""

    name: str
    unit: str
    units: int
    net_fen: int
    commission_bps: int
    helper_bps: int
    earned_fen: int
    payable: bool


@dataclass(frozen=True)
class HelpedOrder:
    """One order that came through the helper; its owner's name is masked, and nothing else is told of them."""

    roster_number: int | None
    name: str
    state: str
    withdrawn: bool
    created_at: datetime
    lines: Sequence[HelpedLine]


@dataclass(frozen=True)
class Helpable:
    """A campaign that looks for helpers, and the share of its commission that they get."""

    id: str
    title: str
    leader_name: str
    closes_at: datetime
    share_bps: int


def helpable(ctx: Ctx, page: Page) -> Slice[Helpable]:
    """Other leaders' campaigns of the acting leader's community that take orders and helpers, newest first."""
    ctx.require(Role.LEADER)
    here = select(Leader.community_id).where(Leader.id == ctx.actor.id).scalar_subquery()
    statement = (
        select(Campaign, Leader.display_name)
        .join(Leader, Leader.id == Campaign.leader_id)
        .where(
            Leader.community_id == here, Campaign.leader_id != ctx.actor.id, Campaign.state == "open",
            Campaign.help_sell_bps > 0, Campaign.closes_at > ctx.now, older(Campaign.id, page),
        )
        .order_by(Campaign.id.desc())
        .limit(page.limit + 1)
    )  # fmt: skip
    rows = ctx.session.execute(statement).all()
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _helpable(*row))


def _helpable(campaign: Campaign, leader_name: str) -> Helpable:
    return Helpable(campaign.public_id, campaign.title, leader_name, campaign.closes_at, campaign.help_sell_bps)


def mine(ctx: Ctx, page: Page) -> Slice[HelpSellView]:
    """What the acting leader helps to sell, newest first: two statements."""
    ctx.require(Role.LEADER)
    return _views(ctx, page, HelpSell.leader_id == ctx.actor.id)


def of_campaign(ctx: Ctx, campaign_id: str, page: Page) -> Slice[HelpSellView]:
    """Who helps to sell an own campaign, newest first; raises `NotFound`. Three statements."""
    return _views(ctx, page, HelpSell.campaign_id == own(ctx, campaign_id).id)


def every(ctx: Ctx, page: Page, *, state: str = "", campaign: str = "") -> Slice[HelpSellView]:
    """Everybody's help, newest first, in one state or with one campaign (public id) when given: two statements."""
    ctx.require(Role.OPERATOR)
    wanted = [HelpSell.state == state] if state else []
    wanted += [Campaign.public_id == campaign] if campaign else []
    return _views(ctx, page, *wanted)


def one(ctx: Ctx, help_sell_id: str) -> HelpSellView:
    """A help-sell of the acting leader, as its helper or as the leader who is helped; raises `NotFound`."""
    ctx.require(Role.LEADER, Role.OPERATOR)
    mine = (HelpSell.leader_id == ctx.actor.id) | (Campaign.leader_id == ctx.actor.id)
    conditions = (mine,) if ctx.actor.role is Role.LEADER else ()
    if not is_id("HelpSell", help_sell_id):
        raise NotFound
    found = _views(ctx, Page(1), HelpSell.public_id == help_sell_id, *conditions).items
    if not found:
        raise NotFound
    return found[0]


def _views(ctx: Ctx, page: Page, *which: ColumnElement[bool]) -> Slice[HelpSellView]:
    statement = (
        select(HelpSell, Campaign, Leader.display_name)
        .join(Campaign, Campaign.id == HelpSell.campaign_id)
        .join(Leader, Leader.id == HelpSell.leader_id)
        .where(*which, older(HelpSell.id, page))
        .order_by(HelpSell.id.desc())
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement, execution_options={"populate_existing": True}).all()
    sums = _sums(ctx, [row[0].id for row in rows])
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _view(*row, sums.get(row[0].id, (0, 0, 0, 0))))


def _view(helping: HelpSell, campaign: Campaign, helper: str, sums: tuple[int, int, int, int]) -> HelpSellView:
    orders, units, earned, payable = sums
    return HelpSellView(
        id=helping.public_id, state=helping.state, campaign=campaign.public_id, campaign_title=campaign.title,
        campaign_state=campaign.state, closes_at=campaign.closes_at, helper=helper, share_bps=helping.share_bps,
        path=f"/m/campaigns/{campaign.public_id}?via={helping.public_id}", counted_orders=orders, units=units,
        pending_fen=earned - payable, payable_fen=payable, created_at=helping.created_at,
    )  # fmt: skip


def _sums(ctx: Ctx, ids: Iterable[int]) -> dict[int, tuple[int, int, int, int]]:
    """Counted orders, their units left, earned and payable fen of each help-sell."""
    left = OrderLine.ordered_units - OrderLine.refunded_units - OrderLine.refunded_after_units
    released = case((OrderLine.commission_released_at.is_not(None), OrderLine.helper_commission_fen), else_=0)
    statement = (
        select(
            Order.help_sell_id, func.count(distinct(case((Order.counted, Order.id)))),
            func.sum(case((Order.counted, left), else_=0)), func.sum(OrderLine.helper_commission_fen),
            func.sum(released),
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.help_sell_id.in_(list(ids)))
        .group_by(Order.help_sell_id)
    )  # fmt: skip
    return {
        row[0]: (int(row[1]), int(row[2]), int(row[3]), int(row[4])) for row in ctx.session.execute(statement)
    }  # fmt: skip


def orders(ctx: Ctx, help_sell_id: str, page: Page) -> Slice[HelpedOrder]:
    """The orders that came through the acting leader's own help, newest first; raises `NotFound`. Three statements."""
    ctx.require(Role.LEADER)
    helping = by_public_id(ctx, HelpSell, help_sell_id, HelpSell.leader_id == ctx.actor.id)
    statement = (
        select(Order, Resident.nickname, Resident.anonymous)
        .join(Resident, Resident.id == Order.resident_id)
        .where(Order.help_sell_id == helping.id, older(Order.id, page))
        .order_by(Order.id.desc())
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    lines = _lines(ctx, [order.id for order, _, _ in rows])
    return sliced(
        rows, page, lambda row: int(row[0].id),
        lambda row: _order(row[0], masked_name(row.nickname, row.anonymous), lines.get(row[0].id, [])),
    )  # fmt: skip


def _order(order: Order, name: str, lines: Sequence[HelpedLine]) -> HelpedOrder:
    withdrawn = order.roster_number is not None and not order.counted
    return HelpedOrder(order.roster_number, name, order.state, withdrawn, order.created_at, lines)


def _lines(ctx: Ctx, orders: Iterable[int]) -> dict[int, list[HelpedLine]]:
    statement = select(OrderLine).where(OrderLine.order_id.in_(list(orders))).order_by(OrderLine.offer_id)
    found: dict[int, list[HelpedLine]] = {}
    for line in ctx.session.scalars(statement):
        left = line.ordered_units - line.refunded_units - line.refunded_after_units
        found.setdefault(line.order_id, []).append(HelpedLine(
            line.offer_name, line.unit, left, line.amount_fen - line.refunded_fen, line.commission_bps,
            line.helper_bps, line.helper_commission_fen, line.commission_released_at is not None,
        ))  # fmt: skip
    return found
