"""Neighbourhoods, as the operator adds them."""

from __future__ import annotations

from blueprints.admin.door import door
from blueprints.shared.leader_shapes import CommunitySchema
from blueprints.shared.schemas import Taken, Text
from services import communities
from services.communities import CreateCommunity
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import places
from services.queries.places import CommunityView


class CreateCommunitySchema(Taken):
    """A neighbourhood by its name."""

    makes = CreateCommunity
    name = Text(80, required=True)


@door.post("/communities", takes=CreateCommunitySchema(), shows=CommunitySchema(), status=201)
def create_community(ctx: Ctx, body: CreateCommunity) -> CommunityView:
    """Add a neighbourhood."""
    return places.community_view(communities.create_community(ctx, body))


@door.get("/communities", shows=CommunitySchema(), paged=True)
def communities_list(ctx: Ctx, page: Page) -> Slice[CommunityView]:
    """All neighbourhoods, newest first."""
    return places.communities(ctx, page)
