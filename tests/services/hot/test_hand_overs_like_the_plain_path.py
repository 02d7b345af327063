"""Hand-overs done together say and write what the same hand-overs say and write one by one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from domain.actors import CLOCK, Actor
from domain.errors import DomainError
from models import Order, OrderLine, PickupPoint, PickupStaff, Redemption
from services import sessions
from services.hot import redeem_rows
from services.pickup import undoing
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.hot.twins import Post, Twins
from tests.services.pickup.world import World

HAND_OVER = "/api/station/redemptions"
DOOR = {"building": "3栋", "room": "1201"}
KINDS: tuple[dict[str, Any], ...] = (
    {},
    {"discount_over_fen": 3000, "discount_fen": 500},
    {"payment_policy": "on_pickup"},
    {"delivery_method": "door", "delivery_fee_fen": 300},
)


@dataclass
class Desks:
    """Orders that wait or are still to come, and those who hand them over at two points."""

    world: World
    staff: list[Actor] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)

    def post(self, who: int, orders: list[str], key: str, **more: object) -> Post:
        """Hand these orders over."""
        return Post(HAND_OVER, self.tokens[who], key, {"orders": orders, "found_by": "code", **more})


def desks(unit: Transactions, clock: FrozenClock, each: int = 6) -> Desks:
    """Campaigns of every kind at two points, of which one owes its keeper a fee; the last campaign brings nothing."""
    world = World(unit, clock)
    here, chance = Desks(world), random.Random(7)
    with unit(CLOCK) as ctx:
        ctx.session.execute(update(PickupPoint).where(PickupPoint.id == world.points[0]).values(fee_fen=50))
    for number, terms in enumerate((*KINDS, {})):
        campaign = world.campaign(title=f"第{number}团", **terms)
        said = DOOR if "delivery_method" in terms else {}
        for _ in range(each):
            wanted = chance.choice(({"草莓": 2}, {"纸巾": 1}, {"草莓": 1, "纸巾": 3}))
            here.orders.append(world.order(world.resident(), campaign, wanted, int(chance.random() < 0.2), **said))
        if number < len(KINDS):
            world.bring(campaign)
    here.staff = [world.staff("小张"), world.staff("小李"), world.staff("小王", point=1)]
    with unit(CLOCK) as ctx:
        here.tokens = [people.token(ctx, ctx.session.get_one(PickupStaff, actor.id)) for actor in here.staff]
    return here


def drawn(chance: random.Random, here: Desks, before: list[Post], number: int) -> Post:
    """A request as desks bring them: mostly sound; repeated, reused, late, partial, for two, or at the wrong desk."""
    kind, key, order = chance.random(), f"key-{number:05}", chance.choice(here.orders)
    if before and kind < 0.1:
        return chance.choice(before)
    if before and kind < 0.15:
        old = chance.choice(before)
        return Post(old.path, old.token, old.key, {**old.body, "orders": [order]})
    who = chance.choices(range(len(here.staff)), (5, 5, 2))[0]
    if kind < 0.2:
        return here.post(who, [order, chance.choice(here.orders)], key)
    if kind < 0.23:
        return here.post(who, ["ord_" + "0" * 26], key)
    if kind < 0.3:
        return here.post(who, [order], key, lines=[{"line": _a_line(here, order), "units": 1}])
    return here.post(who, [order], key, found_by=chance.choice(("code", "qr", "roster", "batch")))


def _a_line(here: Desks, order: str) -> str:
    with here.world.unit.reading() as ctx:
        lines = select(OrderLine.public_id).join(Order, Order.id == OrderLine.order_id)
        return ctx.session.scalars(lines.where(Order.public_id == order).order_by(OrderLine.id)).first() or ""


def meanwhile(chance: random.Random, here: Desks, pair: Twins, clock: FrozenClock) -> None:
    """Between two batches a hand-over is undone, a desk's devices are shut out, or time passes."""
    what, by, order = chance.randrange(4), chance.choice(here.staff), chance.choice(here.orders)
    if what <= 1:
        pair.both(lambda unit: _undo(unit, by, order))
    elif what == 2:
        pair.both(lambda unit: _shut_out(unit, here.staff[2]))
    else:
        clock.advance(minutes=chance.choice((1, 20)))


def _undo(unit: Transactions, by: Actor, order: str) -> None:
    with suppress(DomainError), unit(by) as ctx:
        made = select(Redemption.public_id).join(Order, Order.id == Redemption.order_id)
        last = ctx.session.scalars(made.where(Order.public_id == order).order_by(Redemption.id.desc())).first()
        undoing.undo(ctx, undoing.Undo(last or "", "拿错了"))


def _shut_out(unit: Transactions, who: Actor) -> None:
    with unit(CLOCK) as ctx:
        sessions.revoke_all(ctx, staff_id=who.id)


@pytest.mark.parametrize("seed", range(3))
def test_desks_in_batches_end_as_they_do_one_by_one(app: Flask, make_twins: Callable[[], Twins], clock: FrozenClock,
                                                    seed: int) -> None:  # fmt: skip
    chance = random.Random(seed)
    here = desks(app.extensions["lintuan"].unit, clock)
    pair = make_twins()
    posts: list[Post] = []
    told: Counter[int] = Counter()
    for _ in range(5):
        batch: list[Post] = []
        for _ in range(chance.choice((1, 8, 16))):
            batch.append(drawn(chance, here, posts, len(posts)))
            posts.append(batch[-1])
        told.update(status for status, _ in pair.batch(list(dict.fromkeys(batch))))
        meanwhile(chance, here, pair, clock)
    assert told[201] > 5
    assert told[409] > 2


def test_a_batch_that_forgot_the_commission_would_be_noticed(app: Flask, make_twins: Callable[[], Twins],
                                                             clock: FrozenClock,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    here = desks(app.extensions["lintuan"].unit, clock, each=1)
    pair = make_twins()
    true = redeem_rows.HAND_OVER

    def careless(connection: Any, rows: Any) -> Any:
        return true(connection, [(*row[:3], 0, *row[4:]) for row in rows])

    monkeypatch.setattr(redeem_rows, "HAND_OVER", careless)
    orders = [order for order in here.orders if _is_here(here, order)]
    with pytest.raises(AssertionError, match="commission_expensed_fen=0"):
        pair.batch([here.post(0, [order], f"the-key-{order}") for order in orders])
    monkeypatch.undo()
    pair.both(_mend)


def _is_here(here: Desks, order: str) -> bool:
    with here.world.unit.reading() as ctx:
        row = ctx.session.scalars(select(Order).where(Order.public_id == order)).one()
        return row.state == "ready" and row.point_id == here.world.points[0]


def _mend(unit: Transactions) -> None:
    with unit(CLOCK) as ctx:
        ctx.session.execute(
            update(OrderLine)
            .where(OrderLine.collected_units > 0)
            .values(commission_expensed_fen=OrderLine.commission_fen)
        )
