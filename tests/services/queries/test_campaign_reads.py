"""What pages show of a campaign: counts from one place, nothing personal, a fixed number of statements."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import pytest
from sqlalchemy import select

from domain.actors import SYSTEM
from domain.errors import Invalid, NotFound
from models import Campaign, Community, Resident
from services.campaigns import ending, finding
from services.context import Ctx
from services.paging import Page
from services.queries import campaigns, dashboards, pick_lists, rosters
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Scene, Terms, buy, buyer, scene, settle
from tests.builders.shops import acting
from tests.services.queries.conftest import OFFERS, statements


def page_of(ctx: Ctx, stage: Scene) -> campaigns.CampaignView:
    return campaigns.view(ctx, finding.public(ctx, stage.campaign))


def test_the_page_shows_free_units_prices_and_promises(unit: Transactions, stage: Scene) -> None:
    with unit.reading() as ctx:
        view = page_of(ctx, stage)
    strawberries, blueberries = view.offers
    assert (strawberries.free, strawberries.sold_units, strawberries.price_fen) == (47, 2, 2990)
    assert (blueberries.free, blueberries.fresh) == (47, True)
    assert blueberries.pickup_promise == "到货当日 21:00 前自提（晚到的顺延到次日）"
    assert blueberries.aftersales_promise == "提货后 24 小时内凭照片售后"
    assert strawberries.pickup_promise == "到货后 3 天内自提"
    assert view.admits


def test_progress_counts_people_and_never_unpaid_holds(unit: Transactions, stage: Scene) -> None:
    with unit.reading() as ctx:
        progress = page_of(ctx, stage).progress
    assert (progress.reached, progress.missing, progress.is_reached) == (2, 1, False)


def test_a_draft_is_shown_to_nobody(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        draft = scene(ctx, state="draft")
    with pytest.raises(NotFound), unit.reading() as ctx:
        page_of(ctx, draft)


def test_the_roster_masks_names_and_keeps_the_number_of_whoever_withdrew(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        ctx.session.get_one(Resident, stage.buyers[1]).anonymous = True
        ctx.session.flush()
    with unit(stage.leader) as ctx:
        ending.cancel(ctx, stage.campaign, "下雨")
    settle(unit, stage)
    with unit.reading() as ctx:
        entries = rosters.roster(ctx, finding.public(ctx, stage.campaign), Page()).items
    assert [(entry.roster_number, entry.name, entry.withdrawn) for entry in entries] == [
        (1, "居**", True),
        (2, "匿名邻居", True),
    ]


def test_the_roster_shows_what_and_how_much(unit: Transactions, stage: Scene) -> None:
    with unit.reading() as ctx:
        first, _ = rosters.roster(ctx, finding.public(ctx, stage.campaign), Page()).items
    assert [(item.name, item.units) for item in first.items] == [("红颜草莓", 2), ("蓝莓", 1)]


def test_a_roster_is_read_page_by_page(unit: Transactions, stage: Scene) -> None:
    with unit.reading() as ctx:
        campaign = finding.public(ctx, stage.campaign)
        first = rosters.roster(ctx, campaign, Page(limit=1))
        second = rosters.roster(ctx, campaign, Page(limit=1, after=first.next_key))
    assert [entry.roster_number for entry in first.items + second.items] == [1, 2]
    assert (first.next_key, second.next_key) == ((1,), None)


def test_the_dashboard_tells_who_has_not_paid(unit: Transactions, stage: Scene) -> None:
    with unit(stage.leader) as ctx:
        board = dashboards.dashboard(ctx, stage.campaign)
    assert board.orders_by_state == {"pending_payment": 1, "paid": 2}
    assert (board.unpaid_orders, board.unpaid_fen) == (1, 2990)


def test_the_leader_sees_masked_phones_and_own_orders_only(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        person = ctx.session.get_one(Resident, stage.buyers[0])
        person.phone_enc = ctx.vault.encrypt("13800001234")
        other = acting(people.leader(ctx))
    with unit(stage.leader) as ctx:
        orders = dashboards.orders(ctx, stage.campaign, Page(), state="paid").items
        assert [order.phone for order in orders] == ["", "138****1234"]
        with pytest.raises(Invalid, match="no such state"):
            dashboards.orders(ctx, stage.campaign, Page(), state="lost")
    with pytest.raises(NotFound), unit(other) as ctx:
        dashboards.orders(ctx, stage.campaign, Page())


def test_the_pick_list_adds_up_by_sku_and_by_point(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        stage = scene(ctx, *OFFERS)
    buy(unit, stage, 0, {"红颜草莓": 2, "蓝莓": 1})
    buy(unit, stage, 1, {"蓝莓": 2})
    with unit(stage.leader) as ctx:
        assert pick_lists.pick_list(ctx, stage.campaign).by_sku == []
        ending.close_now(ctx, stage.campaign)
    settle(unit, stage)
    with unit(stage.leader) as ctx:
        packed = pick_lists.pick_list(ctx, stage.campaign)
    (at_point,) = packed.by_point
    assert [(line.name, line.spec, line.units) for line in packed.by_sku] == [
        ("红颜草莓", "500g", 2), ("蓝莓", "500g", 3),
    ]  # fmt: skip
    assert (at_point.point_id, at_point.lines) == (stage.point, packed.by_sku)


def test_open_campaigns_of_a_community_are_listed_newest_first(unit: Transactions, stage: Scene) -> None:
    with unit.reading() as ctx:
        row = ctx.session.get_one(Campaign, stage.campaign_id)
        community = ctx.session.scalars(select(Community)).one().public_id
        cards = campaigns.open_in_community(ctx, community, Page()).items
    assert [(card.id, card.participant_count) for card in cards] == [(row.public_id, 2)]


READS: dict[str, Callable[[Ctx, Scene], object]] = {
    "page": page_of,
    "roster": lambda ctx, of: rosters.roster(ctx, finding.public(ctx, of.campaign), Page()),
    "dashboard": lambda ctx, of: dashboards.dashboard(ctx, of.campaign),
    "orders": lambda ctx, of: dashboards.orders(ctx, of.campaign, Page()),
    "pick list": lambda ctx, of: pick_lists.pick_list(ctx, of.campaign),
    "list": lambda ctx, of: dashboards.own_campaigns(ctx, Page()),
}


def _statements_of(ctx: Ctx, of: Scene, name: str) -> int:
    with statements(ctx) as sent:
        READS[name](ctx, of)
    return len(sent)


def test_no_read_grows_with_its_rows(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        small = scene(ctx, Terms("红颜草莓"))
    buy(unit, small, 0)
    counts = []
    for of in (small, stage):
        with unit(of.leader) as ctx:
            counts.append({name: _statements_of(ctx, of, name) for name in READS})
    assert counts[0] == counts[1]
    assert counts[0] == {"page": 6, "roster": 3, "dashboard": 7, "orders": 3, "pick list": 2, "list": 1}


def test_nothing_personal_stands_in_public_reads(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        person = ctx.session.get_one(Resident, stage.buyers[0])
        person.nickname, person.phone_enc = "赵钱孙13912345678", ctx.vault.encrypt("13912345678")
        openid = person.openid
    with unit.reading(buyer(0)) as ctx:
        campaign = finding.public(ctx, stage.campaign)
        shown = [asdict(entry) for entry in rosters.roster(ctx, campaign, Page()).items]
    text = json.dumps(shown, ensure_ascii=False)
    assert "赵**" in text
    assert not any(secret in text for secret in ("钱孙", "13912345678", "5678", openid))
