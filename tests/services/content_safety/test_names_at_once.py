"""A name that is judged in the very moment in which its owner takes another: neither waits for the other in vain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, get_ident

import pytest
from sqlalchemy import event, select

from domain.actors import CLOCK, Actor
from domain.content import Suggestion
from models import ContentCheck, Resident
from services import leaving, people
from services.content_safety import asking
from services.people import ChangeProfile
from services.transactions import Transactions
from tests.services.pickup.world import World

PATIENCE = 60
WAITS = re.compile("FROM residents.*FOR NO KEY UPDATE|UPDATE residents|INSERT INTO notifications", re.DOTALL)
"""Where the judge may have to wait for the owner."""


def take(world: World, who: Actor, name: str) -> None:
    with world.unit(who) as ctx:
        people.change_profile(ctx, ChangeProfile(nickname=name))


def judge(world: World, suggestion: Suggestion = Suggestion.FINE) -> bool:
    """The platform's word on the check that waited first."""
    with world.unit(CLOCK) as ctx:
        first = ctx.session.scalars(select(ContentCheck.id).order_by(ContentCheck.id)).first()
        assert first is not None
        return asking.answered(ctx, first, suggestion, 100)


def name_of(world: World, who: Actor) -> str:
    with world.unit.reading() as ctx:
        return ctx.session.get_one(Resident, who.id).nickname


@contextmanager
def noting(unit: Transactions, when: str, note: Callable[[str], None]) -> Iterator[None]:
    """`note` hears of each statement before or after it is executed."""

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        note(statement)

    event.listen(unit.engine, when, hear)
    try:
        yield
    finally:
        event.remove(unit.engine, when, hear)


def test_the_earlier_name_is_the_one_that_passed_just_now(world: World) -> None:
    who = world.resident("旧名")
    take(world, who, "新名")
    me, waiting = get_ident(), [judge]

    def passes_meanwhile(statement: str) -> None:
        if waiting and "FOR " in statement and "FROM residents" in statement and get_ident() == me:
            waiting.pop()(world)

    if world.unit.engine.dialect.name == "sqlite":  # one writer at a time
        waiting.pop()(world)
    with noting(world.unit, "before_cursor_execute", passes_meanwhile):
        take(world, who, "更新的名字")
    assert (waiting, name_of(world, who)) == ([], "新名")


@pytest.mark.parametrize("word", [Suggestion.FINE, Suggestion.RISKY])
def test_its_judge_and_its_owner_do_not_wait_for_each_other(world: World, word: Suggestion) -> None:
    who = world.resident("旧名")
    take(world, who, "新名")
    if world.unit.engine.dialect.name == "sqlite":  # one writer at a time
        return
    judging, threads, later = Event(), [get_ident()], list[Future[bool]]()

    def go_on_when_both_hold_something(statement: str) -> None:
        own = get_ident() == threads[0]
        if own and statement.startswith("UPDATE content_checks") and len(threads) == 1:
            later.append(pool.submit(late))
            assert judging.wait(PATIENCE)

    def late() -> bool:
        threads.append(get_ident())
        try:
            return judge(world, word)
        finally:
            judging.set()

    def at_the_row(statement: str) -> None:
        if get_ident() in threads[1:] and WAITS.search(statement):
            judging.set()

    with ThreadPoolExecutor(1) as pool, noting(world.unit, "before_cursor_execute", at_the_row), \
         noting(world.unit, "before_cursor_execute", go_on_when_both_hold_something):  # fmt: skip
        take(world, who, "更新的名字")
        assert not later[0].result(PATIENCE)  # a word about a name that nobody has taken any more
    assert name_of(world, who) == "旧名"


@pytest.mark.parametrize("word", list(Suggestion))
def test_a_word_about_somebody_who_leaves_in_that_moment_changes_nothing(world: World, word: Suggestion) -> None:
    who = world.resident("旧名")
    take(world, who, "新名")
    leaving_now: list[Actor] = [who]

    def leave(statement: str) -> None:
        if leaving_now and statement.startswith("SELECT residents.id") and "FOR " in statement:
            with world.unit(leaving_now.pop()) as ctx:
                leaving.leave(ctx)

    if world.unit.engine.dialect.name == "sqlite":  # one writer at a time
        return
    with noting(world.unit, "before_cursor_execute", leave):
        assert not judge(world, word)
    assert (leaving_now, name_of(world, who)) == ([], "")
