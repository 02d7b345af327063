"""Becoming a leader, and the neighbourhoods there are with their points."""

from __future__ import annotations

from blueprints.resident.door import door
from blueprints.shared.campaign_shapes import PointSchema
from blueprints.shared.leader_shapes import CommunitySchema, LeaderSchema
from blueprints.shared.schemas import Taken, Text, public_id
from domain.errors import NotFound, WrongState
from services import leaders
from services.context import Ctx
from services.leaders import ApplyAsLeader
from services.paging import Page, Slice
from services.queries import places
from services.queries.leaders import LeaderView, leader_view
from services.queries.places import CommunityView, PointRow


class ApplicationSchema(Taken):
    """What an applicant says."""

    makes = ApplyAsLeader
    display_name = Text(20, required=True)
    community_id = public_id(required=True)
    introduction = Text(255, least=0, lines=True, load_default="")


@door.post("/leader-application", takes=ApplicationSchema(), shows=LeaderSchema(), status=201,
           refuses=[NotFound, WrongState])  # fmt: skip
def apply_as_leader(ctx: Ctx, body: ApplyAsLeader) -> LeaderView:
    """Apply to lead, or again after a rejection; an operator decides."""
    return leader_view(ctx, leaders.apply(ctx, body))


@door.get("/leader-application", shows=LeaderSchema(), refuses=[NotFound])
def leader_application(ctx: Ctx) -> LeaderView:
    """My application as it stands."""
    return leader_view(ctx, leaders.own_application(ctx))


@door.get("/communities/<community_id>/points", shows=PointSchema(), paged=True, refuses=[NotFound])
def community_points(ctx: Ctx, community_id: str, page: Page) -> Slice[PointRow]:
    """The pickup points of a neighbourhood, to choose one's own."""
    return places.points_of_community(ctx, community_id, page)


@door.get("/communities", shows=CommunitySchema(), paged=True, audience="public")
def communities(ctx: Ctx, page: Page) -> Slice[CommunityView]:
    """The neighbourhoods there are."""
    return places.communities(ctx, page)
