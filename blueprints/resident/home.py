"""What a resident sees first, and the leaders they follow."""

from __future__ import annotations

from typing import Any

from flask import url_for
from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.campaign_shapes import CampaignCardSchema
from blueprints.shared.schemas import Shown
from domain.errors import NotFound
from services import following
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import home, leader_cards
from services.queries.home import HomeCard
from services.queries.leader_cards import Followed, LeaderCard


def _picture(card: Any) -> str | None:
    return url_for("resident.picture", picture_id=card.picture) if card.picture else None


class PicturedCardSchema(CampaignCardSchema):
    """A campaign in a list, with a picture of its goods and what they cost at least."""

    picture = fields.Function(
        _picture, required=True, metadata={"type": ["string", "null"], "description": "a path at this server"}
    )
    from_price_fen = fields.Integer(required=True, metadata={"description": "what the cheapest unit costs now"})


class HomeCardSchema(PicturedCardSchema):
    """A campaign on the first page, because it comes to my `point` or because I follow its `leader`."""

    reason = fields.String(required=True, metadata={"enum": ["point", "leader"]})
    leader_id = fields.String(required=True)


class LeaderCardSchema(Shown):
    """A leader in public, with the campaigns that take orders or are announced."""

    id = fields.String(required=True)
    display_name = fields.String(required=True)
    introduction = fields.String(required=True)
    community = fields.String(required=True)
    following = fields.Boolean(required=True)
    followers = fields.Integer(required=True)
    campaigns = fields.List(fields.Nested(PicturedCardSchema()), required=True)


class FollowingSchema(Shown):
    """Whether I follow the leader now."""

    following = fields.Boolean(required=True)


class FollowedSchema(Shown):
    """A leader whom I follow."""

    leader_id = fields.String(required=True)
    display_name = fields.String(required=True)
    since = fields.AwareDateTime(required=True)
    open_campaigns = fields.Integer(required=True)


@door.get("/home", shows=HomeCardSchema(), paged=True)
def show_home(ctx: Ctx, page: Page) -> Slice[HomeCard]:
    """Campaigns of my point, its neighbourhood and the leaders I follow: open first, the soonest to close first."""
    return home.feed(ctx, page)


@door.get("/leaders/<leader_id>", shows=LeaderCardSchema(), refuses=[NotFound])
def show_leader(ctx: Ctx, leader_id: str) -> LeaderCard:
    """A leader's card."""
    return leader_cards.leader_card(ctx, leader_id)


@door.put("/leaders/<leader_id>/follow", shows=FollowingSchema(), refuses=[NotFound])
def follow_leader(ctx: Ctx, leader_id: str) -> dict[str, bool]:
    """Follow a leader: their campaigns stand on my first page and each new one in my inbox."""
    following.follow(ctx, leader_id)
    return {"following": True}


@door.delete("/leaders/<leader_id>/follow", shows=FollowingSchema(), refuses=[NotFound])
def leave_leader(ctx: Ctx, leader_id: str) -> dict[str, bool]:
    """Follow a leader no longer."""
    following.leave(ctx, leader_id)
    return {"following": False}


@door.get("/follows", shows=FollowedSchema(), paged=True)
def list_follows(ctx: Ctx, page: Page) -> Slice[Followed]:
    """The leaders whom I follow."""
    return leader_cards.follows(ctx, page)
