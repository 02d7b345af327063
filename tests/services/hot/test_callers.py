"""Tokens that are looked up together: one statement, each gets its own answer, and a lone one waits for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from domain.actors import SYSTEM, Actor, Role
from domain.errors import Busy, DomainError
from models import Resident
from services import sessions
from services.hot.callers import Callers
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.hot.meanwhile import meanwhile
from tests.services.hot.scene import counted

CROWD = 5


@dataclass
class Crowd:
    """Residents with a device each."""

    unit: Transactions
    callers: Callers
    ids: list[int]
    tokens: list[str]

    def ask(self, tokens: Sequence[str], audience: str = "resident") -> list[object]:
        """Look these up while the first one's statement is on its way; what each got."""
        acts = [partial(self._told, audience, token) for token in tokens]
        return meanwhile(self.unit, self.callers.together, acts)

    def _told(self, audience: str, token: str) -> object:
        try:
            return self.callers.look_up(audience, token).id
        except (DomainError, SQLAlchemyError) as refusal:
            return type(refusal).__name__


@pytest.fixture
def crowd(unit: Transactions, clock: FrozenClock) -> Crowd:
    """Some of them, whom nobody has asked about yet."""
    with unit(SYSTEM) as ctx:
        residents = [people.resident(ctx) for _ in range(CROWD)]
        tokens = [people.token(ctx, resident) for resident in residents]
        return Crowd(unit, Callers(unit, clock, 8, 60), [resident.id for resident in residents], tokens)


def test_a_lone_token_is_looked_up_at_once_in_one_statement(crowd: Crowd) -> None:
    with counted(crowd.unit) as sent:
        found = crowd.callers.look_up("resident", crowd.tokens[0])
    assert (found.role, found.resident_id) == (Role.RESIDENT, crowd.ids[0])
    assert len(sent) == 1


def test_whoever_comes_meanwhile_shares_one_statement(crowd: Crowd) -> None:
    with counted(crowd.unit) as sent:
        assert crowd.ask(crowd.tokens) == crowd.ids
    assert len(sent) == 2, "the first one's, and that of all the others"


def test_one_after_the_other_they_take_a_statement_each(crowd: Crowd) -> None:
    with counted(crowd.unit) as sent:
        assert [crowd.callers.look_up("resident", token).id for token in crowd.tokens] == crowd.ids
    assert len(sent) == CROWD


def test_who_is_refused_takes_nobody_along(crowd: Crowd) -> None:
    with crowd.unit(SYSTEM) as ctx:
        sessions.revoke_all(ctx, resident_id=crowd.ids[2])
        operator = people.token(ctx, people.operator(ctx))
    first, second, lost, *_ = crowd.tokens
    assert crowd.ask([first, "made-up", second, lost, operator, second, first]) == [
        crowd.ids[0], "Unauthenticated", crowd.ids[1], "Unauthenticated", "Forbidden", crowd.ids[1], crowd.ids[0],
    ]  # fmt: skip


def test_who_is_refused_is_not_believed_afterwards(crowd: Crowd) -> None:
    crowd.ask([crowd.tokens[0], "made-up", crowd.tokens[1]])
    known = [crowd.callers.believed("resident", token) for token in (*crowd.tokens[:3], "made-up")]
    assert [actor and actor.id for actor in known] == [*crowd.ids[:2], None, None]


def test_who_was_shut_out_is_refused_by_the_next_lookup_though_believed(crowd: Crowd) -> None:
    crowd.ask(crowd.tokens)
    with crowd.unit(SYSTEM) as ctx:
        sessions.revoke_all(ctx, resident_id=crowd.ids[1])
    assert isinstance(crowd.callers.believed("resident", crowd.tokens[1]), Actor)
    assert crowd.ask(crowd.tokens) == [crowd.ids[0], "Unauthenticated", *crowd.ids[2:]]


def test_a_token_is_looked_up_for_the_door_it_knocks_at(crowd: Crowd) -> None:
    assert crowd.ask(crowd.tokens[:3], "station") == ["Forbidden"] * 3
    assert crowd.callers.believed("station", crowd.tokens[0]) is None


def test_too_many_at_once_are_told_to_come_again(crowd: Crowd, clock: FrozenClock) -> None:
    full = Callers(crowd.unit, clock, 0, 60)
    with pytest.raises(Busy):
        full.look_up("resident", crowd.tokens[0])


def test_when_the_database_fails_each_hears_of_it(crowd: Crowd) -> None:
    with crowd.unit(SYSTEM) as ctx:
        ctx.session.execute(text("ALTER TABLE pickup_staff RENAME TO gone"))
    try:
        said = crowd.ask(crowd.tokens)
    finally:
        with crowd.unit(SYSTEM) as ctx:
            ctx.session.execute(text("ALTER TABLE gone RENAME TO pickup_staff"))
            assert ctx.session.get(Resident, crowd.ids[0])
    assert set(said) <= {"ProgrammingError", "OperationalError"}
