"""Who follows me."""

from __future__ import annotations

from marshmallow import fields

from blueprints.leader.door import door
from blueprints.shared.schemas import Shown
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import followers as reading
from services.queries.followers import FollowerShown


class FollowerSchema(Shown):
    """One follower, masked; `orders` are those of my campaigns that count."""

    name = fields.String(required=True)
    since = fields.AwareDateTime(required=True)
    orders = fields.Integer(required=True)


@door.get("/followers", shows=FollowerSchema(), paged=True)
def followers(ctx: Ctx, page: Page) -> Slice[FollowerShown]:
    """My followers, newest first."""
    return reading.followers(ctx, page)
