"""What everybody may read of campaigns: the page, the roster, a community's open ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Response
from flask.sansio.blueprints import BlueprintSetupState
from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.campaign_shapes import CampaignCardSchema, CampaignSchema, ItemSchema
from blueprints.shared.edge import respond
from blueprints.shared.kept import EXTENSION
from blueprints.shared.schemas import Shown, Taken, Text
from domain.actors import Actor
from domain.errors import NotFound
from domain.ids import is_id
from services.assembly import Lintuan
from services.campaigns.finding import public
from services.context import Ctx
from services.hot import campaign_pages
from services.hot.page_sources import CampaignTeller, ToldPage
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
        source = campaign_pages.source(reads, (campaign_id, query["via"]))
    return respond(Answer(200, campaign_pages.page(source, product.clock.now(), product.policy)))


class CampaignPages:
    """Tells the campaign pages again and again without Flask: the addresses that cannot be refused for their form."""

    endpoint, prefix = "resident.campaign", f"{door.url_prefix}/campaigns/"
    _QUERY = re.compile(r"(?:via=(\w{1,40}))?", re.ASCII)

    def __init__(self, tell: CampaignTeller) -> None:
        self._tell = tell

    def tell(self, path: str, query: str, before: ToldPage | None) -> ToldPage | None:
        """See `blueprints.shared.kept.Teller`."""
        campaign, said = path.removeprefix(self.prefix), self._QUERY.fullmatch(query)
        if said is None or not is_id("Campaign", campaign):
            return None
        return self._tell.tell((campaign, said[1] or ""), before)


def tell_pages(state: BlueprintSetupState) -> None:
    """Let the layer around Flask tell campaign pages, where there is a rush to ask together with."""
    app = state.app
    product: Lintuan = app.extensions["lintuan"]
    if product.rush is not None:
        teller = CampaignTeller(product.rush.pages, product.policy, app.json.dumps)
        app.extensions[EXTENSION].teller = CampaignPages(teller)


door.record(tell_pages)


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
