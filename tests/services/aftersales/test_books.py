"""What an after-sales refund does to the books: parts make the whole, and it falls on whom it should."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.actors import CLOCK
from domain.aftersales import Bearer
from domain.ledger import Account
from models import Alert, Order, Refund
from services.aftersales import answering, replying, ruling
from services.pickup.undoing import Undo, undo
from tests.builders.campaigns import refunded
from tests.services.aftersales.counter import Counter
from tests.services.pickup.world import lines_of, one


@pytest.mark.parametrize("first", [1, 2])
def test_units_then_compensation_then_the_rest_are_exactly_the_line(counter: Counter, first: int) -> None:
    order = counter.collected({"纸巾": 3}, prices={"纸巾": 1001})
    _accept(counter, counter.ask(order, first))
    _accept(counter, counter.ask(order, 0, 333))
    _accept(counter, counter.ask(order, 3 - first))
    assert [fen for _, fen in counter.back(order)] == [1001 * first, 333, 3003 - 1001 * first - 333]
    assert refunded(counter.unit) == 3003
    with counter.unit.reading(CLOCK) as ctx:
        line = lines_of(ctx, order)["纸巾"]
        assert (line.aftersales_fen, line.commission_fen, line.refunded_after_units) == (3003, 0, 3)
        assert one(ctx, Order, order).state == "refunded"


def test_an_accepted_offer_leaves_the_rest_of_the_sum_to_be_asked(counter: Counter) -> None:
    order = counter.collected({"纸巾": 2})
    claim = counter.ask(order, 2)
    counter.act(counter.world.leader, answering.offer, claim, 1500)
    counter.act(counter.buyer, replying.take_offer, claim)
    _accept(counter, counter.ask(order, 2))
    assert counter.back(order) == [(0, 1500), (2, 502)]


def test_the_supplier_bears_the_supply_price_and_the_house_the_rest(counter: Counter) -> None:
    order = counter.collected({"纸巾": 2})
    owed = counter.balance(Account.MERCHANT_PAYABLE, counter.world.merchant_id)
    claim = counter.ask(order, 1)
    _accept(counter, claim)
    assert counter.claim(claim).borne_fen == 700
    assert counter.balance(Account.MERCHANT_PAYABLE, counter.world.merchant_id) == owed + 700
    assert counter.balance(Account.RETURNS) == 1001
    assert counter.balance(Account.COST_OF_GOODS) == 700


def test_the_supplier_never_bears_more_than_all_units_cost(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    first, second = counter.ask(order, 0, 400), None
    _accept(counter, first)
    second = counter.ask(order, 1)
    _accept(counter, second)
    assert [counter.claim(claim).borne_fen for claim in (first, second)] == [400, 300]
    assert counter.balance(Account.MERCHANT_PAYABLE, counter.world.merchant_id) == 0


def test_a_supplier_who_bears_more_than_is_left_since_an_undo_bears_nothing_more(counter: Counter) -> None:
    order = counter.waiting({"纸巾": 2})
    counter.hand_over(order, {"纸巾": 1})
    second = counter.hand_over(order, {"纸巾": 1})
    _accept(counter, counter.ask(order, 0, 1000))
    counter.act(counter.desk, undo, Undo(second, "拿错了"))
    claim = counter.ask(order, 0, 1)
    _accept(counter, claim)
    assert counter.claim(claim).borne_fen == 0


def test_the_leader_bears_what_the_lost_commission_has_not_covered(counter: Counter) -> None:
    order = counter.collected({"纸巾": 2})
    claim = counter.ask(order, 1)
    _accept(counter, claim, Bearer.LEADER)
    with counter.unit.reading(CLOCK) as ctx:
        lost = 200 - lines_of(ctx, order)["纸巾"].commission_fen
    assert lost == 100
    assert counter.claim(claim).borne_fen == 1001 - lost
    assert counter.balance(Account.LEADER_PAYABLE, counter.world.leader_id) == 901  # owed by the leader: below zero
    assert counter.balance(Account.RETURNS) == 100


@pytest.mark.parametrize(("bearer", "borne"), [(Bearer.HOUSE, 0), (Bearer.SUPPLIER, 700), (Bearer.LEADER, 901)])
def test_the_operator_says_on_whom_it_falls(counter: Counter, bearer: Bearer, borne: int) -> None:
    claim = counter.ask(counter.collected({"纸巾": 1}), 1)
    counter.act(counter.world.leader, answering.reject, claim, "不")
    counter.act(counter.buyer, replying.escalate, claim)
    counter.act(counter.operator, ruling.accept, claim, bearer)
    assert (counter.claim(claim).borne_by, counter.claim(claim).borne_fen) == (bearer, borne)


def test_what_was_paid_in_cash_is_given_back_by_hand(counter: Counter) -> None:
    order = counter.paid_in_cash(2)
    _accept(counter, counter.ask(order, 1))
    with counter.unit.reading(CLOCK) as ctx:
        refund = ctx.session.scalars(select(Refund)).one()
        assert (refund.amount_fen, refund.waiting, refund.state) == (1001, "staff_task", "requested")
        assert ctx.session.scalars(select(Alert.kind)).all() == ["staff_task"]


def _accept(counter: Counter, claim: str, bearer: Bearer = Bearer.SUPPLIER) -> None:
    counter.act(counter.world.leader, answering.accept, claim, bearer)
