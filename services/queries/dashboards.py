"""What a leader reads of own campaigns: the list, the counters, every order with its phone masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain.actors import Role
from domain.content import Subject
from domain.errors import Invalid
from domain.privacy import masked_phone
from domain.state_tables import CAMPAIGN, ORDER
from models import Campaign, HelpSell, Leader, Order, PickupPoint, Resident
from services.campaigns.finding import own
from services.content_safety import rows as held_words
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.campaigns import CampaignCard, CampaignView, card, view
from services.queries.pages import older, sliced
from services.queries.rosters import Item, items_of


@dataclass(frozen=True)
class Dashboard:
    """A campaign with how many orders stand where; `unpaid_orders` hold `unpaid_fen` until they are paid or expire.

    `kept_reason` is why it was cancelled while nobody but its leader reads that, and where the check of it stands.
    """

    view: CampaignView
    orders_by_state: dict[str, int]
    unpaid_orders: int
    unpaid_fen: int
    kept_reason: str
    reason_check: str


@dataclass(frozen=True)
class LeaderOrder:
    """One order as its leader sees it: the phone masked, amounts in fen; `via` names the helper it came through."""

    id: str
    state: str
    roster_number: int | None
    name: str
    phone: str
    recipient: str
    note: str
    point: str
    total_fen: int
    paid_fen: int
    refunded_fen: int
    hold_until: datetime
    created_at: datetime
    items: list[Item]
    via: str


def dashboard(ctx: Ctx, campaign_id: str) -> Dashboard:
    """An own campaign with its counters: seven statements, eight with the check of words on; raises `NotFound`."""
    campaign = own(ctx, campaign_id)
    counts = (
        select(Order.state, func.count(), func.sum(Order.total_fen))
        .where(Order.campaign_id == campaign.id)
        .group_by(Order.state)
    )
    by_state = {state: (number, int(fen)) for state, number, fen in ctx.session.execute(counts)}
    waits = held_words.own(ctx, Subject.CANCELLATION, [campaign.id]).get(campaign.id, held_words.SEEN)
    unpaid, unpaid_fen = by_state.get("pending_payment", (0, 0))
    return Dashboard(
        view=view(ctx, campaign),
        orders_by_state={state: by_state[state][0] for state in ORDER.states if state in by_state},
        unpaid_orders=unpaid,
        unpaid_fen=unpaid_fen,
        kept_reason=waits.words.get("cancel_reason", ""),
        reason_check=waits.state,
    )


def own_campaigns(ctx: Ctx, page: Page, *, state: str | None = None) -> Slice[CampaignCard]:
    """The acting leader's campaigns, newest first, of one state or all: one statement."""
    ctx.require(Role.LEADER)
    if state is not None and state not in CAMPAIGN.states:
        raise Invalid("There is no such state.", field="state")
    statement = (
        select(Campaign, Leader.display_name)
        .join(Leader, Leader.id == Campaign.leader_id)
        .where(Campaign.leader_id == ctx.actor.id, older(Campaign.id, page))
        .order_by(Campaign.id.desc())
        .limit(page.limit + 1)
    )
    if state is not None:
        statement = statement.where(Campaign.state == state)
    rows = ctx.session.execute(statement).all()
    return sliced(rows, page, lambda row: row[0].id, lambda row: card(*row))


def orders(ctx: Ctx, campaign_id: str, page: Page, *, state: str | None = None) -> Slice[LeaderOrder]:
    """Orders of an own campaign, newest first, of one state or all: three statements; raises `NotFound`, `Invalid`."""
    campaign = own(ctx, campaign_id)
    if state is not None and state not in ORDER.states:
        raise Invalid("There is no such state.", field="state")
    statement = (
        select(Order, Resident, PickupPoint.name, Leader.display_name)
        .join(Resident, Resident.id == Order.resident_id)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .outerjoin(HelpSell, HelpSell.id == Order.help_sell_id)
        .outerjoin(Leader, Leader.id == HelpSell.leader_id)
        .where(Order.campaign_id == campaign.id, older(Order.id, page))
        .order_by(Order.id.desc())
        .limit(page.limit + 1)
    )
    if state is not None:
        statement = statement.where(Order.state == state)
    rows = ctx.session.execute(statement).all()
    items = items_of(ctx, [row[0].id for row in rows])
    return sliced(rows, page, lambda row: row[0].id, lambda row: _order(ctx, *row, items.get(row[0].id, [])))


def _order(
    ctx: Ctx, order: Order, resident: Resident, point: str, helper: str | None, items: list[Item]
) -> LeaderOrder:
    phone = masked_phone(ctx.vault.decrypt(resident.phone_enc)) if resident.phone_enc else ""
    return LeaderOrder(
        id=order.public_id, state=order.state, roster_number=order.roster_number, name=resident.nickname,
        phone=phone, recipient=order.recipient, note=order.note, point=point, total_fen=order.total_fen,
        paid_fen=order.paid_fen, refunded_fen=order.refunded_fen, hold_until=order.hold_until,
        created_at=order.created_at, items=items, via=helper or "",
    )  # fmt: skip
