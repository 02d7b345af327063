"""What everybody may read of campaigns: the page, the roster, a community's open ones."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response
from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.campaign_shapes import CampaignCardSchema, CampaignSchema, ItemSchema
from blueprints.shared.edge import respond
from blueprints.shared.schemas import Shown, Taken, Text
from domain.actors import Actor
from domain.errors import NotFound
from services.assembly import Lintuan
from services.campaigns.finding import public
from services.context import Ctx
from services.hot import campaign_pages
from services.idempotency import Answer
from services.paging import Page, Slice
from services.queries import campaigns, rosters
from services.queries.campaigns import CampaignCard
from services.queries.rosters import RosterEntry


class RosterEntrySchema(Shown):
    """One counted order by its number; the name is masked; a withdrawn one (已退) keeps its number."""

    roster_number = fields.Integer(required=True)
    name = fields.String(required=True)
    withdrawn = fields.Boolean(required=True)
    items = fields.List(fields.Nested(ItemSchema()), required=True)


class ViaQuery(Taken):
    """Through whose link the page was opened."""

    via = Text(40, least=0, load_default="")


class HelperSchema(Shown):
    """Who helps to sell; name `id` as `via` when ordering. The price is the same."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class CampaignPageSchema(CampaignSchema):
    """A campaign as everybody may see it."""

    via = fields.Nested(HelperSchema(), required=True, allow_none=True)


@door.get("/campaigns/<campaign_id>", shows=CampaignPageSchema(), query=ViaQuery(), flow=True, kept=True,
          audience="public", refuses=[NotFound])  # fmt: skip
def campaign(product: Lintuan, _actor: Actor, campaign_id: str, query: Mapping[str, str]) -> Response:
    """A campaign's page: offers, points, deadlines, progress."""
    with product.unit.glance() as reads:
        page = campaign_pages.page(reads, campaign_id, query["via"], product.clock.now(), product.policy)
    return respond(Answer(200, page))


@door.get("/campaigns/<campaign_id>/roster", shows=RosterEntrySchema(), paged=True, kept=True,
          audience="public", refuses=[NotFound])  # fmt: skip
def roster(ctx: Ctx, campaign_id: str, page: Page) -> Slice[RosterEntry]:
    """Who joined, by roster number."""
    return rosters.roster(ctx, public(ctx, campaign_id), page)


@door.get("/communities/<community_id>/campaigns", shows=CampaignCardSchema(), paged=True, kept=True,
          audience="public", refuses=[NotFound])  # fmt: skip
def open_campaigns(ctx: Ctx, community_id: str, page: Page) -> Slice[CampaignCard]:
    """Campaigns of a neighbourhood that take orders now."""
    return campaigns.open_in_community(ctx, community_id, page)
