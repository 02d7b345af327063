"""A claim stands on its buyer's own order page, with what they can do next, and it is nobody else's to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import WrongState
from services.aftersales import answering, replying
from services.context import Ctx
from services.queries import orders
from services.queries.claims import ClaimShown
from tests.services.aftersales.counter import Counter
from tests.services.queries.conftest import statements

MOVES: dict[str, Callable[[Ctx, str], Any]] = {
    "take_offer": replying.take_offer, "escalate": replying.escalate, "withdraw": replying.withdraw,
}  # fmt: skip
Told = tuple[Callable[..., Any], tuple[Any, ...]]


def _claims(counter: Counter, order: str) -> list[ClaimShown]:
    with counter.unit.reading(counter.buyer) as ctx:
        return list(orders.mine(ctx, order).claims)


def test_the_page_says_what_was_asked_offered_and_what_comes_next(counter: Counter) -> None:
    order = counter.collected({"纸巾": 2, "草莓": 1})
    other = counter.collected({"纸巾": 1})
    pictures = (counter.picture(counter.buyer), counter.picture(counter.buyer))
    fresh = counter.ask(order, 1, name="草莓", evidence=pictures)
    claim = counter.ask(order, 2)
    assert _claims(counter, other) == []
    counter.act(counter.world.leader, answering.offer, claim, 500)
    newest, oldest = _claims(counter, order)
    assert (newest.id, newest.name, newest.state) == (claim, "纸巾", "offered")
    assert (newest.asked_units, newest.asked_fen, newest.answer_fen) == (2, 2002, 500)
    assert (newest.buyer_may, newest.evidence) == (["take_offer", "escalate", "withdraw"], [])
    assert (oldest.id, oldest.state, oldest.buyer_may) == (fresh, "asked", ["withdraw"])
    assert oldest.evidence == list(pictures)
    counter.act(counter.buyer, replying.take_offer, claim)
    assert [(row.state, row.buyer_may) for row in _claims(counter, order)] == [
        ("accepted", []),
        ("asked", ["withdraw"]),
    ]


@pytest.mark.parametrize(
    ("told", "hours", "moves"),
    [
        ((), 0, {"withdraw"}),
        ((), 24, {"escalate", "withdraw"}),
        (((answering.offer, (100,)),), 0, {"take_offer", "escalate", "withdraw"}),
        (((answering.offer, (100,)),), 48, {"take_offer", "withdraw"}),
        (((answering.reject, ("看不出问题",)),), 0, {"escalate", "withdraw"}),
        (((answering.reject, ("看不出问题",)),), 48, {"withdraw"}),
        (((answering.accept, ()),), 0, set()),
    ],
)
def test_what_the_page_offers_is_what_is_taken_and_nothing_else(
    counter: Counter, told: tuple[Told, ...], hours: int, moves: set[str]
) -> None:
    order = counter.collected({"纸巾": 1})
    claim = counter.ask(order, 1)
    for verb, arguments in told:
        counter.act(counter.world.leader, verb, claim, *arguments)
    counter.clock.advance(hours=hours)
    assert set(_claims(counter, order)[0].buyer_may) == moves
    for name, move in MOVES.items():
        with counter.unit(counter.buyer) as ctx:
            if name in moves:
                move(ctx, claim)
            else:
                with pytest.raises(WrongState):
                    move(ctx, claim)
            ctx.session.rollback()


def test_one_statement_reads_any_number_of_claims_and_none_is_sent_before_anything_was_handed_over(
    counter: Counter,
) -> None:
    taken: list[int] = []
    waiting = counter.waiting({"纸巾": 2, "草莓": 1})
    campaign = counter.world.campaign()
    ordered = counter.world.order(counter.buyer, campaign, {"纸巾": 1})
    claimed = counter.collected({"纸巾": 2, "草莓": 1})
    for name in ("草莓", "纸巾"):
        counter.ask(claimed, 1, name=name, evidence=(counter.picture(counter.buyer), counter.picture(counter.buyer)))
    for order in (ordered, waiting, claimed):
        with counter.unit.reading(counter.buyer) as ctx, statements(ctx) as sent:
            orders.mine(ctx, order)
        taken.append(len(sent))
    assert taken == [taken[0], taken[0] + 1, taken[0] + 1]
