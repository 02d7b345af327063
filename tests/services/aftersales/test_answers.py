"""Every way through a claim: leader, buyer, operator and clock, each in their turn and nobody out of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import CLOCK
from domain.errors import Forbidden, Invalid, NotFound, WrongState
from models import Alert, Claim
from services.aftersales import answering, replying, ruling
from services.context import Ctx
from tests.builders import people
from tests.services.aftersales.counter import Counter


def test_the_leader_accepts_and_the_whole_sum_goes_back(counter: Counter) -> None:
    order = counter.collected({"纸巾": 2})
    claim = counter.ask(order, 2)
    counter.act(counter.world.leader, answering.accept, claim)
    assert counter.state(claim) == "accepted"
    assert counter.back(order) == [(2, 2002)]


def test_an_offer_is_taken_and_the_units_stay_with_the_buyer(counter: Counter) -> None:
    order = counter.collected({"纸巾": 2})
    claim = counter.ask(order, 2)
    counter.act(counter.world.leader, answering.offer, claim, 500)
    assert (counter.state(claim), counter.back(order)) == ("offered", [])
    counter.act(counter.buyer, replying.take_offer, claim)
    assert (counter.state(claim), counter.back(order)) == ("accepted", [(0, 500)])
    assert counter.told(counter.buyer) == ["售后有答复"]
    assert counter.told(counter.world.leader) == ["有人申请售后", "售后已退款"]


def test_an_offer_is_less_than_was_asked(counter: Counter) -> None:
    claim = counter.ask(counter.collected({"纸巾": 1}), 1)
    for amount in (0, 1001, 5000):
        with pytest.raises(Invalid):
            counter.act(counter.world.leader, answering.offer, claim, amount)


def test_a_rejection_is_taken_to_the_operator_who_pays(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    claim = counter.ask(order, 1)
    counter.act(counter.world.leader, answering.reject, claim, "看不出问题")
    assert counter.state(claim) == "rejected"
    counter.act(counter.buyer, replying.escalate, claim)
    assert counter.state(claim) == "escalated"
    assert _open_alerts(counter) == ["claim_escalated"]
    counter.act(counter.operator, ruling.accept, claim)
    assert (counter.state(claim), counter.back(order)) == ("accepted", [(1, 1001)])
    assert _open_alerts(counter) == []
    assert counter.claim(claim).answer_words == "看不出问题"


def test_the_operator_refuses_for_good(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    claim = counter.ask(order, 1)
    counter.act(counter.world.leader, answering.reject, claim, "看不出问题")
    counter.act(counter.buyer, replying.escalate, claim)
    counter.act(counter.operator, ruling.refuse, claim, "照片里是好的")
    assert (counter.state(claim), counter.back(order)) == ("refused", [])
    with pytest.raises(WrongState):
        counter.act(counter.buyer, replying.escalate, claim)


def test_the_operator_offers_and_may_be_asked_again(counter: Counter) -> None:
    order = counter.collected({"纸巾": 1})
    claim = counter.ask(order, 1)
    counter.act(counter.world.leader, answering.offer, claim, 100)
    counter.act(counter.buyer, replying.escalate, claim)
    for amount in (300, 400):
        counter.clock.advance(minutes=5)
        counter.act(counter.operator, ruling.offer, claim, amount)
        if amount == 300:
            counter.act(counter.buyer, replying.escalate, claim)
    counter.act(counter.buyer, replying.take_offer, claim)
    assert counter.back(order) == [(0, 400)]
    assert counter.told(counter.buyer) == ["售后有答复", "售后已转平台"] * 2 + ["售后有答复"]


@pytest.mark.parametrize("standing", ["asked", "offered", "rejected", "escalated"])
def test_a_buyer_withdraws_at_any_time_before_the_end(counter: Counter, standing: str) -> None:
    order = counter.collected({"纸巾": 1})
    claim = _stand(counter, order, standing)
    counter.act(counter.buyer, replying.withdraw, claim)
    assert (counter.state(claim), counter.back(order)) == ("withdrawn", [])
    assert _open_alerts(counter) == []


VERBS: dict[str, tuple[str, Any, tuple[Any, ...], set[str]]] = {
    "leader accepts": ("leader", answering.accept, (), {"asked"}),
    "leader offers": ("leader", answering.offer, (1,), {"asked"}),
    "leader rejects": ("leader", answering.reject, ("不",), {"asked"}),
    "buyer takes": ("buyer", replying.take_offer, (), {"offered"}),
    "buyer escalates": ("buyer", replying.escalate, (), {"offered", "rejected"}),
    "buyer withdraws": ("buyer", replying.withdraw, (), {"asked", "offered", "rejected", "escalated"}),
    "operator accepts": ("operator", ruling.accept, (), {"escalated"}),
    "operator offers": ("operator", ruling.offer, (1,), {"escalated"}),
    "operator refuses": ("operator", ruling.refuse, ("不",), {"escalated"}),
}


@pytest.mark.parametrize("standing", ["asked", "offered", "rejected", "escalated", "accepted", "withdrawn", "refused"])
def test_nobody_acts_out_of_turn(counter: Counter, standing: str) -> None:
    order = counter.collected({"纸巾": 1})
    claim = _stand(counter, order, standing)
    for who, verb, arguments, allowed in VERBS.values():
        if standing not in allowed:
            with pytest.raises(WrongState):
                counter.act(_who(counter, who), verb, claim, *arguments)
    assert counter.state(claim) == standing


def test_every_role_acts_on_its_own_only(counter: Counter) -> None:
    claim = counter.ask(counter.collected({"纸巾": 1}), 1)
    stranger = counter.world.resident("别人")
    with counter.unit(CLOCK) as ctx:
        rival = people.leader(ctx)
        other = counter.world.leader.__class__(counter.world.leader.role, rival.id, rival.resident_id)
    for who, verb, arguments, _ in VERBS.values():
        alien = {"leader": other, "buyer": stranger}.get(who)
        if alien is not None:
            with pytest.raises(NotFound):
                counter.act(alien, verb, claim, *arguments)
        for role in ("leader", "buyer", "operator", "desk"):
            if role != who:
                with pytest.raises(Forbidden):
                    counter.act(_who(counter, role), verb, claim, *arguments)
    assert counter.state(claim) == "asked"


def _who(counter: Counter, who: str) -> Any:
    return {"leader": counter.world.leader, "buyer": counter.buyer, "operator": counter.operator,
            "desk": counter.desk}[who]  # fmt: skip


def _stand(counter: Counter, order: str, standing: str) -> str:
    claim = counter.ask(order, 1)
    leader, buyer = counter.world.leader, counter.buyer
    if standing == "offered":
        counter.act(leader, answering.offer, claim, 100)
    elif standing in ("rejected", "escalated", "refused"):
        counter.act(leader, answering.reject, claim, "不")
        if standing != "rejected":
            counter.act(buyer, replying.escalate, claim)
        if standing == "refused":
            counter.act(counter.operator, ruling.refuse, claim, "不")
    elif standing == "accepted":
        counter.act(leader, answering.accept, claim)
    elif standing == "withdrawn":
        counter.act(buyer, replying.withdraw, claim)
    assert counter.state(claim) == standing
    return claim


def _open_alerts(counter: Counter) -> list[str]:
    def kinds(ctx: Ctx) -> list[str]:
        return list(ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None))))

    with counter.unit.reading(CLOCK) as ctx:
        assert ctx.session.scalars(select(Claim.id)).first()
        return kinds(ctx)
