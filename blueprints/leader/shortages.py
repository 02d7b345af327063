"""Less came than was ordered: the leader looks at the outcome first, then commits it."""

from __future__ import annotations

from marshmallow import fields, validate

from blueprints.leader.door import door
from blueprints.shared.schemas import Shown, Taken
from domain.campaigns import ShortageMode
from domain.errors import NotAllCounted, NotFound, PlanChanged, WrongState
from services.context import Ctx
from services.pickup import shortages
from services.queries.shortages import ShortagePlan


class MoveSchema(Shown):
    """Units to carry from one point to another before anything is handed out."""

    source = fields.String(required=True)
    target = fields.String(required=True)
    units = fields.Integer(required=True)


class ShortOfferSchema(Shown):
    """One offer over all points, in units."""

    offer_id = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    came = fields.Integer(required=True, metadata={"description": "free to allot, over all points"})
    wanted = fields.Integer(required=True, metadata={"description": "by the orders that still wait"})
    left = fields.Integer(required=True, metadata={"description": "余货 after the commit"})
    moves = fields.List(fields.Nested(MoveSchema()), required=True)


class ShortLineSchema(Shown):
    """One order line: what it gets, what is missing and what that carries."""

    line_id = fields.String(required=True)
    offer_id = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    wanted = fields.Integer(required=True)
    gets = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    off_fen = fields.Integer(required=True, metadata={"description": "net of the share of discount and rebate"})
    commission_fen = fields.Integer(required=True, metadata={"description": "change of the commission, never positive"})


class ShortOrderSchema(Shown):
    """One order: what goes back, or is not to be paid any more; the delivery fee is part of it."""

    order_id = fields.String(required=True)
    roster_number = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    recipient = fields.String(required=True)
    point = fields.String(required=True)
    refund_fen = fields.Integer(required=True)
    waived_fen = fields.Integer(required=True)
    fee_fen = fields.Integer(required=True)
    lines = fields.List(fields.Nested(ShortLineSchema()), required=True)


class ShortagePlanSchema(Shown):
    """What a commit does; without a shortage there is nothing in it."""

    campaign_id = fields.String(required=True)
    mode = fields.String(required=True, validate=validate.OneOf([mode.value for mode in ShortageMode]))
    digest = fields.String(required=True, metadata={"description": "say this to commit exactly this plan"})
    waits_for = fields.List(fields.String(), required=True, metadata={"description": "points not counted yet"})
    refund_fen = fields.Integer(required=True)
    waived_fen = fields.Integer(required=True)
    commission_fen = fields.Integer(required=True)
    offers = fields.List(fields.Nested(ShortOfferSchema()), required=True)
    orders = fields.List(fields.Nested(ShortOrderSchema()), required=True)


class CommitSchema(Taken):
    """The digest of the plan that the leader saw."""

    plan_digest = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


@door.get("/campaigns/<campaign_id>/shortage", shows=ShortagePlanSchema(), refuses=[NotFound])
def shortage(ctx: Ctx, campaign_id: str) -> ShortagePlan:
    """Who would get what now, computed as the commit computes it; changes nothing."""
    return shortages.plan(ctx, campaign_id)


@door.post(
    "/campaigns/<campaign_id>/shortage",
    takes=CommitSchema(),
    shows=ShortagePlanSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, WrongState, NotAllCounted, PlanChanged],
)
def commit_shortage(ctx: Ctx, campaign_id: str, body: dict[str, str]) -> ShortagePlan:
    """Give out what came, refund what never comes, tell everybody touched."""
    return shortages.commit(ctx, shortages.CommitShortage(campaign_id, body["plan_digest"]))
