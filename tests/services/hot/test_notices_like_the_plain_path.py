"""Gateway notices taken in together write what the same notices write one by one."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models import GatewayEvent, Order, Payment
from services import cancelling
from services.flows import paying
from services.hot import notice_rows
from services.hot.noticing import Heard, Noticing
from services.ports import Notice, Trade
from services.transactions import Transactions
from tests.builders import campaigns
from tests.builders.campaigns import Scene, Terms, ask, buyer, place, stage_of, success
from tests.builders.clock import FrozenClock
from tests.services.hot.scene import counted
from tests.services.hot.twins import Twins

HELD, READS, WRITES = 2, 1, 12


@dataclass
class Reader:
    """A gateway that has verified every notice it is shown: the body is its place in the list."""

    notices: list[Notice] = field(default_factory=list)

    @property
    def gateway(self) -> Reader:
        """Itself."""
        return self

    def read_notice(self, _headers: Mapping[str, str], body: bytes) -> Notice:
        """The notice at this place."""
        return self.notices[int(body)]


class Recorder(Noticing):
    """Remembers in which order events were decided."""

    def __init__(self, unit: Transactions) -> None:
        super().__init__(unit)
        self.decided: list[str] = []

    def _round(self, heard: Sequence[Heard], times: Any) -> dict[str, bool | None]:
        settled = super()._round(heard, times)
        self.decided += [event for event, done in settled.items() if done]
        return settled


def plainly(unit: Transactions, notice: Notice) -> None:
    """Take it in alone."""
    paying.receive_notice(unit, Reader([notice]), {}, b"0")  # type: ignore[arg-type]  # only its gateway is asked


def together(pair: Twins, notices: Sequence[Notice]) -> list[bool | None]:
    """Have the hot product take them in together, and the plain one each alone in the order that was decided."""
    work = Recorder(pair.unit(pair.hot))
    done = work([Heard(notice, "") for notice in notices])
    alone = [notice for notice, taken in zip(notices, done, strict=True) if not taken]
    for notice in alone:
        plainly(pair.unit(pair.hot), notice)
    shared = [notice for notice, taken in zip(notices, done, strict=True) if taken]
    for notice in [*sorted(shared, key=lambda it: work.decided.index(it.event_id)), *alone]:
        plainly(pair.unit(pair.plain), notice)
    pair.compare()
    return done


def told(number: str, event: int, total_fen: int, clock: FrozenClock, **more: Any) -> Notice:
    """A notice of success."""
    return Notice(f"event-{event}", "TRANSACTION.SUCCESS", trade=success(number, total_fen, clock.now(), **more))


def unpaid(unit: Transactions) -> list[tuple[str, int]]:
    """Numbers and sums of payments that wait, in a campaign with a quota and in one that closes on its target."""
    scenes: list[Scene] = [
        stage_of(unit, Terms(quota=14), buyers=6),
        stage_of(unit, Terms("大米", 4000), buyers=4, close_on_target=True, minimum=3, minimum_kind="people"),
    ]
    numbers: list[str] = []
    for scene in scenes:
        for who in range(len(scene.buyers)):
            for _ in range(2):
                order = place(unit, scene, who)
                numbers += [ask(unit, order, payer) for payer in scene.buyers[: 1 + who % 2]]
    with unit(buyer(scenes[0].buyers[5])) as ctx:
        mine = ctx.session.scalars(select(Order.public_id).where(Order.resident_id == scenes[0].buyers[5])).all()
        cancelling.cancel(ctx, mine[0])
    with unit.reading() as ctx:
        asked = select(Payment.public_id, Payment.amount_fen).order_by(Payment.id)
        return [(row.public_id, row.amount_fen) for row in ctx.session.execute(asked)]


@pytest.mark.parametrize("seed", range(3))
def test_a_storm_of_notices_ends_as_it_does_one_by_one(app: Flask, make_twins: Callable[[], Twins], clock: FrozenClock,
                                                       seed: int) -> None:  # fmt: skip
    chance = random.Random(seed)
    waiting = unpaid(app.extensions["lintuan"].unit)
    pair = make_twins()
    sent: list[Notice] = []
    for _ in range(5):
        batch: list[Notice] = []
        for _ in range(chance.choice((1, 3, 10, 20))):
            number, fen = chance.choice(waiting)
            kind = chance.random()
            if sent and kind < 0.4:
                batch.append(chance.choice(sent))
            elif kind < 0.5:
                batch.append(told(number, len(sent), fen + 1, clock))
            elif kind < 0.55:
                batch.append(told("pay_" + "0" * 26, len(sent), 100, clock))
            elif kind < 0.6:
                batch.append(Notice(f"event-{len(sent)}", "TRANSACTION.SUCCESS",
                                    trade=Trade(number, "CLOSED", None, fen, None, None)))  # fmt: skip
            else:
                batch.append(told(number, len(sent), fen, clock, payer_fen=fen - chance.choice((0, 0, 50))))
            sent.append(batch[-1])
        together(pair, batch)
        clock.advance(minutes=chance.choice((0, 1)))


@pytest.mark.breaks_invariants
def test_a_batch_that_took_a_coupon_for_money_would_be_noticed(app: Flask, make_twins: Callable[[], Twins],
                                                               clock: FrozenClock,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    number, fen = unpaid(app.extensions["lintuan"].unit)[0]
    pair, true = make_twins(), notice_rows.CAPTURE

    def careless(connection: Any, rows: Any) -> Any:
        return true(connection, [(*row[:4], row[3], *row[5:]) for row in rows])

    monkeypatch.setattr(notice_rows, "CAPTURE", careless)
    with pytest.raises(AssertionError, match=f"settled_fen={fen - 50}"):
        together(pair, [told(number, 0, fen, clock, payer_fen=fen - 50)])


@pytest.mark.parametrize("size", [1, 6])
def test_notices_cost_the_same_statements_however_many_come(unit: Transactions, clock: FrozenClock, size: int) -> None:
    stage = stage_of(unit, Terms(quota=50), buyers=size)
    numbers = [ask(unit, place(unit, stage, who), stage.buyers[who]) for who in range(size)]
    heard = [Heard(told(number, place, 2990, clock), "") for place, number in enumerate(numbers)]
    with counted(unit) as sent:
        assert Noticing(unit)([*heard, *heard]) == [True] * 2 * size
    assert len([text for text in sent if not text.startswith("BEGIN")]) == READS + HELD + WRITES
    with counted(unit) as sent:
        assert Noticing(unit)(heard) == [True] * size
    assert len([text for text in sent if not text.startswith("BEGIN")]) == 2
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(GatewayEvent.deliveries)).all() == [3] * size
        assert campaigns.order_row(ctx, ctx.session.scalars(select(Order.public_id)).first() or "").state == "paid"


def test_rows_of_several_campaigns_are_held_in_order_before_they_count(unit: Transactions, clock: FrozenClock) -> None:
    stages = [stage_of(unit, Terms(quota=50)) for _ in range(2)]
    numbers = [ask(unit, place(unit, stage, 0), stage.buyers[0]) for stage in reversed(stages)]
    heard = [Heard(told(number, place, 2990, clock), "") for place, number in enumerate(numbers)]
    with counted(unit) as sent:
        assert Noticing(unit)(heard) == [True, True]
    assert [text.split()[3] for text in sent if text.startswith("SELECT id FROM")] == ["offers", "campaigns"]
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Order.roster_number)).all() == [1, 1]
