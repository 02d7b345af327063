"""Playing a step of the story and keeping what it has booked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from domain.actors import SYSTEM, Actor
from models import JournalEntry, Order, OrderLine
from scripts.worked_example.scenery import Cast
from services.explaining import journal
from services.explaining.shapes import EntryView


@dataclass(frozen=True)
class Chapter:
    """One step: its heading, what happens in plain words, every entry it booked, and further sentences."""

    title: str
    text: str
    entries: Sequence[EntryView]
    more: Sequence[str]


@dataclass
class Telling:
    """The cast on its stage, and the chapters so far."""

    cast: Cast
    chapters: list[Chapter] = field(default_factory=list)
    _seen: int = 0

    @contextmanager
    def chapter(self, title: str, text: str) -> Iterator[list[str]]:
        """What is booked inside belongs to this step; the list takes further sentences."""
        more: list[str] = []
        yield more
        with self.cast.world.unit.reading(SYSTEM) as ctx:
            entries = journal.entries(ctx, JournalEntry.id > self._seen)
            self._seen = int(ctx.session.scalar(select(func.max(JournalEntry.id))) or 0)
        self.chapters.append(Chapter(title, text, entries, more))

    def later(self, **amount: float) -> None:
        """Time passes, the clock wakes, and everybody is told."""
        self.cast.stage.clock.advance(**amount)
        self.settle_down()

    def settle_down(self) -> None:
        """Let sweeps and notices run, with the minute between that the gateway wants between two refunds."""
        for _ in range(3):
            self.cast.world.sweep()
            self.cast.world.post()
            self.cast.stage.clock.advance(seconds=62)

    def act(self, who: Actor, service: Callable[..., Any], *command: Any) -> Any:
        """One use case in one transaction."""
        with self.cast.world.unit(who) as ctx:
            return service(ctx, *command)

    def orders(self) -> list[Order]:
        """Every order, as they were placed."""
        return self.cast.world.rows(Order)

    def line(self, order: Order, number: int = 0) -> OrderLine:
        """A line of an order."""
        return self.cast.world.rows(OrderLine, OrderLine.order_id == order.id)[number]
