"""A campaign opens when everything its leader wrote on its page has passed, and not before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import SYSTEM
from domain.content import LONGEST
from domain.errors import BeingChecked, ContentRefused
from models import Campaign, ContentCheck, Resident
from services.assembly import Lintuan
from services.campaigns import copying, drafting, opening
from services.campaigns.copying import CopyCampaign
from services.campaigns.terms import CampaignTerms
from services.context import Ctx
from services.flows import content_safety
from services.ports import Unreachable
from tests.builders import people as rows
from tests.builders.outside import PretendOutside
from tests.builders.people import bearer
from tests.builders.shops import Shop, campaign_terms, offer_terms, shop
from tests.services.pickup.world import World


def checks(world: World) -> list[tuple[str, str]]:
    """Subject and state of all checks, in their order."""
    with world.unit.reading(SYSTEM) as ctx:
        return [(row.subject, row.state) for row in ctx.session.scalars(select(ContentCheck).order_by(ContentCheck.id))]


def run(world: World, product: Lintuan) -> int:
    """What the sweep does."""
    return content_safety.ask_due(world.unit, product.outside)


def draft(ctx: Ctx, of: Shop, **changes: Any) -> str:
    """A new draft of the shop's leader."""
    terms: CampaignTerms = campaign_terms(ctx, of, **changes)
    return drafting.create(ctx.acting_as(of.actor), terms).public_id


@pytest.fixture
def own(world: World) -> Shop:
    """A leader with something to sell."""
    with world.unit(SYSTEM) as ctx:
        return shop(ctx)


def test_a_campaign_does_not_open_before_its_words_have_passed(world: World, product: Lintuan, own: Shop) -> None:
    with world.unit(SYSTEM) as ctx:
        campaign = draft(ctx, own)
    with pytest.raises(BeingChecked), world.unit(own.actor) as ctx:
        opening.open_now(ctx, campaign)
    run(world, product)
    with world.unit(own.actor) as ctx:
        assert opening.open_now(ctx, campaign).state == "open"


def test_over_http_one_tap_checks_and_opens(world: World, client: Any, own: Shop, outside: PretendOutside) -> None:
    with world.unit(SYSTEM) as ctx:
        good, bad = draft(ctx, own), draft(ctx, own, title="赌博团")
        token = bearer(rows.token(ctx, ctx.session.scalars(select(Resident).where(
            Resident.id == own.actor.resident_id)).one()))  # fmt: skip
    assert client.post(f"/api/leader/campaigns/{good}/open", headers=token).status_code == 200
    asked = client.post(f"/api/leader/campaigns/{bad}/open", headers=token)
    assert (asked.status_code, asked.json["code"]) == (409, "content_refused")
    with world.unit(SYSTEM) as ctx:
        third = draft(ctx, own, title="另一个团")
    outside.mini_program.fails = Unreachable("down")
    late = client.post(f"/api/leader/campaigns/{third}/open", headers=token)
    assert (late.status_code, late.json["code"]) == (409, "being_checked")


def test_the_same_words_again_open_at_once_and_other_words_wait(world: World, product: Lintuan, own: Shop) -> None:
    with world.unit(SYSTEM) as ctx:
        first = draft(ctx, own)
    run(world, product)
    with world.unit(own.actor) as ctx:
        opening.open_now(ctx, first)
        copy = copying.copy(ctx, first, CopyCampaign(ctx.now + timedelta(days=7)))
        opening.open_now(ctx, copy.public_id)
        other = copying.copy(ctx, first, CopyCampaign(ctx.now + timedelta(days=7), title="换个名字"))
        with pytest.raises(BeingChecked):
            opening.open_now(ctx, other.public_id)


def test_a_scheduled_page_is_rewritten_with_words_that_have_passed_only(
    world: World, product: Lintuan, own: Shop
) -> None:
    with world.unit(SYSTEM) as ctx:
        later = ctx.now + timedelta(hours=1)
        campaign = draft(ctx, own, opens_at=later)
    run(world, product)
    with world.unit(own.actor) as ctx:
        opening.schedule(ctx, campaign)
        drafting.rewrite(ctx, campaign, campaign_terms(ctx, own, opens_at=later, minimum=3))
    with pytest.raises(BeingChecked), world.unit(own.actor) as ctx:
        drafting.rewrite(ctx, campaign, campaign_terms(ctx, own, opens_at=later, title="赌博"))
    with world.unit.reading(own.actor) as ctx:
        assert ctx.session.scalars(select(Campaign.title).where(Campaign.public_id == campaign)).one() == "周五草莓"


def test_a_refused_page_opens_once_it_is_written_anew(world: World, product: Lintuan, own: Shop) -> None:
    with world.unit(SYSTEM) as ctx:
        campaign = draft(ctx, own, description="加入赌博")
    run(world, product)
    with pytest.raises(ContentRefused), world.unit(own.actor) as ctx:
        opening.open_now(ctx, campaign)
    with world.unit(own.actor) as ctx:
        drafting.rewrite(ctx, campaign, campaign_terms(ctx, own))
    run(world, product)
    with world.unit(own.actor) as ctx:
        opening.open_now(ctx, campaign)


def test_a_word_behind_the_longest_call_is_found(world: World, product: Lintuan, own: Shop) -> None:
    with world.unit(SYSTEM) as ctx:
        draft(ctx, own, description="好" * (LONGEST + 5) + "赌博", offers=(offer_terms(own),))
    run(world, product)
    assert checks(world) == [("campaign", "refused")]
