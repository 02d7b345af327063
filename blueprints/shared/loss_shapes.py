"""Shapes of loss cases, for leaders and operators alike."""

from __future__ import annotations

from marshmallow import fields

from blueprints.shared.schemas import Shown, Taken, Text, check_state


class LossSchema(Shown):
    """Units that left a desk without the network and that their order no longer had; the buyer owes nothing."""

    id = fields.String(required=True)
    order_id = fields.String(required=True)
    campaign_id = fields.String(required=True)
    campaign = fields.String(required=True)
    point = fields.String(required=True)
    roster_number = fields.Integer(required=True, allow_none=True)
    owner = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    units = fields.Integer(required=True)
    worth_fen = fields.Integer(required=True, metadata={"description": "their supply price"})
    why = fields.String(required=True)
    said = fields.String(required=True, metadata={"description": "`why` in Chinese"})
    by = fields.String(required=True, metadata={"description": "who handed them out"})
    handed_at = fields.AwareDateTime(required=True)
    reported_at = fields.AwareDateTime(required=True)
    first_by = fields.String(required=True, metadata={"description": "who had before, if anybody"})
    first_at = fields.AwareDateTime(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    remark = fields.String(required=True)
    remark_check = check_state()


class LossesQuery(Taken):
    """Only those that are still open, or all."""

    open_only = fields.Boolean(load_default=False)


class CloseLossSchema(Taken):
    """What became of it."""

    remark = Text(200, required=True)
