"""A leader's commission line by line: what the books owe, and each entry in a sentence."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.actors import CLOCK, SYSTEM
from domain.errors import NotFound
from domain.ledger import Account
from models import Leader, Posting
from services import commissions as releasing
from services import giving_back
from services.giving_back import GiveBack
from services.paging import Page
from services.pickup import completing
from services.pickup.redeeming import Redeem, redeem
from services.queries.commissions import CommissionLine, commissions
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Terms, buy, stage_of
from tests.builders.clock import FrozenClock
from tests.builders.shops import acting
from tests.services.pickup.world import World, lines_of
from tests.services.test_help_selling import SHARE, finish, joined


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def _lines(world: World, campaign: str | None = None) -> list[CommissionLine]:
    with world.unit(world.leader) as ctx:
        return commissions(ctx, Page(), campaign).items


def _owed(world: World) -> int:
    with world.unit.reading() as ctx:
        mine = select(-func.sum(Posting.amount_fen)).where(Posting.owner == world.leader_id)
        accounts = (Account.LEADER_PENDING, Account.LEADER_PAYABLE)
        return int(ctx.session.scalar(mine.where(Posting.account.in_(accounts))) or 0)


def test_a_line_says_how_it_was_reckoned_and_what_was_booked(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 2, "纸巾": 1})
    world.order(world.leader_as_resident, campaign, {"草莓": 1})
    assert _lines(world) == []
    world.bring(campaign)
    tissue, berries = _lines(world)
    assert (berries.item, berries.number, berries.net_fen, berries.rate_bps) == ("草莓 2份", 1, 3998, 1000)
    assert (berries.commission_fen, berries.state, tissue.commission_fen) == (399, "pending", 100)
    assert berries.why == (
        "成交 ¥39.98 × 10% = ¥3.99（不足一分的舍去）；11-26 13:00 草莓记佣金 ¥3.99，归王团长，待结算。"
    )
    assert sum(line.commission_fen for line in _lines(world, campaign)) == _owed(world) == 499


def test_nothing_is_said_of_a_fraction_where_nothing_was_cut(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"纸巾": 10})
    world.bring(campaign)
    (tissue,) = _lines(world)
    assert tissue.why.startswith("成交 ¥100.10 × 10% = ¥10.01；")


def test_a_refund_lowers_it_and_the_after_sales_days_release_it(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2})
    world.bring(campaign)
    with world.unit(world.leader) as ctx:
        line = lines_of(ctx, order)["草莓"].public_id
        giving_back.give_back(ctx, GiveBack(order, "压坏了", units={line: 1}))
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((order,), "code"))
    world.clock.advance(days=2)
    with world.unit(CLOCK) as ctx:
        completing.complete_orders(ctx)
        releasing.release_due(ctx)
    (shown,) = _lines(world)
    assert (shown.net_fen, shown.commission_fen, shown.state) == (1999, 199, "released")
    assert "王团长的佣金减少 ¥2.00" in shown.why
    assert "由待结算转为可提" in shown.why
    assert shown.commission_fen == _owed(world)


def test_all_given_back_is_shown_as_nothing_with_its_reason(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 1})
    world.bring(campaign)
    with world.unit(world.leader) as ctx:
        giving_back.give_back(ctx, GiveBack(order, "没有了", rest=True))
    (shown,) = _lines(world)
    assert (shown.commission_fen, shown.state, _owed(world)) == (0, "none", 0)
    assert "减少 ¥1.99" in shown.why


def test_leader_and_helper_each_read_their_own_part(unit: Transactions) -> None:
    of = stage_of(unit, Terms("草莓", 2990, commission_bps=750), help_sell_bps=SHARE)
    with unit(SYSTEM) as ctx:
        helper = acting(people.leader(ctx))
    buy(unit, of, 0, {"草莓": 1}, via=joined(unit, helper, of))
    finish(unit, of)
    with unit.reading() as ctx:
        boss = acting(ctx.session.get_one(Leader, of.leader_id))
    parts = []
    for who in (boss, helper):
        with unit(who) as ctx:
            (shown,) = commissions(ctx, Page()).items
            assert "成交 ¥29.90 × 7.5% = ¥2.24" in shown.why
            parts.append(shown.commission_fen)
    assert sum(parts) == 224
    assert parts[1] == 224 * SHARE // 10_000


def test_pages_of_one_meet_each_line_once_and_nobody_reads_anothers(world: World) -> None:
    campaign = world.campaign()
    for _ in range(3):
        world.order(world.resident(), campaign, {"草莓": 1})
    world.bring(campaign)
    met, page = [], Page(limit=1)
    while True:
        with world.unit(world.leader) as ctx:
            part = commissions(ctx, page)
        met += [line.number for line in part.items]
        if part.next_key is None:
            break
        page = Page(limit=1, after=part.next_key)
    assert met == [3, 2, 1]
    with world.unit(CLOCK) as ctx:
        other = acting(people.leader(ctx))
    with world.unit(other) as ctx:
        assert commissions(ctx, Page()).items == []
        with pytest.raises(NotFound):
            commissions(ctx, Page(), campaign)
