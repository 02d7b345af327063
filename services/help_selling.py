"""帮卖: a second leader sells a campaign for a share of its commission; one hop, and only goods sold earn."""

from __future__ import annotations

from sqlalchemy import select

from domain.actors import Role
from domain.errors import Forbidden, Invalid, NotOpen, WrongState
from domain.ids import new_id
from domain.state_tables import HELP_SELL
from models import Campaign, HelpSell, Leader
from services import audit
from services.campaigns import finding
from services.content_safety import rows
from services.context import Ctx
from services.finding import by_public_id
from services.transitions import move
from services.writing import insert_ignoring

RUNNING = ("open", "paused")


def join(ctx: Ctx, campaign_id: str) -> HelpSell:
    """Help to sell another leader's running campaign for the share it offers now; asking again gives the same.

    Raises `NotFound`, `NotOpen` unless it runs, `Invalid` for an own one or one that nobody may help, `Forbidden` for
    a leader who is not approved, `WrongState` once the help was ended.
    """
    ctx.require(Role.LEADER)
    campaign = finding.public(ctx, campaign_id)
    if ctx.session.get_one(Leader, ctx.actor.id).state != "approved":
        raise Forbidden
    if campaign.leader_id == ctx.actor.id:
        raise Invalid("Your own campaign needs no help of yours.", field="campaign")
    if campaign.help_sell_bps == 0:
        raise Invalid("This campaign is not open to helpers.", field="campaign")
    if campaign.state not in RUNNING:
        raise NotOpen(state=campaign.state)
    fresh = insert_ignoring(
        ctx.session, HelpSell, ["campaign_id", "leader_id"], public_id=new_id("HelpSell", ctx.now),
        state=HELP_SELL.initial, campaign_id=campaign.id, leader_id=ctx.actor.id, share_bps=campaign.help_sell_bps,
        created_at=ctx.now,
    )  # fmt: skip
    mine = select(HelpSell).where(HelpSell.campaign_id == campaign.id, HelpSell.leader_id == ctx.actor.id)
    row = ctx.session.scalars(mine, execution_options={"populate_existing": True}).one()
    if fresh:
        audit.record(ctx, HELP_SELL.name, row.id, "join", states=("", row.state))
    elif row.state != HELP_SELL.initial:
        raise WrongState(state=row.state, event="join")
    return row


def end(ctx: Ctx, help_sell_id: str, reason: str) -> HelpSell:
    """Let somebody help no longer: the campaign's leader, or an operator; orders placed before keep their helper.

    Raises `NotFound`, `WrongState`.
    """
    ctx.require(Role.LEADER, Role.OPERATOR)
    own = HelpSell.campaign_id.in_(select(Campaign.id).where(Campaign.leader_id == ctx.actor.id))
    row = by_public_id(ctx, HelpSell, help_sell_id, *((own,) if ctx.actor.role is Role.LEADER else ()))
    move(ctx, row, "end", reason=reason)
    rows.keep_reason_back(ctx, HELP_SELL.name, row.id, "end")
    return row


def working(ctx: Ctx, campaign: Campaign, via: str) -> tuple[HelpSell, Leader] | None:
    """The helper behind `via` and their leader's row; None once the help was ended or the helper is suspended.

    Raises `NotFound` unless it is a help-sell of this campaign.
    """
    row = by_public_id(ctx, HelpSell, via, HelpSell.campaign_id == campaign.id)
    leader = ctx.session.get_one(Leader, row.leader_id)
    return (row, leader) if row.state == "active" and leader.state == "approved" else None


def helper_of_order(ctx: Ctx, campaign: Campaign, via: str) -> HelpSell | None:
    """Who earns on an order placed through `via` ("" is none); nobody helps to sell to themselves.

    A link whose help is over still orders, at the same price. Raises `NotFound` for a link of another campaign.
    """
    found = working(ctx, campaign, via) if via else None
    return found[0] if found and found[1].resident_id != ctx.resident_id else None
