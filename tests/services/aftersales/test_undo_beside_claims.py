"""A hand-over whose buyer asked back, or got money back, is not undone behind their back."""

from __future__ import annotations

import pytest

from domain.actors import CLOCK
from domain.errors import WrongState
from services.aftersales import answering, open_claims, replying
from services.pickup.undoing import Undo, undo
from tests.services.aftersales.counter import Counter
from tests.services.pickup.world import lines_of


def test_no_undo_while_a_claim_is_open(counter: Counter) -> None:
    order = counter.waiting({"纸巾": 2})
    redemption = counter.hand_over(order)
    claim = counter.ask(order, 1)
    with pytest.raises(WrongState):
        _undo(counter, redemption)
    counter.act(counter.buyer, replying.withdraw, claim)
    _undo(counter, redemption)


@pytest.mark.parametrize(("units", "amount"), [(1, None), (0, 1)])
def test_no_undo_of_what_was_paid_for(counter: Counter, units: int, amount: int | None) -> None:
    order = counter.waiting({"纸巾": 2})
    redemption = counter.hand_over(order)
    counter.act(counter.world.leader, answering.accept, counter.ask(order, units, amount))
    with pytest.raises(WrongState):
        _undo(counter, redemption)


def test_units_that_nobody_complained_about_may_be_taken_back(counter: Counter) -> None:
    order = counter.waiting({"纸巾": 3})
    counter.hand_over(order, {"纸巾": 1})
    second = counter.hand_over(order)
    counter.act(counter.world.leader, answering.accept, counter.ask(order, 1))
    _undo(counter, second)
    with counter.unit.reading(CLOCK) as ctx:
        line = lines_of(ctx, order)["纸巾"]
        assert (line.collected_units, line.sales_fen, line.aftersales_fen) == (1, 1001, 1001)
    counter.hand_over(order)


def _undo(counter: Counter, redemption: str) -> None:
    counter.act(counter.desk, undo, Undo(redemption, "拿错了"))


def test_without_the_look_for_claims_an_undo_would_take_the_goods_from_under_one(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = counter.waiting({"纸巾": 2})
    redemption = counter.hand_over(order)
    claim = counter.ask(order, 2)
    monkeypatch.setattr(open_claims, "about", lambda *_: False)
    _undo(counter, redemption)
    with pytest.raises(WrongState):  # nothing is in the buyer's hands, and still somebody complains about it
        counter.act(counter.world.leader, answering.accept, claim)
