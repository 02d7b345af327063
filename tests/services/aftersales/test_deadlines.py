"""Silence has a meaning: the clock pays small sums and offers, hands large ones on, and ends what nobody follows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from domain.actors import CLOCK
from domain.errors import WrongState
from jobs.schedule import SCHEDULE
from models import Order
from services import commissions, refunds
from services.aftersales import answering, replying, timing
from services.pickup import completing, lapsing
from tests.builders.outside import PretendOutside
from tests.services.aftersales.counter import Counter
from tests.services.pickup.world import lines_of, one


def test_a_leader_silent_for_a_day_accepts_at_the_houses_cost(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    claim = counter.ask(order, 1)
    assert counter.tick(hours=24, seconds=-1) == 0
    assert counter.tick(seconds=1) == 1
    assert counter.state(claim) == "accepted"
    assert counter.back(order) == [(1, 1001)]
    assert (counter.claim(claim).borne_by, counter.claim(claim).borne_fen) == ("house", 0)
    assert counter.told(counter.world.leader) == ["有人申请售后", "售后已退款"]
    assert counter.tick(days=9) == 0


@pytest.mark.parametrize(("price", "after"), [(5000, "accepted"), (5001, "escalated")])
def test_silence_accepts_up_to_fifty_yuan_and_more_goes_to_the_operator(
    counter: Counter, price: int, after: str
) -> None:
    order = counter.collected({"纸巾": 1}, prices={"纸巾": price})
    claim = counter.ask(order, 1)
    counter.tick(hours=24)
    assert counter.state(claim) == after
    assert counter.told(counter.buyer) == (["售后已转平台"] if after == "escalated" else [])


def test_an_operator_has_no_deadline(counter: Counter) -> None:
    claim = counter.ask(counter.collected({"纸巾": 1}, prices={"纸巾": 9000}), 1)
    counter.tick(hours=24)
    assert counter.tick(days=60) == 0
    assert counter.state(claim) == "escalated"


def test_an_unanswered_offer_is_paid_as_offered(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    claim = counter.ask(order, 1)
    counter.act(counter.world.leader, answering.offer, claim, 300)
    assert counter.tick(hours=48, seconds=-1) == 0
    assert counter.tick(seconds=1) == 1
    assert (counter.state(claim), counter.back(order)) == ("accepted", [(0, 300)])
    assert counter.claim(claim).borne_by == "supplier"


def test_a_rejection_that_nobody_takes_further_is_final(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    claim = counter.ask(order, 1)
    counter.act(counter.world.leader, answering.reject, claim, "看不出问题")
    counter.clock.advance(hours=48)
    with pytest.raises(WrongState):  # its time is over, whether the sweep came by or not
        counter.act(counter.buyer, replying.escalate, claim)
    assert counter.tick() == 1
    assert (counter.state(claim), counter.back(order)) == ("refused", [])
    assert counter.claim(claim).answer_words == "看不出问题"


def test_when_the_leaders_time_is_over_the_buyer_need_not_wait_for_the_sweep(counter: Counter) -> None:
    claim = counter.ask(counter.collected({"纸巾": 1}), 1)
    with pytest.raises(WrongState):
        counter.act(counter.buyer, replying.escalate, claim)
    counter.clock.advance(hours=24)
    for verb, argument in ((answering.reject, "不"), (answering.offer, 1)):
        with pytest.raises(WrongState):
            counter.act(counter.world.leader, verb, claim, argument)
    counter.act(counter.buyer, replying.escalate, claim)
    assert counter.state(claim) == "escalated"


def test_what_was_given_back_otherwise_is_a_question_for_people(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    claim = counter.ask(order, 1)
    with counter.unit(counter.operator) as ctx:
        line = lines_of(ctx, order)["纸巾"]
        row = one(ctx, Order, order)
        refunds.return_after(ctx, row, line, 1, 1001)
        commissions.rebase(ctx, row, line)
    counter.tick(hours=24)
    assert counter.state(claim) == "escalated"
    assert counter.back(order) == [(1, 1001)]


def test_an_open_claim_holds_the_order_and_its_commission_back(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1, "草莓": 1}, prices={"纸巾": 9000, "草莓": 1999})
    counter.clock.advance(hours=23)
    claim = counter.ask(order, 1)
    counter.tick(hours=24)
    assert _complete(counter, order) == ("collected", 0)
    counter.act(counter.buyer, replying.withdraw, claim)
    assert _complete(counter, order) == ("completed", 2)


def test_only_the_line_of_an_open_claim_keeps_its_commission(counter: Counter) -> None:
    order = counter.waiting({"纸巾": 2, "草莓": 1}, prices={"纸巾": 9000, "草莓": 1999})
    counter.hand_over(order, {"纸巾": 1})
    claim = counter.ask(order, 1)
    _lapse(counter)
    counter.tick(days=8)
    assert _complete(counter, order) == ("completed", 1)
    counter.act(counter.buyer, replying.withdraw, claim)
    assert _complete(counter, order) == ("completed", 1)


def test_leader_and_clock_at_once_pay_once(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    claim = counter.ask(order, 1)
    row_id = counter.claim(claim).id
    counter.clock.advance(hours=24)

    def leader() -> bool:
        try:
            counter.act(counter.world.leader, answering.accept, claim)
        except WrongState:
            return False
        return True

    def clock() -> bool:
        with counter.unit(CLOCK) as ctx:
            return timing.move_on(ctx, row_id)

    with ThreadPoolExecutor(4) as pool:
        won = sum(done.result() for done in [pool.submit(act) for act in (leader, clock, leader, clock)])
    assert won == 1
    assert counter.back(order) == [(1, 1001)]


def test_the_schedule_moves_claims_on(counter: Counter, outside: PretendOutside) -> None:
    claim = counter.ask(counter.collected({"纸巾": 1}), 1)
    counter.clock.advance(hours=24)
    (job,) = (job for job in SCHEDULE if job.name == "claims.move_on")
    assert job.sweep(counter.unit, outside) == 1
    assert counter.state(claim) == "accepted"


def _complete(counter: Counter, order: str) -> tuple[str, int]:
    with counter.unit(CLOCK) as ctx:
        completing.complete_orders(ctx)
    with counter.unit(CLOCK) as ctx:
        released = commissions.release_due(ctx)
    with counter.unit.reading(CLOCK) as ctx:
        return ctx.session.scalars(select(Order.state).where(Order.public_id == order)).one(), released


def _lapse(counter: Counter) -> None:
    counter.clock.advance(days=4)
    with counter.unit(CLOCK) as ctx:
        assert lapsing.lapse_due(ctx) == 1
