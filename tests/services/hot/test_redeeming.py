"""Hand-overs done together: how many statements that takes, and whom the batch leaves to the plain path."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select, text

from domain.actors import CLOCK, Actor
from models import IdempotencyRecord, Order, PickupStaff, Redemption, Session
from services import sessions, staffing
from services.hot.redeeming import Redeeming
from services.hot.requests import Asked, HandOut
from services.pickup import redeeming
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.hot.scene import counted, told
from tests.services.pickup.world import World

READS = 3  # devices with their staff, orders held, lines
WRITES = 10  # keys, redemptions, their lines, units, orders, codes, audit, entries, postings, answers
TAKEN_BACK = 1  # keys of those that go the plain way


@dataclass
class Desk:
    """Orders that wait at a point, and somebody with a device."""

    world: World
    staff: Actor
    orders: list[str] = field(default_factory=list)

    def ask(self, number: int, key: str = "", by: Actor | None = None) -> HandOut:
        """The order with this index is to be handed over; the answer says how many lines."""
        asked = Asked(
            by or self.staff, key or f"key-of-{number}", "f" * 64, "request-1", 201,
            lambda shown: f'"{len(shown.redemptions[0].items)} lines"',
        )  # fmt: skip
        return HandOut(asked, self.orders[number], "code")

    def do(self, *asked: HandOut) -> list[str]:
        """Do them together."""
        return told(Redeeming(self.world.unit)(asked))


def at_desk(world: World, name: str = "小张", point: int = 0) -> Actor:
    """Somebody at work with a device."""
    actor = world.staff(name, point)
    with world.unit(CLOCK) as ctx:
        people.token(ctx, ctx.session.get_one(PickupStaff, actor.id))
        device = ctx.session.scalars(select(Session.id).where(Session.staff_id == actor.id)).one()
    return replace(actor, session_id=device)


@pytest.fixture
def desk(unit: Transactions, clock: FrozenClock) -> Desk:
    """Six orders that wait at the first point."""
    world = World(unit, clock)
    campaign = world.campaign()
    orders = [world.order(world.resident(), campaign, {"草莓": 1, "纸巾": 2}) for _ in range(6)]
    world.bring(campaign)
    return Desk(world, at_desk(world), orders)


@pytest.mark.parametrize("size", [1, 6])
def test_a_batch_costs_the_same_statements_however_many_it_holds(desk: Desk, size: int) -> None:
    with counted(desk.world.unit) as sent:
        assert desk.do(*map(desk.ask, range(size))) == ["2 lines"] * size
    assert len([statement for statement in sent if not statement.startswith("BEGIN")]) == READS + WRITES


def test_who_is_left_to_the_plain_path_leaves_nothing_behind_and_troubles_nobody(desk: Desk) -> None:
    there = at_desk(desk.world, "小李", point=1)
    assert desk.do(desk.ask(0)) == ["2 lines"]
    with counted(desk.world.unit) as sent:
        said = desk.do(
            desk.ask(0, "another-key"), desk.ask(1, by=there), desk.ask(0), desk.ask(2), desk.ask(2, "late-key"),
            desk.ask(3, "key-of-2"),
        )  # fmt: skip
    assert said == ["plain", "plain", "plain", "2 lines", "plain", "plain"]
    assert len([statement for statement in sent if not statement.startswith("BEGIN")]) == READS + WRITES + TAKEN_BACK
    with desk.world.unit.reading() as ctx:
        keys = ctx.session.scalars(select(IdempotencyRecord.key).where(IdempotencyRecord.key.like("key-of-%")))
        assert sorted(keys) == ["key-of-0", "key-of-2"]
        assert len(ctx.session.scalars(select(Redemption)).all()) == 2


@pytest.mark.parametrize("way", ["device", "person", "time"])
def test_a_device_that_is_not_let_in_any_more_hands_nothing_over(desk: Desk, clock: FrozenClock, way: str) -> None:
    other = at_desk(desk.world, "小李")
    with desk.world.unit(desk.world.leader) as ctx:
        if way == "device":
            sessions.revoke_all(ctx, staff_id=desk.staff.id)
        if way == "person":
            staffing.remove(ctx, ctx.session.get_one(PickupStaff, desk.staff.id).public_id)
    if way == "time":
        clock.advance(hours=24 * 30)
        other = at_desk(desk.world, "小王")
    assert desk.do(desk.ask(0), desk.ask(1, by=other)) == ["plain", "2 lines"]


def test_what_was_partly_handed_over_is_finished_in_a_batch(desk: Desk) -> None:
    with desk.world.unit(desk.staff) as ctx:
        lines = ctx.session.execute(text("SELECT public_id, ordered_units FROM order_lines ORDER BY id")).all()
        redeeming.redeem(ctx, redeeming.Redeem((desk.orders[0],), "code", {lines[0].public_id: 1}))
    assert desk.do(desk.ask(0)) == ["1 lines"]
    with desk.world.unit.reading() as ctx:
        assert ctx.session.scalars(select(Order.state).where(Order.public_id == desk.orders[0])).one() == "collected"


def test_an_order_that_somebody_holds_is_not_waited_for(desk: Desk) -> None:
    if desk.world.unit.engine.dialect.name == "sqlite":
        pytest.skip("it has one writer, for whom all others wait")
    with desk.world.unit(desk.staff) as ctx:
        redeeming.hold(ctx, [desk.orders[0]])
        assert desk.do(desk.ask(0), desk.ask(1)) == ["plain", "2 lines"]
