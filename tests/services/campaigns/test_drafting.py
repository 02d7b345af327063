"""Writing campaigns down: what terms are refused and by which field, rewriting, copying."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.campaigns import BelowMinimum, DeliveryMethod, PaymentPolicy, ShortageMode
from domain.errors import Invalid, NotFound, WrongState
from models import Offer
from services.campaigns import copying, drafting, opening
from services.campaigns.copying import CopyCampaign, terms_of
from services.context import Ctx
from tests.builders.shops import Shop, campaign_terms, offer_terms, shop


@pytest.fixture
def own(ctx: Ctx) -> Shop:
    return shop(ctx)


def test_a_draft_holds_what_was_written(ctx: Ctx, own: Shop) -> None:
    offer = offer_terms(
        own, aliases=("草莓", "红颜"), quota=20, per_person=3, minimum_units=5, tiers=((10, 2500), (20, 2200))
    )
    terms = campaign_terms(
        ctx, own, offers=(offer,), minimum=5, below_minimum=BelowMinimum.EXTEND, opens_at=ctx.now,
        extend_until=ctx.now + timedelta(hours=20), close_on_target=True, description="现摘\n当天到",
        discount_over_fen=10_000, discount_fen=500, shortage_mode=ShortageMode.IN_PROPORTION, help_sell_bps=3000,
    )  # fmt: skip
    campaign = drafting.create(ctx.acting_as(own.actor), terms)
    assert campaign.state == "draft"
    assert terms_of(ctx, campaign) == replace(terms, hold_minutes=ctx.policy.hold_minutes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": 0}, "closes_at"),
        ({"hours": -1}, "closes_at"),
        ({"opens_in": 8}, "closes_at"),
        ({"hold_minutes": 4}, "hold_minutes"),
        ({"hold_minutes": 121}, "hold_minutes"),
        ({"minimum": -1}, "minimum"),
        ({"close_on_target": True}, "close_on_target"),
        ({"below_minimum": BelowMinimum.EXTEND, "minimum": 5}, "extend_until"),
        ({"below_minimum": BelowMinimum.EXTEND, "minimum": 5, "extend_in": 8}, "extend_until"),
        ({"below_minimum": BelowMinimum.EXTEND, "extend_in": 9}, "below_minimum"),
        ({"extend_in": 9}, "extend_until"),
        ({"points": ()}, "points"),
        ({"offers": ()}, "offers"),
        ({"discount_over_fen": -1}, "discount_over_fen"),
        ({"discount_over_fen": 1000}, "discount_fen"),
        ({"discount_over_fen": 1000, "discount_fen": 1001}, "discount_fen"),
        ({"discount_fen": 1}, "discount_fen"),
        ({"delivery_fee_fen": 300}, "delivery_fee_fen"),
        ({"delivery_minimum_fen": 300}, "delivery_minimum_fen"),
        ({"delivery_fee_fen": -1}, "delivery_fee_fen"),
        ({"help_sell_bps": 10_001}, "help_sell_bps"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused_by_field(
    ctx: Ctx, own: Shop, changes: dict[str, Any], field: str
) -> None:
    for name, key in (("hours", "closes_at"), ("opens_in", "opens_at"), ("extend_in", "extend_until")):
        if name in changes:
            changes = {k: v for k, v in changes.items() if k != name} | {key: ctx.now + timedelta(hours=changes[name])}
    with pytest.raises(Invalid) as refusal:
        drafting.create(ctx.acting_as(own.actor), campaign_terms(ctx, own, **changes))
    assert refusal.value.facts["field"] == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price_fen": -1}, "price_fen"),
        ({"commission_bps": 10_001}, "commission_bps"),
        ({"quota": 0}, "quota"),
        ({"per_person": 0}, "per_person"),
        ({"quota": 5, "minimum_units": 6}, "minimum_units"),
        ({"aliases": ("12",)}, "aliases"),
        ({"aliases": ("红 颜",)}, "aliases"),
        ({"aliases": ("红颜草莓",)}, "aliases"),
        ({"tiers": ((1, 2000),)}, "tiers.0.from_units"),
        ({"tiers": ((10, 2990),)}, "tiers.0.price_fen"),
        ({"tiers": ((10, -1),)}, "tiers.0.price_fen"),
        ({"tiers": ((10, 2500), (10, 2000))}, "tiers.1.from_units"),
        ({"tiers": ((10, 2500), (20, 2500))}, "tiers.1.price_fen"),
        ({"tiers": ((10, 2500),), "quota": 9}, "tiers.0.from_units"),
        ({"tiers": tuple((n, 2000 - n) for n in range(2, 8))}, "tiers"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_by_its_place_and_field(
    ctx: Ctx, own: Shop, changes: dict[str, Any], field: str
) -> None:
    offers = (offer_terms(own, name="蓝莓"), offer_terms(own, **changes))
    with pytest.raises(Invalid) as refusal:
        drafting.create(ctx.acting_as(own.actor), campaign_terms(ctx, own, offers=offers))
    assert refusal.value.facts["field"] == f"offers.1.{field}"


@pytest.mark.parametrize("method", ["pickup", "door", "courier"])
@pytest.mark.parametrize("policy", ["prepaid", "on_pickup"])
def test_only_a_courier_cannot_take_the_money(ctx: Ctx, own: Shop, method: str, policy: str) -> None:
    terms = campaign_terms(ctx, own, delivery_method=DeliveryMethod(method), payment_policy=PaymentPolicy(policy))
    if (method, policy) == ("courier", "on_pickup"):
        with pytest.raises(Invalid) as refusal:
            drafting.create(ctx.acting_as(own.actor), terms)
        assert refusal.value.facts["field"] == "payment_policy"
        return
    campaign = drafting.create(ctx.acting_as(own.actor), terms)
    assert (campaign.delivery_method, campaign.payment_policy) == (method, policy)


def test_the_things_of_others_are_refused_like_missing_ones(ctx: Ctx, own: Shop) -> None:
    other, acting = shop(ctx), ctx.acting_as(own.actor)
    with pytest.raises(Invalid, match="no such SKU"):
        drafting.create(acting, campaign_terms(ctx, own, offers=(offer_terms(other),)))
    with pytest.raises(Invalid, match="no such pickup point"):
        drafting.create(acting, campaign_terms(ctx, own, points=(own.points[0], other.points[0])))


def test_a_draft_is_written_anew(ctx: Ctx, own: Shop) -> None:
    acting = ctx.acting_as(own.actor)
    campaign = drafting.create(acting, campaign_terms(ctx, own, offers=(offer_terms(own, tiers=((10, 2500),)),)))
    better = campaign_terms(
        ctx, own, title="周六草莓", points=own.points[:1], opens_at=ctx.now,
        offers=(offer_terms(own, tiers=((5, 2000),)), offer_terms(own, name="草莓两盒", price_fen=5000)),
    )  # fmt: skip
    drafting.rewrite(acting, campaign.public_id, better)
    assert terms_of(ctx, campaign) == replace(better, hold_minutes=ctx.policy.hold_minutes)
    assert campaign.revision == 1


def test_an_open_campaign_is_not_rewritten(ctx: Ctx, own: Shop) -> None:
    acting = ctx.acting_as(own.actor)
    campaign = drafting.create(acting, campaign_terms(ctx, own))
    opening.open_now(acting, campaign.public_id)
    with pytest.raises(WrongState):
        drafting.rewrite(acting, campaign.public_id, campaign_terms(ctx, own, title="偷改"))


def test_a_scheduled_campaign_stays_in_the_future(ctx: Ctx, own: Shop) -> None:
    acting = ctx.acting_as(own.actor)
    campaign = drafting.create(acting, campaign_terms(ctx, own, opens_at=ctx.now + timedelta(hours=1)))
    opening.schedule(acting, campaign.public_id)
    with pytest.raises(Invalid, match="opens in the future"):
        drafting.rewrite(acting, campaign.public_id, campaign_terms(ctx, own))
    later = campaign_terms(ctx, own, opens_at=ctx.now + timedelta(hours=2))
    assert drafting.rewrite(acting, campaign.public_id, later).opens_at == later.opens_at


def test_last_weeks_campaign_is_copied_with_a_new_time(ctx: Ctx, own: Shop) -> None:
    acting = ctx.acting_as(own.actor)
    offer = offer_terms(own, quota=9, aliases=("草莓",))
    terms = campaign_terms(
        ctx, own, offers=(offer,), minimum=3, below_minimum=BelowMinimum.EXTEND,
        extend_until=ctx.now + timedelta(hours=10),
    )  # fmt: skip
    source = drafting.create(acting, terms)
    ctx.session.execute(update(Offer).values(sold_units=4))
    closes_at = ctx.now + timedelta(days=7)
    made = copying.copy(acting, source.public_id, CopyCampaign(closes_at=closes_at))
    (copied,) = ctx.session.scalars(select(Offer).where(Offer.campaign_id == made.id)).all()
    assert (made.state, made.title, made.closes_at) == ("draft", source.title, closes_at)
    assert made.extend_until == closes_at + timedelta(hours=2)
    assert (copied.name, copied.quota, copied.sold_units) == ("红颜草莓", 9, 0)
    ctx.session.execute(update(Offer).values(sold_units=0))


def test_nobody_reads_or_copies_anothers_campaign(ctx: Ctx, own: Shop) -> None:
    campaign = drafting.create(ctx.acting_as(own.actor), campaign_terms(ctx, own))
    other = shop(ctx)
    with pytest.raises(NotFound):
        copying.copy(ctx.acting_as(other.actor), campaign.public_id, CopyCampaign(ctx.now + timedelta(days=1)))
    with pytest.raises(NotFound):
        drafting.rewrite(ctx.acting_as(other.actor), campaign.public_id, campaign_terms(ctx, other))


def test_the_hold_is_the_policys_unless_the_leader_says_otherwise(ctx: Ctx, own: Shop) -> None:
    patient = replace(ctx.acting_as(own.actor), policy=replace(ctx.policy, hold_minutes=45))
    assert drafting.create(patient, campaign_terms(ctx, own)).hold_minutes == 45
    assert drafting.create(patient, campaign_terms(ctx, own, hold_minutes=10)).hold_minutes == 10
