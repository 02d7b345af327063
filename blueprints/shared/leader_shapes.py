"""How a leader's application looks, to the applicant and to the operator."""

from __future__ import annotations

from marshmallow import fields

from blueprints.shared.schemas import Shown


class LeaderSchema(Shown):
    """An application and what became of it; `decided_reason` is the operator's word."""

    id = fields.String(required=True)
    state = fields.String(required=True)
    display_name = fields.String(required=True)
    introduction = fields.String(required=True)
    community_id = fields.String(required=True)
    community = fields.String(required=True)
    decided_reason = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class CommunitySchema(Shown):
    """A neighbourhood."""

    id = fields.String(required=True)
    name = fields.String(required=True)
