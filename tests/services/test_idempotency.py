"""A key is one caller's at a time: taken, given back, and taken again by whoever meets it at that very moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from domain.actors import Actor, Role
from domain.errors import KeyReused
from services import idempotency
from services.idempotency import UNDERWAY, Answer
from services.transactions import Transactions

KEY, FORM, ANOTHER = "form:one-rendered-form", "this form", "another form"
ME, COLLEAGUE = Actor(Role.OPERATOR, 1), Actor(Role.OPERATOR, 2)


def claim(unit: Transactions, actor: Actor = ME, form: str = FORM) -> Answer | None:
    with unit(actor) as ctx:
        return idempotency.claim(ctx, KEY, form)


def release(unit: Transactions, actor: Actor = ME) -> None:
    with unit(actor) as ctx:
        idempotency.release(ctx, KEY)


@contextmanager
def after_the_first_insert(unit: Transactions, act: Callable[[], None]) -> Iterator[None]:
    """`act` happens once, as soon as somebody has asked for a key."""
    waiting = [act]

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if waiting and statement.startswith("INSERT INTO idempotency_records"):
            waiting.pop()()

    event.listen(unit.engine, "after_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(unit.engine, "after_cursor_execute", note)
    assert not waiting


def test_a_key_that_is_given_back_while_its_twin_looks_is_the_twins(unit: Transactions) -> None:
    assert claim(unit) is None
    if unit.engine.dialect.name == "sqlite":  # one writer at a time: nobody gives anything back meanwhile
        release(unit)
        assert claim(unit) is None
        return
    with after_the_first_insert(unit, lambda: release(unit)):
        assert claim(unit) is None
    assert claim(unit) == Answer(UNDERWAY, None, replayed=True)


def test_a_key_that_was_settled_is_given_back_by_nobody(unit: Transactions) -> None:
    claim(unit)
    with unit(ME) as ctx:
        idempotency.settle(ctx, KEY, Answer(303, "/there"))
    release(unit)
    assert claim(unit) == Answer(303, "/there", replayed=True)
    with pytest.raises(KeyReused):
        claim(unit, form=ANOTHER)


def test_another_operators_key_is_another_key(unit: Transactions) -> None:
    assert claim(unit) is None
    assert claim(unit, COLLEAGUE, ANOTHER) is None
    release(unit, COLLEAGUE)
    assert claim(unit) == Answer(UNDERWAY, None, replayed=True)
