"""Many refunds at once: under the gateway's rate, each number once, and after a kill only the broken one again."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import func, select

from domain.actors import GATEWAY, SYSTEM, Actor, Role
from integrations.counters import MemoryCounters
from models import Order, Refund
from services import ordering, payments, refund_results
from services.campaigns import ending
from services.flows import refunding
from services.ports import GatewayRefund, RefundRequest, Refused
from services.queries import refund_tasks
from services.transactions import Transactions
from tests.builders.campaigns import Scene, buyer, settle, stage_of, success, wanted
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.pretend_gateway import PretendGateway

PER_SECOND = 50
ORDERS = 300


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Counting(PretendGateway):
    """Counts how often each number is sent; dies right after taking refund number `dies_at`."""

    sent: Counter[str] = field(default_factory=Counter)
    dies_at: int = 0

    def refund(self, request: RefundRequest) -> GatewayRefund:
        """As the pretend gateway."""
        self.sent[request.out_refund_no] += 1
        answer = super().refund(request)
        if self.sent.total() == self.dies_at:
            raise Killed
        return answer


@pytest.fixture
def gateway() -> Counting:
    """Counts."""
    return Counting()


@pytest.fixture
def there(outside: PretendOutside, gateway: Counting, clock: FrozenClock) -> PretendOutside:
    """The outside with that gateway, and counters that go by the frozen clock."""
    counters = MemoryCounters(lambda: clock.now().timestamp())
    return replace(outside, gateway=gateway, counters=counters)


def cancelled_campaign(unit: Transactions, orders: int) -> Scene:
    """A campaign with so many paid orders, called off; every refund waits to be sent."""
    stage = stage_of(unit, buyers=1)
    with unit(SYSTEM) as ctx:
        for _ in range(orders):
            own = ctx.acting_as(buyer(stage.buyers[0]))
            asked = payments.ask(own, ordering.place(own, wanted(stage, again=True)).public_id)
            trade = success(asked.request.out_trade_no, asked.request.amount_fen, ctx.now)
            payments.book_trade(ctx.acting_as(GATEWAY), trade)
    with unit(stage.leader) as ctx:
        ending.cancel(ctx, stage.campaign, "果园遭了霜冻")
    settle(unit, stage, 200)
    return stage


def states(unit: Transactions) -> Counter[str]:
    with unit.reading() as ctx:
        return Counter(ctx.session.scalars(select(Refund.state)).all())


def test_a_campaigns_refunds_go_at_the_gateways_pace_and_go_on_after_a_kill(
    unit: Transactions, there: PretendOutside, gateway: Counting, clock: FrozenClock
) -> None:
    cancelled_campaign(unit, ORDERS)
    gateway.dies_at = 130
    paces = []
    with pytest.raises(Killed):
        while True:
            paces.append(refunding.submit_due(unit, there, limit=200))
            clock.advance(seconds=1)
    assert set(paces) == {PER_SECOND}
    assert states(unit) == {"submitted": 129, "requested": ORDERS - 129}
    clock.advance(seconds=61)
    while refunding.submit_due(unit, there, limit=200):
        clock.advance(seconds=1)
    assert states(unit) == {"submitted": ORDERS}
    assert len(gateway.sent) == len(gateway.refunds) == ORDERS
    assert sorted(gateway.sent.values())[-2:] == [1, 2]
    with unit(GATEWAY) as ctx:
        for number in gateway.refunds:
            refund_results.book(ctx, gateway.finish_refund(number, ctx.now))
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(func.count()).where(Order.state == "refunded")).one() == ORDERS


def test_several_clocks_at_once_send_each_number_once(
    unit: Transactions, there: PretendOutside, gateway: Counting, clock: FrozenClock
) -> None:
    cancelled_campaign(unit, 40)
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: refunding.submit_due(unit, there), range(4)))
    assert sum(sent) == 40
    assert set(gateway.sent.values()) == {1}
    assert states(unit) == {"submitted": 40}


def test_after_a_few_refusals_a_sweep_leaves_off(
    unit: Transactions, there: PretendOutside, gateway: Counting, clock: FrozenClock
) -> None:
    cancelled_campaign(unit, 12)
    gateway.fails = Refused("no", code="INVALID_REQUEST")
    counts = []
    for _ in range(3):
        refunding.submit_due(unit, there)
        counts.append(gateway.sent.total())
        clock.advance(seconds=2)
    assert counts == [5, 10, 12]


def test_the_operator_reads_the_sum_to_top_up_while_funds_lack(
    unit: Transactions, there: PretendOutside, gateway: Counting, clock: FrozenClock
) -> None:
    cancelled_campaign(unit, 3)
    operator = Actor(Role.OPERATOR, 1)
    with unit(operator) as ctx:
        assert (refund_tasks.funds(ctx).top_up_fen, refund_tasks.funds(ctx).refunds) == (0, 0)
    gateway.fails = Refused("empty", code="NOT_ENOUGH")
    refunding.submit_due(unit, there)
    with unit(operator) as ctx:
        assert (refund_tasks.funds(ctx).top_up_fen, refund_tasks.funds(ctx).refunds) == (3 * 2990, 3)
    gateway.fails = None
    clock.advance(seconds=61)
    refunding.submit_due(unit, there)
    refunding.submit_due(unit, there)
    with unit(operator) as ctx:
        assert refund_tasks.funds(ctx).top_up_fen == 0
