"""Who may ask back what, and until when: sums of units are ours to say, one open claim per line, own lines only."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from domain.errors import AfterSalesOver, ClaimOpen, Invalid, NotFound, NothingToGiveBack, WrongState
from services.aftersales import answering, open_claims, replying
from services.aftersales.asking import AskBack, ask
from tests.services.aftersales.counter import Counter
from tests.services.pickup.world import lines_of


def test_units_are_asked_back_at_what_they_cost(counter: Counter) -> None:
    order = counter.collected({"纸巾": 3})
    claim = counter.claim(counter.ask(order, 2, words="两包都湿了"))
    assert (claim.state, claim.asked_units, claim.asked_fen) == ("asked", 2, 2002)
    assert counter.told(counter.world.leader) == ["有人申请售后"]


def test_one_open_claim_per_line_and_a_new_one_when_it_is_over(counter: Counter) -> None:
    order = counter.collected({"纸巾": 2, "草莓": 1})
    first = counter.ask(order, 1)
    with pytest.raises(ClaimOpen):
        counter.ask(order, 1)
    counter.ask(order, 1, name="草莓", evidence=(counter.picture(counter.buyer),))
    counter.act(counter.buyer, replying.withdraw, first)
    assert counter.ask(order, 2)


def test_fresh_goods_need_a_picture(counter: Counter) -> None:
    order = counter.collected({"草莓": 1})
    with pytest.raises(Invalid):
        counter.ask(order, 1, name="草莓")
    picture = counter.picture(counter.buyer)
    assert counter.ask(order, 1, name="草莓", evidence=(picture,))


def test_a_picture_is_ones_own_and_proves_one_thing(counter: Counter) -> None:
    order = counter.collected({"草莓": 1, "纸巾": 1})
    stranger = counter.world.resident("别人")
    with pytest.raises(Invalid):
        counter.ask(order, 1, name="草莓", evidence=(counter.picture(stranger),))
    picture = counter.picture(counter.buyer)
    counter.ask(order, 1, name="草莓", evidence=(picture,))
    with pytest.raises(Invalid):
        counter.ask(order, 1, evidence=(picture,))


def test_the_time_for_complaints_ends_sharply(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    early = counter.collected({"纸巾": 1}, title="另一团")
    counter.clock.advance(days=7, seconds=-7200)
    counter.ask(early, 1)
    counter.clock.advance(hours=2)
    with pytest.raises(AfterSalesOver):
        counter.ask(order, 1)


@pytest.mark.parametrize(("units", "amount"), [(3, None), (0, None), (0, 0), (0, 2003), (1, 1001), (-1, None)])
def test_more_than_was_handed_over_and_prices_of_units_are_refused(
    counter: Counter, units: int, amount: int | None
) -> None:
    order = counter.collected({"纸巾": 2})
    with pytest.raises(Invalid):
        counter.ask(order, units, amount)


def test_an_amount_for_quality_is_asked_up_to_what_the_line_cost(counter: Counter) -> None:
    order = counter.collected({"纸巾": 2})
    assert counter.claim(counter.ask(order, 0, 2002)).asked_fen == 2002


def test_nothing_is_asked_back_of_what_still_waits(counter: Counter) -> None:
    order = counter.waiting({"纸巾": 2, "草莓": 1})
    with pytest.raises(WrongState):
        counter.ask(order, 1)
    counter.hand_over(order, {"纸巾": 1})
    with pytest.raises(Invalid):
        counter.ask(order, 2)
    assert counter.ask(order, 1)


def test_what_cost_nothing_gives_nothing_back(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1, "草莓": 1}, prices={"草莓": 0, "纸巾": 1001})
    with pytest.raises(NothingToGiveBack):
        counter.ask(order, 1, name="草莓", evidence=(counter.picture(counter.buyer),))


def test_what_was_given_back_gives_nothing_more(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    counter.act(counter.world.leader, answering.accept, counter.ask(order, 1))
    with pytest.raises(NothingToGiveBack):
        counter.ask(order, 0, 1)


def test_nobody_asks_for_anothers_order_or_a_line_of_another_order(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    other = counter.collected({"纸巾": 1}, title="另一团")
    with pytest.raises(NotFound):
        counter.ask(order, 1, who=counter.world.resident("别人"))
    with counter.unit.reading(counter.buyer) as ctx:
        line = lines_of(ctx, other)["纸巾"].public_id
    with pytest.raises(NotFound):
        counter.act(counter.buyer, ask, AskBack(order, line, "bad", 1))


def test_a_leaders_own_claim_goes_to_the_operator_at_once(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1}, who=counter.world.leader_as_resident)
    claim = counter.ask(order, 1, who=counter.world.leader_as_resident)
    assert counter.state(claim) == "escalated"
    with pytest.raises(WrongState):
        counter.act(counter.world.leader, answering.accept, claim)


def test_the_database_itself_refuses_a_second_open_claim_about_a_line(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = counter.collected({"纸巾": 2})
    counter.ask(order, 1)
    monkeypatch.setattr(open_claims, "about", lambda *_: False)
    with pytest.raises(IntegrityError):
        counter.ask(order, 1)
