"""How a leader's help with another's campaign looks, to leaders and to the operator."""

from __future__ import annotations

from marshmallow import fields

from blueprints.shared.schemas import Shown, Taken, Text


class HelpSellSchema(Shown):
    """One leader's help with one campaign; `path` is the link to share, behind our own address."""

    id = fields.String(required=True)
    state = fields.String(required=True)
    campaign = fields.String(required=True)
    campaign_title = fields.String(required=True)
    campaign_state = fields.String(required=True)
    closes_at = fields.AwareDateTime(required=True)
    helper = fields.String(required=True)
    share_bps = fields.Integer(required=True)
    path = fields.String(required=True)
    counted_orders = fields.Integer(required=True)
    units = fields.Integer(required=True)
    pending_fen = fields.Integer(required=True)
    payable_fen = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)


class EndHelpSchema(Taken):
    """Why somebody helps no longer."""

    reason = Text(255, required=True)
