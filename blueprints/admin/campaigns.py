"""The operator's last resort: ending a campaign that its leader cannot or must not carry on."""

from __future__ import annotations

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown, Taken, Text
from domain.errors import NotFound, WrongState
from models import Campaign
from services.campaigns import ending
from services.context import Ctx


class CancelledByOperatorSchema(Taken):
    """Why, in words that every buyer reads."""

    reason = Text(255, required=True)


class EndedCampaignSchema(Shown):
    """Where the campaign stands now; the clock refunds what was not collected."""

    id = fields.String(required=True, attribute="public_id")
    state = fields.String(required=True)


@door.post(
    "/campaigns/<campaign_id>/cancel",
    takes=CancelledByOperatorSchema(),
    shows=EndedCampaignSchema(),
    refuses=[NotFound, WrongState],
)
def cancel_campaign(ctx: Ctx, campaign_id: str, body: dict[str, str]) -> Campaign:
    """Cancel anybody's campaign, in any state before completed."""
    return ending.cancel(ctx, campaign_id, body["reason"])
