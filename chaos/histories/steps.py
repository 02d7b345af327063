"""What can happen in a history: named steps, each with how likely it is where the world stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from chaos.histories.world import Choices, World


@dataclass(frozen=True)
class Scenery:
    """Where the world stands: the campaign's state, orders by state, things that wait, and which step of how many.

    `method` is how goods reach their buyers: pickup, door or courier.
    """

    campaign: str
    settled: bool
    method: str
    orders: Counter[str]
    things: Counter[str]
    number: int
    of: int

    def any(self, *states: str) -> bool:
        """Whether an order stands in one of these states."""
        return any(self.orders[state] for state in states)


Likely = Callable[[Scenery], int]


@dataclass(frozen=True)
class Step:
    """`does` plays it and raises a DomainError when the product refuses; `likely` is its weight, 0 for impossible."""

    name: str
    likely: Likely
    does: Callable[[World, Choices], None]


ALL: list[Step] = []


def step(likely: Likely) -> Callable[[Callable[[World, Choices], None]], Callable[[World, Choices], None]]:
    """Register a function as a step under its own name."""

    def register(does: Callable[[World, Choices], None]) -> Callable[[World, Choices], None]:
        ALL.append(Step(does.__name__, likely, does))
        return does

    return register


def selling(weight: int) -> Likely:
    """While the campaign takes orders."""
    return lambda at: weight if at.campaign in ("open", "paused") else 0


def with_orders(weight: int, *states: str) -> Likely:
    """While an order stands in one of these states."""
    return lambda at: weight if at.any(*states) else 0


def with_things(weight: int, name: str) -> Likely:
    """While something of that name waits (letters, deliveries on their way, statements …)."""
    return lambda at: weight if at.things[name] else 0


def always(weight: int) -> Likely:
    """At any time."""
    return lambda _at: weight


def settled(weight: int, *states: str) -> Likely:
    """Once the campaign is settled, in one of `states` (formed, fulfilling or completed unless told otherwise)."""
    wanted = states or ("formed", "fulfilling", "completed")
    return lambda at: weight if at.settled and at.campaign in wanted else 0
