"""帮卖: who may help, what an order through a helper costs and earns, and what each of them reads of it."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from sqlalchemy import func, select

from domain import commissions
from domain.actors import SYSTEM, Actor, Role
from domain.errors import Forbidden, Invalid, NotFound, NotOpen, WrongState
from domain.ledger import Account
from models import HelpSell, Leader, Order, Posting, Resident
from services import cancelling, help_selling, leaders
from services.campaigns import ending, finding
from services.context import Ctx
from services.paging import Page
from services.queries import campaigns, dashboards, help_sells
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Scene, Terms, buy, buyer, lines, order_row, place, settle, stage_of
from tests.builders.shops import acting

SHARE = 3333


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    return stage_of(unit, Terms(commission_bps=1111), help_sell_bps=SHARE, buyers=4)


@pytest.fixture
def helper(unit: Transactions) -> Actor:
    with unit(SYSTEM) as ctx:
        return acting(people.leader(ctx, people.resident(ctx, "张姐")))


def joined(unit: Transactions, helper: Actor, stage: Scene) -> str:
    with unit(helper) as ctx:
        return help_selling.join(ctx, stage.campaign).public_id


def operator(ctx: Ctx) -> Ctx:
    return ctx.acting_as(Actor(Role.OPERATOR, people.operator(ctx).id))


def finish(unit: Transactions, stage: Scene) -> None:
    with unit(stage.leader) as ctx:
        ending.close_now(ctx, stage.campaign)
    settle(unit, stage)


def owed(unit: Transactions, leader_id: int) -> int:
    """What stands as pending commission for a leader, in fen."""
    with unit.reading() as ctx:
        owner = ctx.session.get_one(Leader, leader_id).public_id
        mine = (Posting.account == Account.LEADER_PENDING) & (Posting.owner == owner)
        return -int(ctx.session.scalars(select(func.coalesce(func.sum(Posting.amount_fen), 0)).where(mine)).one())


def test_an_order_through_a_helper_costs_the_same_and_splits_the_commission(
    unit: Transactions, stage: Scene, helper: Actor
) -> None:
    via = joined(unit, helper, stage)
    direct, helped = buy(unit, stage, 0, 3), buy(unit, stage, 1, 3, via=via)
    finish(unit, stage)
    with unit.reading() as ctx:
        (plain,), (line,) = lines(ctx, direct), lines(ctx, helped)
        assert (plain.unit_price_fen, plain.amount_fen) == (line.unit_price_fen, line.amount_fen)
        assert plain.commission_fen == line.commission_fen == 8970 * 1111 // 10_000
        assert (plain.helper_commission_fen, line.helper_commission_fen) == (0, 996 * SHARE // 10_000)
        whole, part = line.commission_fen, line.helper_commission_fen
    assert (owed(unit, stage.leader_id), owed(unit, helper.id)) == (2 * whole - part, part)


def test_the_share_is_frozen_on_the_line_when_ordered(unit: Transactions, stage: Scene, helper: Actor) -> None:
    via = joined(unit, helper, stage)
    order = buy(unit, stage, 0, via=via)
    with unit(SYSTEM) as ctx:
        ctx.session.scalars(select(HelpSell)).one().share_bps = 1
    with unit(stage.leader) as ctx:
        help_selling.end(ctx, via, "换人")
    finish(unit, stage)
    with unit.reading() as ctx:
        (line,) = lines(ctx, order)
        assert (line.helper_bps, line.helper_commission_fen) == (SHARE, line.commission_fen * SHARE // 10_000)


def test_a_link_whose_help_is_over_still_orders_and_earns_nothing(
    unit: Transactions, stage: Scene, helper: Actor
) -> None:
    via = joined(unit, helper, stage)
    with unit(stage.leader) as ctx:
        help_selling.end(ctx, via, "换人")
    order = buy(unit, stage, 0, via=via)
    with unit.reading() as ctx:
        assert order_row(ctx, order).help_sell_id is None
    with pytest.raises(WrongState):
        joined(unit, helper, stage)
    with pytest.raises(WrongState), unit(stage.leader) as ctx:
        help_selling.end(ctx, via, "再来")


def test_a_suspended_helper_earns_nothing_until_reinstated(unit: Transactions, stage: Scene, helper: Actor) -> None:
    via = joined(unit, helper, stage)
    for decide in (leaders.suspend, leaders.reinstate):
        with unit(SYSTEM) as ctx:
            decide(operator(ctx), ctx.session.get_one(Leader, helper.id).public_id, "投诉")
        order = buy(unit, stage, 0 if decide is leaders.suspend else 1, via=via)
        with unit.reading() as ctx:
            assert (order_row(ctx, order).help_sell_id is None) == (decide is leaders.suspend)


def test_nobody_helps_to_sell_to_themselves_and_the_leaders_own_order_earns_nobody_anything(
    unit: Transactions, stage: Scene, helper: Actor
) -> None:
    via = joined(unit, helper, stage)
    stage.buyers += [helper.resident_id or 0, stage.leader_resident_id]
    helpers_own, leaders_own = buy(unit, stage, 4, 2, via=via), buy(unit, stage, 5, 2, via=via)
    finish(unit, stage)
    with unit.reading() as ctx:
        (mine,), (boss,) = lines(ctx, helpers_own), lines(ctx, leaders_own)
        assert (mine.helper_bps, mine.helper_commission_fen, mine.commission_fen) == (0, 0, 5980 * 1111 // 10_000)
        assert (boss.commission_fen, boss.helper_commission_fen) == (0, 0)
    assert owed(unit, helper.id) == 0


def test_a_link_of_another_campaign_is_refused(unit: Transactions, stage: Scene, helper: Actor) -> None:
    via, other = joined(unit, helper, stage), stage_of(unit, Terms("蓝莓"), help_sell_bps=5000)
    with pytest.raises(NotFound):
        place(unit, other, 0, via=via)
    with pytest.raises(NotFound):
        place(unit, stage, 0, via=stage.campaign)
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Order)).all() == []


def test_only_anothers_running_campaign_that_looks_for_helpers_is_helped(
    unit: Transactions, stage: Scene, helper: Actor
) -> None:
    refused = {
        "own": (stage.leader, stage, Invalid),
        "no helpers": (helper, stage_of(unit), Invalid),
        "draft": (helper, stage_of(unit, state="draft", help_sell_bps=1), NotFound),
        "scheduled": (helper, stage_of(unit, state="scheduled", help_sell_bps=1), NotOpen),
        "buyer": (buyer(stage.buyers[0]), stage, Forbidden),
    }
    for who, campaign, refusal in refused.values():
        with pytest.raises(refusal):
            joined(unit, who, campaign)
    with unit(SYSTEM) as ctx:
        shut_out = acting(people.leader(ctx, people.resident(ctx, "停权"), state="suspended"))
    with pytest.raises(Forbidden):
        joined(unit, shut_out, stage)
    assert joined(unit, helper, stage) == joined(unit, helper, stage), "asking again gives the same"


def test_only_the_campaigns_leader_or_an_operator_ends_it(unit: Transactions, stage: Scene, helper: Actor) -> None:
    via = joined(unit, helper, stage)
    for who in (helper, stage_of(unit).leader):
        with pytest.raises(NotFound), unit(who) as ctx:
            help_selling.end(ctx, via, "不行")
    with unit(SYSTEM) as ctx:
        assert help_selling.end(operator(ctx), via, "违规").state == "ended"


def test_the_helpers_roster_tells_earnings_and_nothing_personal(
    unit: Transactions, stage: Scene, helper: Actor
) -> None:
    with unit(SYSTEM) as ctx:
        person = ctx.session.get_one(Resident, stage.buyers[0])
        person.nickname, person.phone_enc = "赵钱孙", ctx.vault.encrypt("13912345678")
        ctx.session.flush()
    via = joined(unit, helper, stage)
    buy(unit, stage, 0, 2, via=via, recipient="隔壁吴妈", note="三号楼 302")
    buy(unit, stage, 1)
    gone = buy(unit, stage, 2, via=via)
    with unit(buyer(stage.buyers[2])) as ctx:
        cancelling.cancel(ctx, gone)
    finish(unit, stage)
    with unit(helper) as ctx:
        withdrawn, kept = help_sells.orders(ctx, via, Page()).items
        seen = help_sells.one(ctx, via)
    assert (kept.roster_number, kept.name, kept.state, kept.withdrawn) == (1, "赵**", "confirmed", False)
    (line,) = kept.lines
    earned = commissions.pending(SHARE, commissions.pending(1111, 5980))
    assert (line.units, line.net_fen, line.earned_fen, line.payable) == (2, 5980, earned, False)
    assert (withdrawn.withdrawn, withdrawn.lines[0].earned_fen) == (True, 0)
    assert (seen.counted_orders, seen.units, seen.pending_fen, seen.payable_fen) == (1, 2, earned, 0)
    assert not any(secret in str(asdict(kept)) for secret in ("钱孙", "5678", "吴妈", "302"))
    for stranger in (stage.leader, stage_of(unit).leader):
        with pytest.raises(NotFound), unit(stranger) as ctx:
            help_sells.orders(ctx, via, Page())


def test_the_main_leader_sees_which_orders_came_through_whom(unit: Transactions, stage: Scene, helper: Actor) -> None:
    via = joined(unit, helper, stage)
    buy(unit, stage, 0, via=via)
    buy(unit, stage, 1, 2)
    with unit(stage.leader) as ctx:
        assert [order.via for order in dashboards.orders(ctx, stage.campaign, Page()).items] == ["", "张姐"]
        (listed,) = help_sells.of_campaign(ctx, stage.campaign, Page()).items
    assert (listed.helper, listed.counted_orders, listed.units) == ("张姐", 1, 1)


def test_campaigns_that_look_for_helpers_are_found_in_ones_own_neighbourhood(
    unit: Transactions, stage: Scene, helper: Actor
) -> None:
    stage_of(unit)
    with unit(SYSTEM) as ctx:
        assert help_sells.helpable(ctx.acting_as(helper), Page()).items == [], "another neighbourhood"
        boss = ctx.session.get_one(Leader, stage.leader_id)
        ctx.session.get_one(Leader, helper.id).community_id = boss.community_id
    with unit(helper) as ctx:
        (found,) = help_sells.helpable(ctx, Page()).items
    assert (found.id, found.share_bps) == (stage.campaign, SHARE)
    with unit(stage.leader) as ctx:
        assert help_sells.helpable(ctx, Page()).items == []


def test_the_page_names_the_helper_as_long_as_they_help(unit: Transactions, stage: Scene, helper: Actor) -> None:
    via = joined(unit, helper, stage)

    def named(campaign: str, link: str) -> str | None:
        with unit.reading() as ctx:
            seen = campaigns.view(ctx, finding.public(ctx, campaign), link).via
            return seen.name if seen else None

    assert named(stage.campaign, via) == "张姐"
    assert [named(stage.campaign, link) for link in ("", "nonsense", stage.campaign)] == [None] * 3
    assert named(stage_of(unit).campaign, via) is None
    with unit(stage.leader) as ctx:
        help_selling.end(ctx, via, "换人")
    assert named(stage.campaign, via) is None


def test_what_the_helper_earns_goes_with_a_refund(unit: Transactions, stage: Scene, helper: Actor) -> None:
    via = joined(unit, helper, stage)
    order = buy(unit, stage, 0, 2, via=via)
    finish(unit, stage)
    assert owed(unit, helper.id) > 0
    with unit(stage.leader) as ctx:
        ending.cancel(ctx, stage.campaign, "没货")
    settle(unit, stage)
    assert (owed(unit, helper.id), owed(unit, stage.leader_id)) == (0, 0)
    with unit.reading() as ctx:
        (line,) = lines(ctx, order)
        assert (line.commission_fen, line.helper_commission_fen) == (0, 0)
