"""Helping another leader to sell: campaigns that look for helpers, one's own link, roster and earnings."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields

from blueprints.leader.door import door
from blueprints.shared.help_sell_shapes import EndHelpSchema, HelpSellSchema
from blueprints.shared.schemas import Shown, Taken, public_id
from domain.errors import NotFound, NotOpen, WrongState
from services import help_selling
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import help_sells
from services.queries.help_sells import Helpable, HelpedOrder, HelpSellView


class JoinSchema(Taken):
    """The campaign to help with."""

    campaign = public_id(required=True)


class HelpableSchema(Shown):
    """A campaign that looks for helpers; `share_bps` is their share of each line's commission."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    leader_name = fields.String(required=True)
    closes_at = fields.AwareDateTime(required=True)
    share_bps = fields.Integer(required=True)


class HelpedLineSchema(Shown):
    """A line's earning: floor(`helper_bps` of floor(`commission_bps` of `net_fen`)), once its units are confirmed."""

    name = fields.String(required=True)
    unit = fields.String(required=True)
    units = fields.Integer(required=True)
    net_fen = fields.Integer(required=True)
    commission_bps = fields.Integer(required=True)
    helper_bps = fields.Integer(required=True)
    earned_fen = fields.Integer(required=True)
    payable = fields.Boolean(required=True)


class HelpedOrderSchema(Shown):
    """An order that came through the helper; the name is masked."""

    roster_number = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    state = fields.String(required=True)
    withdrawn = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    lines = fields.List(fields.Nested(HelpedLineSchema()), required=True)


@door.get("/helpable-campaigns", shows=HelpableSchema(), paged=True)
def helpable_campaigns(ctx: Ctx, page: Page) -> Slice[Helpable]:
    """Campaigns of my neighbourhood that look for helpers, newest first."""
    return help_sells.helpable(ctx, page)


@door.post("/help-sells", takes=JoinSchema(), shows=HelpSellSchema(), status=201,
           refuses=[NotFound, NotOpen, WrongState])  # fmt: skip
def help_to_sell(ctx: Ctx, body: Mapping[str, str]) -> HelpSellView:
    """Help with a campaign for the share it offers; asking again gives the same."""
    return help_sells.one(ctx, help_selling.join(ctx, body["campaign"]).public_id)


@door.get("/help-sells", shows=HelpSellSchema(), paged=True)
def own_help_sells(ctx: Ctx, page: Page) -> Slice[HelpSellView]:
    """What I help to sell, with what it earned, newest first."""
    return help_sells.mine(ctx, page)


@door.get("/help-sells/<help_sell_id>", shows=HelpSellSchema(), refuses=[NotFound])
def help_sell(ctx: Ctx, help_sell_id: str) -> HelpSellView:
    """One help, mine or with a campaign of mine."""
    return help_sells.one(ctx, help_sell_id)


@door.get("/help-sells/<help_sell_id>/orders", shows=HelpedOrderSchema(), paged=True, refuses=[NotFound])
def helped_orders(ctx: Ctx, help_sell_id: str, page: Page) -> Slice[HelpedOrder]:
    """My own roster: the orders that came through me, names masked, with the earning of each line."""
    return help_sells.orders(ctx, help_sell_id, page)


@door.post("/help-sells/<help_sell_id>/end", takes=EndHelpSchema(), shows=HelpSellSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def end_help(ctx: Ctx, help_sell_id: str, body: Mapping[str, str]) -> HelpSellView:
    """Let somebody help with my campaign no longer; orders placed before keep their helper."""
    return help_sells.one(ctx, help_selling.end(ctx, help_sell_id, body["reason"]).public_id)


@door.get("/campaigns/<campaign_id>/help-sells", shows=HelpSellSchema(), paged=True, refuses=[NotFound])
def campaign_helpers(ctx: Ctx, campaign_id: str, page: Page) -> Slice[HelpSellView]:
    """Who helps to sell my campaign, and how much came through each."""
    return help_sells.of_campaign(ctx, campaign_id, page)
