"""What is seeded in bulk is what the services would have left, and the floors of real rows do the product's work."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from benchmarks import pgbench, product
from benchmarks.machine import Machine
from benchmarks.seeding import campaigns, lots, people
from benchmarks.seeding.lots import Stage
from domain.actors import SYSTEM
from models import Leader
from services import sessions
from services.transactions import Transactions

COUNT = 30


@pytest.fixture
def url(machine: Machine) -> str:
    """A fresh PostgreSQL database."""
    return machine.postgresql()


@pytest.fixture
def unit(url: str) -> Transactions:
    """Transactions on it."""
    return product.transactions(url)


def _first(unit: Transactions, statement: str) -> object:
    with unit.reading() as ctx:
        return ctx.session.execute(text(statement)).scalar_one()


@pytest.mark.parametrize("stage", Stage)
def test_two_lots_in_one_campaign_keep_every_invariant(unit: Transactions, stage: Stage) -> None:
    scene = campaigns.one(unit)
    first, second = (lots.write(unit, scene, stage, COUNT) for _ in range(2))
    assert product.broken(unit) == []
    assert _first(unit, "SELECT count(*) FROM orders") == 2 * COUNT
    assert not set(first.public_ids("ord")) & set(second.public_ids("ord"))
    assert _first(unit, "SELECT takings FROM offers") == 2 * COUNT


def test_a_lot_that_counted_wrongly_would_be_seen(unit: Transactions) -> None:
    lots.write(unit, campaigns.one(unit), Stage.PAID, COUNT)
    with unit(SYSTEM) as ctx:
        ctx.session.execute(text("UPDATE offers SET sold_units = sold_units - 1"))
    assert product.broken(unit) == ["1 held + sold + free = quota"]


def test_campaigns_beside_one_are_open_and_empty(unit: Transactions) -> None:
    scene = campaigns.one(unit)
    lots.write(unit, scene, Stage.PAID, COUNT)
    assert len(set(campaigns.beside(unit, scene, 5))) == 5
    assert product.broken(unit) == []


def test_everybody_of_a_crowd_is_logged_in(unit: Transactions) -> None:
    crowd = people.crowd(unit, COUNT)
    with unit.reading() as ctx:
        found = [sessions.actor_of(ctx.session, ctx.now, "resident", token).resident_id for token in crowd.tokens]
    assert found == crowd.ids


def test_the_floor_of_notices_leaves_what_the_product_leaves(machine: Machine, url: str, unit: Transactions) -> None:
    lot = lots.write(unit, campaigns.one(unit), Stage.ASKED, COUNT)
    pgbench.execute(url, "counters.sql")
    variables = {"base": lot.base, "hot": lot.scene.campaign_id}
    pgbench.run(machine, url, {"notice_first.sql": 1, "notice_again.sql": 1}, 2, 1, variables=variables)
    assert product.broken(unit) == []
    taken = _first(unit, f"SELECT least(last_value, {COUNT}) FROM floor_next_notice")
    assert _first(unit, "SELECT count(*) FROM orders WHERE counted") == taken


def test_the_floor_of_hand_overs_uses_each_code_once(machine: Machine, url: str, unit: Transactions) -> None:
    lot = lots.write(unit, campaigns.one(unit), Stage.READY, COUNT)
    pgbench.execute(url, "counters.sql")
    found = pgbench.run(machine, url, {"redeem.sql": 1}, 2, 1, variables={"ready": lot.base})
    assert _first(unit, "SELECT last_value FROM floor_next_code") == found.done
    redeemed = "SELECT count(*) FROM pickup_codes WHERE state = 'redeemed'"
    assert _first(unit, redeemed) == min(found.done, COUNT)
    pgbench.execute(url, "redeem_undone.sql")
    assert _first(unit, redeemed) == 0


def test_the_floor_of_closing_leaves_what_the_product_leaves(url: str, unit: Transactions) -> None:
    lot = lots.write(unit, campaigns.one(unit), Stage.PAID, COUNT)
    with unit.reading() as ctx:
        leader = ctx.session.get_one(Leader, lot.scene.leader_id).public_id
    with pgbench.connect(url) as connection, connection.transaction():
        for name, value in (("campaign", str(lot.scene.campaign_id)), ("leader", leader)):
            connection.execute("SELECT set_config(%s, %s, false)", (f"bench.{name}", value))
        connection.execute((pgbench.FLOORS / "close.sql").read_bytes())
    assert product.broken(unit) == []
    assert _first(unit, "SELECT count(*) FROM orders WHERE state = 'confirmed'") == COUNT
