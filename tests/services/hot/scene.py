"""Joins of a batch, asked for without HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import event

from domain.actors import Actor, Role
from domain.errors import DomainError
from services.hot.joining import Joining
from services.hot.requests import Asked, Join, Outcome, Said
from services.transactions import Transactions
from tests.builders import campaigns
from tests.builders.campaigns import Scene


def join(scene: Scene, who: int, units: int | dict[str, int] = 1, key: str = "", **values: object) -> Join:
    """An order of the buyer `who` (an index); its answer says the order's state and number."""
    resident = scene.buyers[who]
    asked = Asked(
        Actor(Role.RESIDENT, resident, resident), key or f"key-of-{who}", "f" * 64, "request-1", 201,
        lambda page: f'"{page.state} {page.roster_number}"',
    )  # fmt: skip
    return Join(asked, campaigns.wanted(scene, units, **values), resident)


def told(outcomes: Sequence[Outcome]) -> list[str]:
    """The outcomes in a word each."""
    return [_told(outcome) for outcome in outcomes]


def _told(outcome: Outcome) -> str:
    if isinstance(outcome, Said):
        return outcome.text.strip('"')
    return outcome.code() if isinstance(outcome, DomainError) else "plain"


def do(unit: Transactions, *joins: Join) -> list[str]:
    """Do them together."""
    return told(Joining(unit)(joins))


@contextmanager
def counted(unit: Transactions) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, but for the ends of transactions."""
    sent: list[str] = []

    def note(*given: object) -> None:
        sent.append(str(given[2]))

    event.listen(unit.engine, "before_cursor_execute", note)
    yield sent
    event.remove(unit.engine, "before_cursor_execute", note)
