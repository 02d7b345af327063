"""What a leader writes down of a campaign, and how it looks to its leader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from blueprints.shared.campaign_shapes import CampaignSchema, ItemSchema, OfferSchema
from blueprints.shared.schemas import At, Fen, Flag, Shown, Taken, Text, Whole, check_state, public_id
from domain.campaigns import BelowMinimum, DeliveryMethod, MinimumKind, PaymentPolicy, ShortageMode
from domain.catalog import aliases_of
from domain.money import MAX_FEN
from services.campaigns.copying import CopyCampaign
from services.campaigns.terms import (
    HOLD_MINUTES,
    MAX_OFFERS,
    MAX_POINTS,
    MAX_PRICE_FEN,
    MAX_TIERS,
    MAX_UNITS,
    CampaignTerms,
    OfferTerms,
    TierTerms,
)


class Several(fields.List[Any]):
    """A list that becomes a tuple, because commands do not change."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class TierTermsSchema(Taken):
    """From `from_units` counted units on, each costs `price_fen`."""

    makes = TierTerms
    from_units = Whole(least=2, most=MAX_UNITS, required=True)
    price_fen = Fen(most=MAX_PRICE_FEN, required=True)


class OfferTermsSchema(Taken):
    """One thing on sale; without quota or limit (null) it is unlimited. `aliases` are further names for the chat.

    `tiers` ask for more units and cost less with each step, all less than `price_fen`.
    """

    makes = OfferTerms
    sku_id = public_id(required=True)
    name = Text(80, required=True)
    aliases = Several(Text(20), load_default=(), validate=validate.Length(max=10))
    price_fen = Fen(most=MAX_PRICE_FEN, required=True)
    commission_bps = Whole(most=10_000, required=True)
    quota = Whole(least=1, most=MAX_UNITS, load_default=None, allow_none=True)
    per_person = Whole(least=1, most=MAX_UNITS, load_default=None, allow_none=True)
    minimum_units = Whole(most=MAX_UNITS, load_default=0)
    tiers = Several(fields.Nested(TierTermsSchema()), load_default=(), validate=validate.Length(max=MAX_TIERS))


class CampaignTermsSchema(Taken):
    """A campaign; `minimum` counts people, units or fen by `minimum_kind`, 0 is none.

    An order of goods for `discount_over_fen` is `discount_fen` cheaper (both 0: none). `help_sell_bps` is the share of
    each line's commission that a leader who helps to sell it gets; 0 lets nobody help.
    """

    makes = CampaignTerms
    title = Text(80, required=True)
    seller = Text(80, required=True)
    description = Text(5000, least=0, lines=True, load_default="")
    opens_at = At(load_default=None, allow_none=True)
    closes_at = At(required=True)
    hold_minutes = Whole(least=HOLD_MINUTES.start, most=HOLD_MINUTES.stop - 1, load_default=None)
    arrival_text = Text(80, least=0, load_default="")
    minimum = Whole(most=MAX_FEN, load_default=0)
    minimum_kind = fields.Enum(MinimumKind, by_value=True, load_default=MinimumKind.PEOPLE)
    below_minimum = fields.Enum(BelowMinimum, by_value=True, load_default=BelowMinimum.FAIL)
    extend_until = At(load_default=None, allow_none=True)
    close_on_target = Flag(load_default=False)
    payment_policy = fields.Enum(PaymentPolicy, by_value=True, load_default=PaymentPolicy.PREPAID)
    delivery_method = fields.Enum(DeliveryMethod, by_value=True, load_default=DeliveryMethod.PICKUP)
    delivery_fee_fen = Fen(most=MAX_PRICE_FEN, load_default=0)
    delivery_minimum_fen = Fen(most=MAX_PRICE_FEN, load_default=0)
    discount_over_fen = Fen(most=MAX_PRICE_FEN, load_default=0)
    discount_fen = Fen(most=MAX_PRICE_FEN, load_default=0)
    shortage_mode = fields.Enum(ShortageMode, by_value=True, load_default=ShortageMode.ONE_EACH)
    help_sell_bps = Whole(most=10_000, load_default=0)
    points = Several(public_id(), required=True, validate=validate.Length(1, MAX_POINTS))
    offers = Several(fields.Nested(OfferTermsSchema()), required=True, validate=validate.Length(1, MAX_OFFERS))


class CopySchema(Taken):
    """A new time for the same campaign; without a title it keeps the old one."""

    makes = CopyCampaign
    closes_at = At(required=True)
    opens_at = At(load_default=None, allow_none=True)
    extend_until = At(load_default=None, allow_none=True)
    title = Text(80, least=0, load_default="")


class LeaderOfferSchema(OfferSchema):
    """An offer with what only its leader sees."""

    sku_id = fields.String(required=True)
    aliases = fields.Function(
        lambda offer: aliases_of(offer.aliases),
        required=True,
        metadata={"type": "array", "items": {"type": "string"}},
    )
    held_units = fields.Integer(required=True)
    commission_bps = fields.Integer(required=True)


class LeaderCampaignSchema(CampaignSchema):
    """A campaign as its leader sees it."""

    counted_fen = fields.Integer(attribute="campaign.counted_fen", required=True)
    help_sell_bps = fields.Integer(attribute="campaign.help_sell_bps", required=True)
    offers = fields.List(fields.Nested(LeaderOfferSchema()), required=True)


class DashboardSchema(Shown):
    """A campaign with how many orders stand where, and how many hold stock unpaid."""

    campaign = fields.Nested(LeaderCampaignSchema(), attribute="view", required=True)
    orders_by_state = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    unpaid_orders = fields.Integer(required=True)
    unpaid_fen = fields.Integer(required=True)
    kept_reason = fields.String(required=True, metadata={"description": "why I cancelled, while nobody else reads it"})
    reason_check = check_state()


class LeaderOrderSchema(Shown):
    """One order as its leader sees it; the phone is masked, `via` names the helper it came through."""

    id = fields.String(required=True)
    state = fields.String(required=True)
    roster_number = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    phone = fields.String(required=True)
    recipient = fields.String(required=True)
    note = fields.String(required=True)
    point = fields.String(required=True)
    total_fen = fields.Integer(required=True)
    paid_fen = fields.Integer(required=True)
    refunded_fen = fields.Integer(required=True)
    hold_until = fields.AwareDateTime(required=True)
    created_at = fields.AwareDateTime(required=True)
    items = fields.List(fields.Nested(ItemSchema()), required=True)
    via = fields.String(required=True)
