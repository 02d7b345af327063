"""What people write is seen by nobody else before it has passed, and ordering waits for nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM, Actor
from domain.content import LONGEST, Subject, Suggestion
from domain.errors import BeingChecked, ContentRefused, Forbidden
from models import Alert, Campaign, ContentCheck, Notification, Resident
from services import people
from services.assembly import Lintuan
from services.campaigns import copying, drafting, opening
from services.campaigns.copying import CopyCampaign
from services.campaigns.terms import CampaignTerms
from services.content_safety import asking, deciding, holding
from services.context import Ctx
from services.flows import content_safety
from services.paging import Page
from services.people import ChangeProfile, NameCheck
from services.ports import Unreachable
from services.queries import dashboards, orders
from tests.builders import people as rows
from tests.builders.outside import PretendOutside
from tests.builders.people import bearer
from tests.builders.shops import Shop, campaign_terms, offer_terms, shop
from tests.services.pickup.world import World


def named(world: World, who: Actor) -> str:
    """The name that others see."""
    with world.unit.reading(who) as ctx:
        return ctx.session.get_one(Resident, who.id).nickname


def rename(world: World, who: Actor, nickname: str) -> None:
    """The person asks for another name."""
    with world.unit(who) as ctx:
        people.change_profile(ctx, ChangeProfile(nickname=nickname))


def checks(world: World) -> list[tuple[str, str]]:
    """Subject and state of all checks, in their order."""
    with world.unit.reading(SYSTEM) as ctx:
        return [(row.subject, row.state) for row in ctx.session.scalars(select(ContentCheck).order_by(ContentCheck.id))]


def run(world: World, product: Lintuan) -> int:
    """What the sweep does."""
    return content_safety.ask_due(world.unit, product.outside)


def test_a_new_name_is_seen_by_others_when_it_has_passed(world: World, product: Lintuan) -> None:
    who = world.resident("旧名")
    rename(world, who, "新名")
    assert named(world, who) == "旧名"
    with world.unit.reading(who) as ctx:
        check = holding.newest(ctx, Subject.NICKNAME, who.id)
        assert check is not None
        assert holding.words_of(check) == {"nickname": "新名"}
        assert people.profile(ctx).name_check == NameCheck("新名", "waiting")
    assert run(world, product) == 1
    assert named(world, who) == "新名"
    assert run(world, product) == 0
    with world.unit.reading(who) as ctx:
        assert people.profile(ctx).name_check is None
    with world.unit.reading(SYSTEM) as ctx:
        assert ctx.session.scalars(select(ContentCheck.words)).all() == [""]


def test_risky_words_are_refused_and_their_author_reads_why(world: World, product: Lintuan) -> None:
    who = world.resident("旧名")
    rename(world, who, "赌博网")
    run(world, product)
    assert (named(world, who), checks(world)) == ("旧名", [("nickname", "refused")])
    with world.unit.reading(who) as ctx:
        told = ctx.session.scalars(select(Notification)).one()
        assert (told.resident_id, told.title) == (who.id, "昵称没有通过审核")
        assert "赌博" not in told.body


def test_only_the_newest_words_count_however_late_the_answer(world: World, product: Lintuan) -> None:
    who = world.resident("旧名")
    rename(world, who, "第一")
    with world.unit(CLOCK) as ctx:
        question = asking.claim(ctx, asking.due(ctx, 1)[0])
    assert question is not None
    rename(world, who, "第二")
    with world.unit(CLOCK) as ctx:
        assert not asking.answered(ctx, question.check, Suggestion.FINE, 100)
    assert named(world, who) == "旧名"
    run(world, product)
    assert (named(world, who), checks(world)) == ("第二", [("nickname", "replaced"), ("nickname", "passed")])


def test_two_sweeps_ask_once(world: World, product: Lintuan, outside: PretendOutside) -> None:
    rename(world, world.resident(), "新名")
    with world.unit(CLOCK) as ctx:
        due = asking.due(ctx, 9)
        assert asking.claim(ctx, due[0]) is not None
    with world.unit(CLOCK) as ctx:
        assert asking.claim(ctx, due[0]) is None
    assert run(world, product) == 0
    world.clock.advance(seconds=61)  # the first one died
    assert run(world, product) == 1
    assert len(outside.mini_program.checked) == 1


def test_while_the_platform_is_down_it_waits_alerts_and_passes_later(
    world: World, product: Lintuan, outside: PretendOutside
) -> None:
    who = world.resident("旧名")
    rename(world, who, "新名")
    outside.mini_program.fails = Unreachable("down", code="-1")
    for _ in range(4):
        assert run(world, product) == 0
        world.clock.advance(minutes=4)
    with world.unit(CLOCK) as ctx:
        asking.watch(ctx)
        assert ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None))).all() == ["content_waiting"]
    outside.mini_program.fails = None
    assert run(world, product) == 1
    assert named(world, who) == "新名"
    with world.unit(CLOCK) as ctx:
        asking.watch(ctx)
        assert ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None))).all() == []


def test_an_author_long_away_holds_nobody_up_and_goes_to_a_person_after_a_day(
    world: World, product: Lintuan, outside: PretendOutside
) -> None:
    away, here = world.resident("甲"), world.resident("乙")
    with world.unit.reading(SYSTEM) as ctx:
        outside.mini_program.long_away.add(ctx.session.get_one(Resident, away.id).openid)
    rename(world, away, "甲甲")
    rename(world, here, "乙乙")
    assert run(world, product) == 1
    assert (named(world, away), named(world, here)) == ("甲", "乙乙")
    world.clock.advance(hours=24)
    run(world, product)
    assert checks(world)[0] == ("nickname", "review")


def test_the_order_counts_while_its_note_is_kept_back(world: World, product: Lintuan) -> None:
    campaign, buyer = world.campaign(), world.resident("王小明")
    order = world.order(buyer, campaign, {"草莓": 1}, note="放门口", recipient="李婆婆")

    def notes() -> tuple[str, str]:
        with world.unit.reading(world.leader) as ctx:
            row = dashboards.orders(ctx, campaign, Page()).items[0]
            return row.note, row.recipient

    assert notes() == ("", "")
    with world.unit.reading(buyer) as ctx:
        own = orders.mine(ctx, order)
        assert (own.state, own.note, own.recipient, own.words_check) == ("paid", "放门口", "李婆婆", "waiting")
    run(world, product)
    assert notes() == ("放门口", "李婆婆")
    again = world.order(buyer, campaign, {"草莓": 1}, note="赌博", recipient="")
    run(world, product)
    assert notes() == ("", "")
    with world.unit.reading(buyer) as ctx:
        assert orders.mine(ctx, again).words_check == "refused"


def test_an_operator_decides_what_the_platform_is_not_sure_of(world: World, product: Lintuan, client: Any) -> None:
    one, two = world.resident("甲"), world.resident("乙")
    rename(world, one, "加微信一")
    rename(world, two, "加微信二")
    run(world, product)
    with world.unit(SYSTEM) as ctx:
        headers = bearer(rows.token(ctx, rows.operator(ctx)))
        assert len(ctx.session.scalars(select(Alert).where(Alert.kind == "content_review")).all()) == 2
    listed = client.get("/api/admin/content-checks?state=review", headers=headers).json["items"]
    assert [row["words"] for row in listed] == [{"nickname": "加微信二"}, {"nickname": "加微信一"}]
    path = f"/api/admin/content-checks/{listed[1]['id']}"
    assert client.post(f"{path}/pass", headers=headers).json["state"] == "passed"
    other = f"/api/admin/content-checks/{listed[0]['id']}/refuse"
    refused = client.post(other, json={"reason": "广告"}, headers=headers)
    assert refused.json["state"] == "refused"
    assert client.post(f"{path}/refuse", json={"reason": "x"}, headers=headers).status_code == 409
    assert client.get(f"{path}/picture", headers=headers).status_code == 404
    assert (named(world, one), named(world, two)) == ("加微信一", "乙")
    with world.unit.reading(SYSTEM) as ctx:
        assert ctx.session.scalars(select(Alert.id).where(Alert.done_at.is_(None))).all() == []


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


def test_deciding_is_for_operators(world: World, product: Lintuan) -> None:
    rename(world, world.resident(), "加微信")
    run(world, product)
    with world.unit.reading(SYSTEM) as ctx:
        check = ctx.session.scalars(select(ContentCheck.public_id)).one()
    with pytest.raises(Forbidden), world.unit(world.leader) as ctx:
        deciding.pass_by_hand(ctx, check)
