"""A long paper is made in the background, once, whoever dies over it, for its owner only and for some days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from domain.actors import CLOCK, Actor
from domain.errors import NotFound, WrongState
from domain.policy import Policy
from models import Export
from services import sessions
from services.assembly import Lintuan
from services.flows import papers
from services.papers import exports
from services.papers.exports import ExportShown, Turn
from services.papers.making import AskPaper
from services.transactions import Transactions
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import World


@pytest.fixture
def narrow(product: Lintuan, world: World) -> Transactions:
    """The same database, read one order at a time."""
    policy = Policy(export_batch=1)
    return Transactions(product.unit.engine, world.clock, policy, product.vault, lambda: "narrow-request")


@pytest.fixture
def campaign(world: World) -> str:
    """A settled campaign of three buyers."""
    made = world.campaign()
    for name in ("甲甲", "乙乙", "丙丙"):
        world.order(world.resident(name), made, {"草莓": 1})
    world.settle(made)
    return made


def ask(world: World, campaign: str, kind: str = "slips", format_: str = "html") -> ExportShown:
    """The leader wants a paper."""
    with world.unit(world.leader) as ctx:
        return exports.ask(ctx, AskPaper(kind, campaign), format_)


def shown(world: World, export: str, who: Actor | None = None) -> ExportShown:
    """How it stands."""
    with world.unit.reading(who or world.leader) as ctx:
        return exports.shown(ctx, export)


def claimed(world: World) -> Turn:
    """The next due export, taken as a maker takes it."""
    with world.unit(CLOCK) as ctx:
        turn = exports.claim(ctx, exports.due(ctx)[0])
    assert turn is not None
    return turn


@pytest.mark.parametrize(("kind", "format_"), [("slips", "html"), ("roster", "xlsx"), ("points", "html")])
def test_what_is_asked_is_made_and_fetched(
    world: World, narrow: Transactions, product: Lintuan, campaign: str, kind: str, format_: str
) -> None:
    asked = ask(world, campaign, kind, format_)
    assert (asked.state, asked.progress) == ("waiting", 0)
    with pytest.raises(WrongState):
        papers.exported(product, world.leader, asked.id)
    assert papers.make_due(narrow, product.outside) == 1
    assert papers.make_due(narrow, product.outside) == 0
    assert (shown(world, asked.id).state, shown(world, asked.id).progress) == ("ready", 100)
    made = papers.exported(product, world.leader, asked.id)
    assert made.content == papers.at_once(product, world.leader, AskPaper(kind, campaign), format_).content


def test_the_same_paper_on_its_way_is_not_made_twice_but_later_anew(
    world: World, product: Lintuan, campaign: str
) -> None:
    first, again, other = (ask(world, campaign, kind).id for kind in ("slips", "slips", "labels"))
    assert (first == again, first == other) == (True, False)
    assert papers.make_due(world.unit, product.outside) == 2
    assert ask(world, campaign).id != first


def test_progress_is_seen_while_it_is_made(world: World, campaign: str) -> None:
    asked, turn = ask(world, campaign), claimed(world)
    with world.unit(CLOCK) as ctx:
        assert exports.go_on(ctx, turn, 2, 3)
    assert (shown(world, asked.id).state, shown(world, asked.id).progress) == ("making", 66)


def test_who_asks_while_it_becomes_ready_gets_that_one_or_another(world: World, campaign: str) -> None:
    """Its maker ends right after an attempt to write it down anew, where the database lets both go on."""
    asked, turn = ask(world, campaign), claimed(world)
    ended: list[object] = []

    def finish(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO exports") and world.unit.engine.dialect.name == "postgresql" and not ended:
            ended.append(turn)
            with world.unit(CLOCK) as ctx:
                assert exports.finish(ctx, turn)

    event.listen(world.unit.engine, "after_cursor_execute", finish)
    try:
        again = ask(world, campaign)
    finally:
        event.remove(world.unit.engine, "after_cursor_execute", finish)
    assert (again.id != asked.id) is bool(ended)
    assert again.state == ("waiting" if ended else "making")


def test_two_makers_make_it_once(world: World, campaign: str) -> None:
    ask(world, campaign)
    turn = claimed(world)
    with world.unit(CLOCK) as ctx:
        assert exports.claim(ctx, turn.export) is None
        assert exports.due(ctx) == []


def test_a_maker_who_died_is_followed_by_another_and_cannot_come_back(
    world: World, product: Lintuan, campaign: str
) -> None:
    asked, dead = ask(world, campaign), claimed(world)
    assert papers.make_due(world.unit, product.outside) == 0
    world.clock.advance(seconds=61)
    assert papers.make_due(world.unit, product.outside) == 1
    assert shown(world, asked.id).state == "ready"
    with world.unit(CLOCK) as ctx:
        assert not exports.go_on(ctx, dead, 3, 3)
        assert not exports.finish(ctx, dead)


def test_one_that_kills_every_maker_fails_in_the_end_and_may_be_asked_anew(
    world: World, product: Lintuan, campaign: str
) -> None:
    asked = ask(world, campaign)
    for _ in range(product.policy.export_tries):
        claimed(world)
        world.clock.advance(seconds=61)
    assert papers.make_due(world.unit, product.outside) == 0
    assert shown(world, asked.id).state == "failed"
    assert ask(world, campaign).id != asked.id


def test_only_its_owner_has_it_and_only_for_its_days(
    world: World, product: Lintuan, outside: PretendOutside, campaign: str
) -> None:
    asked = ask(world, campaign)
    papers.make_due(world.unit, product.outside)
    stranger = Actor(world.leader.role, world.leader.id + 1000, world.leader.resident_id)
    with pytest.raises(NotFound):
        shown(world, asked.id, stranger)
    with pytest.raises(NotFound):
        papers.exported(product, stranger, asked.id)
    assert papers.drop_expired(world.unit, product.outside) == 0
    world.clock.set(world.clock.now() + timedelta(days=7, seconds=1))
    with pytest.raises(NotFound):
        shown(world, asked.id)
    assert outside.files.get(exports.key_of(asked.id)) is not None
    assert papers.drop_expired(world.unit, product.outside) == 1
    assert outside.files.get(exports.key_of(asked.id)) is None
    with world.unit.reading(CLOCK) as ctx:
        assert ctx.session.scalars(select(Export)).all() == []


def test_over_http(world: World, product: Lintuan, client: Any, campaign: str) -> None:
    with world.unit(world.leader) as ctx:
        token = sessions.open_session(ctx, "resident", resident_id=world.leader.resident_id, device="t")
    headers = {"Authorization": f"Bearer {token}"}
    body = {"campaign_id": campaign, "kind": "roster", "format": "xlsx"}
    asked = client.post("/api/leader/exports", json=body, headers=headers)
    assert (asked.status_code, asked.json["state"], asked.json["progress"]) == (201, "waiting", 0)
    path = f"/api/leader/exports/{asked.json['id']}"
    assert client.get(f"{path}/file", headers=headers).status_code == 409
    papers.make_due(world.unit, product.outside)
    assert client.get(path, headers=headers).json["progress"] == 100
    file = client.get(f"{path}/file", headers=headers)
    assert (file.status_code, file.data[:2]) == (200, b"PK")
    for wrong in ({**body, "kind": "secrets"}, {**body, "format": "pdf"}, {**body, "surprise": 1}):
        assert client.post("/api/leader/exports", json=wrong, headers=headers).status_code == 422


def test_a_desk_has_its_own_papers_made_and_all_who_work_there_fetch_them(
    world: World, product: Lintuan, campaign: str
) -> None:
    staff, colleague, elsewhere = world.staff("小王"), world.staff("小张"), world.staff("小李", point=1)
    with world.unit(staff) as ctx:
        asked = exports.ask(ctx, AskPaper("roster"), "xlsx")
    with world.unit(colleague) as ctx:
        assert exports.ask(ctx, AskPaper("roster"), "xlsx").id == asked.id
    with world.unit(elsewhere) as ctx:
        assert exports.ask(ctx, AskPaper("roster"), "xlsx").id != asked.id
    assert papers.make_due(product.unit, product.outside) == 2
    made = papers.exported(product, colleague, asked.id)
    assert made.content == papers.at_once(product, staff, AskPaper("roster"), "xlsx").content
    for stranger in (elsewhere, world.leader):
        with pytest.raises(NotFound):
            papers.exported(product, stranger, asked.id)
