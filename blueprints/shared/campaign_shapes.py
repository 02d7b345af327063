"""How a campaign, its offers and its progress look in answers, for every audience."""

from __future__ import annotations

from marshmallow import fields

from blueprints.shared.schemas import Shown
from domain.progress import milestone, sentence


class ProgressSchema(Shown):
    """How far towards the minimum; `reached` and `missing` in people, units or fen. The outcome is decided at close."""

    kind = fields.String(required=True)
    minimum = fields.Integer(required=True)
    reached = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    is_reached = fields.Boolean(required=True)
    text = fields.Function(sentence, required=True, metadata={"type": "string"})


class TierSchema(Shown):
    """From `from_units` counted units on, each costs `price_fen`."""

    from_units = fields.Function(lambda tier: tier[0], required=True, metadata={"type": "integer"})
    price_fen = fields.Function(lambda tier: tier[1], required=True, metadata={"type": "integer"})


class PriceSchema(Shown):
    """What counts and costs now: unpaid orders never count.

    One more unit costs `unit_fen`; `missing_units` more that count bring `next_price_fen` (null: no lower price can
    be reached). `closing_price_fen` is what the group reached, null until it was decided.
    """

    tiers = fields.List(fields.Nested(TierSchema()), required=True)
    counted_units = fields.Integer(attribute="counted", required=True)
    unit_fen = fields.Integer(required=True)
    missing_units = fields.Integer(required=True, allow_none=True)
    next_price_fen = fields.Integer(required=True, allow_none=True)
    closing_price_fen = fields.Integer(attribute="closing_fen", required=True, allow_none=True)
    text = fields.Function(milestone, required=True, metadata={"type": "string"})


class PointSchema(Shown):
    """A pickup point."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    hours = fields.String(required=True)


class OfferSchema(Shown):
    """An offer as buyers see it; `free` is null without a quota; both promises are shown before paying.

    `price_fen` is the price below the first tier.
    """

    id = fields.String(required=True)
    name = fields.String(required=True)
    spec = fields.String(required=True)
    unit = fields.String(required=True)
    fresh = fields.Boolean(required=True)
    description = fields.String(required=True)
    state = fields.String(required=True)
    price_fen = fields.Integer(required=True)
    pricing = fields.Nested(PriceSchema(), required=True)
    quota = fields.Integer(required=True, allow_none=True)
    free = fields.Integer(required=True, allow_none=True)
    sold_units = fields.Integer(required=True)
    per_person = fields.Integer(required=True, allow_none=True)
    minimum_units = fields.Integer(required=True)
    pickup_promise = fields.String(required=True)
    aftersales_promise = fields.String(required=True)
    pictures = fields.List(fields.String(), required=True)


class CampaignSchema(Shown):
    """A campaign with its counters at `revision`; an answer of an older revision never replaces a newer one."""

    id = fields.String(attribute="campaign.public_id", required=True)
    state = fields.String(attribute="campaign.state", required=True)
    title = fields.String(attribute="campaign.title", required=True)
    description = fields.String(attribute="campaign.description", required=True)
    seller = fields.String(attribute="campaign.seller", required=True)
    leader_id = fields.String(required=True)
    leader_name = fields.String(required=True)
    opens_at = fields.AwareDateTime(attribute="campaign.opens_at", required=True)
    closes_at = fields.AwareDateTime(attribute="campaign.closes_at", required=True)
    takes_orders = fields.Boolean(attribute="admits", required=True)
    hold_minutes = fields.Integer(attribute="campaign.hold_minutes", required=True)
    arrival_text = fields.String(attribute="campaign.arrival_text", required=True)
    below_minimum = fields.String(attribute="campaign.below_minimum", required=True)
    extend_until = fields.AwareDateTime(attribute="campaign.extend_until", required=True, allow_none=True)
    extended_at = fields.AwareDateTime(attribute="campaign.extended_at", required=True, allow_none=True)
    close_on_target = fields.Boolean(attribute="campaign.close_on_target", required=True)
    payment_policy = fields.String(attribute="campaign.payment_policy", required=True)
    delivery_method = fields.String(attribute="campaign.delivery_method", required=True)
    delivery_fee_fen = fields.Integer(attribute="campaign.delivery_fee_fen", required=True)
    delivery_minimum_fen = fields.Integer(attribute="campaign.delivery_minimum_fen", required=True)
    discount_over_fen = fields.Integer(attribute="campaign.discount_over_fen", required=True)
    discount_fen = fields.Integer(attribute="campaign.discount_fen", required=True)
    shortage_mode = fields.String(attribute="campaign.shortage_mode", required=True)
    closed_at = fields.AwareDateTime(attribute="campaign.closed_at", required=True, allow_none=True)
    close_reason = fields.String(attribute="campaign.close_reason", required=True, allow_none=True)
    outcome_at = fields.AwareDateTime(attribute="campaign.outcome_at", required=True, allow_none=True)
    settled_at = fields.AwareDateTime(attribute="campaign.settled_at", required=True, allow_none=True)
    cancel_reason = fields.String(attribute="campaign.cancel_reason", required=True)
    revision = fields.Integer(attribute="campaign.revision", required=True)
    participant_count = fields.Integer(attribute="campaign.participant_count", required=True)
    counted_units = fields.Integer(attribute="campaign.counted_units", required=True)
    progress = fields.Nested(ProgressSchema(), required=True)
    offers = fields.List(fields.Nested(OfferSchema()), required=True)
    points = fields.List(fields.Nested(PointSchema()), required=True)


class CampaignCardSchema(Shown):
    """A campaign in a list."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    leader_name = fields.String(required=True)
    participant_count = fields.Integer(required=True)
    progress = fields.Nested(ProgressSchema(), required=True)


class ItemSchema(Shown):
    """Units of one offer in an order."""

    name = fields.String(required=True)
    unit = fields.String(required=True)
    units = fields.Integer(required=True)
