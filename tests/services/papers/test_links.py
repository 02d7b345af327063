"""A link opens one paper once, for minutes, with the eyes of who made it and as long as they may look."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, Actor
from domain.errors import CodeExpired, NotFound, PaperTooLong, WrongState
from domain.policy import Policy
from models import PaperLink
from services import sessions, staffing
from services.assembly import Lintuan
from services.flows import papers
from services.papers import exports, links
from services.papers.making import AskPaper
from services.transactions import Transactions
from tests.services.pickup.world import World


@pytest.fixture
def campaign(world: World) -> str:
    """A settled campaign of one buyer."""
    made = world.campaign(title="周五水果")
    world.order(world.resident("甲甲"), made, {"草莓": 1})
    world.settle(made)
    return made


def linked(world: World, who: Actor, asked: AskPaper, export_id: str = "") -> str:
    """A link's token."""
    with world.unit(who) as ctx:
        return links.make(ctx, asked, export_id).token


def test_a_link_opens_its_paper_once_and_only_its_hash_is_kept(world: World, product: Lintuan, campaign: str) -> None:
    token = linked(world, world.leader, AskPaper("slips", campaign))
    with world.unit.reading() as ctx:
        assert token not in str(vars(ctx.session.scalars(select(PaperLink)).one()))
    assert "1号 甲**" in papers.by_link(product, token, "html").content.decode()
    for spent in (token, "made-up", ""):
        with pytest.raises(CodeExpired):
            papers.by_link(product, spent, "html")


def test_a_second_link_to_the_same_paper_replaces_the_first_but_no_other(
    world: World, product: Lintuan, campaign: str
) -> None:
    first, other = (linked(world, world.leader, AskPaper(kind, campaign)) for kind in ("slips", "roster"))
    second = linked(world, world.leader, AskPaper("slips", campaign))
    with pytest.raises(CodeExpired):
        papers.by_link(product, first, "html")
    for token in (second, other):
        assert papers.by_link(product, token, "html").content


def test_of_two_who_open_it_at_once_one_sees_it(world: World, product: Lintuan, campaign: str) -> None:
    token = linked(world, world.leader, AskPaper("slips", campaign))

    def opens(_: int) -> bool:
        try:
            papers.by_link(product, token, "xlsx")
        except CodeExpired:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(opens, range(2))) == [False, True]


def test_a_link_dies_after_minutes_and_is_forgotten(world: World, product: Lintuan, campaign: str) -> None:
    token = linked(world, world.leader, AskPaper("slips", campaign))
    world.clock.advance(minutes=10)
    with pytest.raises(CodeExpired):
        papers.by_link(product, token, "html")
    papers.drop_expired(product.unit, product.outside)
    with world.unit.reading() as ctx:
        assert ctx.session.scalars(select(PaperLink)).all() == []


def test_a_desks_link_shows_what_its_staff_may_see_and_dies_with_their_work(
    world: World, product: Lintuan, campaign: str
) -> None:
    staff = world.staff()
    roster, other = (linked(world, staff, AskPaper(kind)) for kind in ("roster", "labels"))
    assert "甲**" in papers.by_link(product, roster, "html").content.decode()
    with world.unit(staff) as ctx:
        staffing.leave(ctx)
    with pytest.raises(CodeExpired):
        papers.by_link(product, other, "html")


def test_what_the_maker_may_not_see_gets_no_link(world: World, campaign: str) -> None:
    stranger = world.staff()
    with pytest.raises(NotFound):
        linked(world, stranger, AskPaper("nothing"))
    with pytest.raises(NotFound):
        linked(world, world.leader, AskPaper("slips", "cmp_" + "0" * 26))
    with world.unit(world.leader) as ctx:
        asked = exports.ask(ctx, AskPaper("slips", campaign), "html").id
    with pytest.raises(WrongState):
        linked(world, world.leader, AskPaper(""), asked)
    with pytest.raises(NotFound):
        linked(world, stranger, AskPaper(""), asked)


def test_a_long_paper_is_linked_once_it_is_made(world: World, product: Lintuan, campaign: str) -> None:
    world.order(world.resident("乙乙"), world.campaign(), {"草莓": 1})
    narrow = Transactions(product.unit.engine, world.clock, Policy(paper_orders_at_once=0), product.vault, lambda: "x")
    with pytest.raises(PaperTooLong), narrow(world.leader) as ctx:
        links.make(ctx, AskPaper("slips", campaign))
    with world.unit(world.leader) as ctx:
        asked = exports.ask(ctx, AskPaper("slips", campaign), "html").id
    assert papers.make_due(product.unit, product.outside) == 1
    token = linked(world, world.leader, AskPaper(""), asked)
    assert "1号 甲**" in papers.by_link(product, token, "xlsx").content.decode()


def test_over_http_a_look_uses_nothing_up_and_a_press_does(world: World, client: Any, campaign: str) -> None:
    staff = world.staff()
    with world.unit(CLOCK) as ctx:
        desk = sessions.open_session(ctx, "station", resident_id=staff.resident_id, staff_id=staff.id, device="t")
    at_desk = {"Authorization": f"Bearer {desk}"}
    made = client.post("/api/station/paper-links", json={"kind": "labels"}, headers=at_desk)
    assert made.status_code == 201
    path = "/m/papers/" + made.get_json()["url"].rpartition("/")[2]
    for _ in range(2):
        look = client.get(path)
        assert (look.status_code, look.headers["Cache-Control"]) == (200, "no-store")
        assert "甲" not in look.text
    opened = client.post(path, data={"format": "html"})
    assert "1号 甲**" in opened.text
    assert "default-src 'none'" in opened.headers["Content-Security-Policy"]
    again = client.post(path, data={"format": "html"})
    assert again.status_code == 410
    assert "已经打开过或过期了" in again.text
    nothing = client.post("/api/station/paper-links", json={}, headers=at_desk)
    assert (nothing.status_code, list(nothing.get_json()["errors"])) == (422, ["kind"])
