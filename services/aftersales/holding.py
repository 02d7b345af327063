"""A claim with everything around it, held until the transaction ends: the order's row first, as everybody does."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from models import Campaign, Claim, Leader, Order, OrderLine
from services import counting, transitions
from services.context import Ctx
from services.finding import by_public_id


@dataclass(frozen=True)
class Case:
    """A claim and what it is about, as they stand now."""

    claim: Claim
    order: Order
    line: OrderLine
    campaign: Campaign
    leader: Leader


def hold(ctx: Ctx, claim_id: str, *conditions: ColumnElement[bool]) -> Case:
    """The claim with this public id that meets `conditions`; raises `NotFound`."""
    return hold_row(ctx, by_public_id(ctx, Claim, claim_id, *conditions))


def hold_row(ctx: Ctx, claim: Claim) -> Case:
    """As `hold`, for a row."""
    order = ctx.session.get_one(Order, claim.order_id)
    transitions.lock(ctx, order)
    ctx.session.refresh(claim)
    (line,) = (line for line in counting.lines_of(ctx, order) if line.id == claim.order_line_id)
    return around(ctx, claim, order, line)


def around(ctx: Ctx, claim: Claim, order: Order, line: OrderLine) -> Case:
    """The case of a claim whose order is held already."""
    campaign = ctx.session.get_one(Campaign, claim.campaign_id)
    return Case(claim, order, line, campaign, ctx.session.get_one(Leader, campaign.leader_id))
