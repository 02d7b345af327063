"""Writing campaigns down and reading them: drafts, copies, dashboard, orders, pick list."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields

from blueprints.leader.campaign_schemas import (
    CampaignTermsSchema,
    CopySchema,
    DashboardSchema,
    LeaderOrderSchema,
)
from blueprints.leader.door import door
from blueprints.shared.campaign_shapes import CampaignCardSchema
from blueprints.shared.schemas import Shown, Taken, Text
from domain.errors import BeingChecked, NotFound, WrongState
from services.campaigns import copying, drafting
from services.campaigns.copying import CopyCampaign
from services.campaigns.terms import CampaignTerms
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import dashboards, pick_lists
from services.queries.campaigns import CampaignCard
from services.queries.dashboards import Dashboard, LeaderOrder
from services.queries.pick_lists import PickList


class StateQuery(Taken):
    """One state, or all."""

    state = Text(32, load_default=None)


class PickLineSchema(Shown):
    """Units of one offer to be handed over."""

    offer_id = fields.String(required=True)
    sku_id = fields.String(required=True)
    name = fields.String(required=True)
    spec = fields.String(required=True)
    unit = fields.String(required=True)
    units = fields.Integer(required=True)


class PointLinesSchema(Shown):
    """What goes to one pickup point."""

    point_id = fields.String(required=True)
    point = fields.String(required=True)
    lines = fields.List(fields.Nested(PickLineSchema()), required=True)


class PickListSchema(Shown):
    """Confirmed units twice: in all by SKU, and by pickup point."""

    by_sku = fields.List(fields.Nested(PickLineSchema()), required=True)
    by_point = fields.List(fields.Nested(PointLinesSchema()), required=True)


@door.post("/campaigns", takes=CampaignTermsSchema(), shows=DashboardSchema(), status=201)
def create_campaign(ctx: Ctx, body: CampaignTerms) -> Dashboard:
    """Write a draft."""
    return dashboards.dashboard(ctx, drafting.create(ctx, body).public_id)


@door.get("/campaigns", shows=CampaignCardSchema(), paged=True, query=StateQuery())
def campaigns(ctx: Ctx, page: Page, query: Mapping[str, str | None]) -> Slice[CampaignCard]:
    """My campaigns, newest first."""
    return dashboards.own_campaigns(ctx, page, state=query["state"])


@door.get("/campaigns/<campaign_id>", shows=DashboardSchema(), refuses=[NotFound])
def campaign(ctx: Ctx, campaign_id: str) -> Dashboard:
    """One campaign with its counters."""
    return dashboards.dashboard(ctx, campaign_id)


@door.put("/campaigns/<campaign_id>", takes=CampaignTermsSchema(), shows=DashboardSchema(),
          refuses=[NotFound, WrongState, BeingChecked])  # fmt: skip
def rewrite_campaign(ctx: Ctx, campaign_id: str, body: CampaignTerms) -> Dashboard:
    """Write a campaign anew, as long as it was never open."""
    return dashboards.dashboard(ctx, drafting.rewrite(ctx, campaign_id, body).public_id)


@door.post("/campaigns/<campaign_id>/copy", takes=CopySchema(), shows=DashboardSchema(), status=201,
           refuses=[NotFound])  # fmt: skip
def copy_campaign(ctx: Ctx, campaign_id: str, body: CopyCampaign) -> Dashboard:
    """The same again at a new time, as a draft."""
    return dashboards.dashboard(ctx, copying.copy(ctx, campaign_id, body).public_id)


@door.get("/campaigns/<campaign_id>/orders", shows=LeaderOrderSchema(), paged=True, query=StateQuery(),
          refuses=[NotFound])  # fmt: skip
def campaign_orders(ctx: Ctx, campaign_id: str, page: Page, query: Mapping[str, str | None]) -> Slice[LeaderOrder]:
    """The orders of one campaign, newest first, phones masked."""
    return dashboards.orders(ctx, campaign_id, page, state=query["state"])


@door.get("/campaigns/<campaign_id>/pick-list", shows=PickListSchema(), refuses=[NotFound])
def pick_list(ctx: Ctx, campaign_id: str) -> PickList:
    """What is to be packed, by SKU and by pickup point; empty before the campaign has formed."""
    return pick_lists.pick_list(ctx, campaign_id)
