"""What a workload is, and how long and how large it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal

from benchmarks import product
from benchmarks.machine import Machine
from benchmarks.product import Served

NO_OTHER: Mapping[str, str] = {}
Facts = dict[str, Any]
"""What a workload tells beside its ratio; figures of rounds are lists under one name."""


class NotMeasured(Exception):
    """The run did not do what it was to measure; the message says how."""


@dataclass(frozen=True)
class Plan:
    """Rounds, the seconds of each load, and which part of the rows and connections is made (1 for a true run)."""

    rounds: int = 5
    seconds: float = 4.0
    size: float = 1.0

    @property
    def full(self) -> bool:
        """Whether what is measured may be judged."""
        return self.size >= 1 and self.seconds >= 3

    def rows(self, wanted: int, least: int = 1) -> int:
        """So many rows for a wish of a full run."""
        return max(least, round(wanted * self.size))


@dataclass
class Sides:
    """A workload that is set up: each call is one measurement; `broken` looks at what the last load left behind."""

    floor: Callable[[], float]
    ours: Callable[[], float]
    broken: Callable[[], Sequence[str]]


@dataclass
class Setting:
    """Where and how a workload is set up; what it tells goes to `facts`."""

    machine: Machine
    plan: Plan
    facts: Facts = field(default_factory=dict)
    serve: Callable[..., AbstractContextManager[Served]] = product.serving

    def product(self, url: str, settings: Mapping[str, str] = NO_OTHER, **width: int) -> AbstractContextManager[Served]:
        """The product over the database at `url`; `settings`, `workers` and `threads` where they are not the usual."""
        folder = self.machine.folder
        return self.serve(folder, product.PRODUCT, {**product.environment(folder, url), **settings}, **width)

    def bare(self) -> AbstractContextManager[Served]:
        """The floor of reads."""
        return self.serve(self.machine.folder, product.BARE, {})

    def real_bare(self, tokens: Sequence[str]) -> AbstractContextManager[Served]:
        """The floor of orders, for people with these tokens."""
        file = self.machine.folder / "tokens"
        file.write_text("\n".join(tokens))
        return self.serve(self.machine.folder, product.REAL_BARE, {product.TOKENS: str(file)})

    def note(self, name: str, value: Any) -> None:
        """Add a figure of this round."""
        self.facts.setdefault(name, []).append(round(value, 4) if isinstance(value, float) else value)


@dataclass(frozen=True)
class Workload:
    """One line of the table. The ratio is ours to the floor; `better` says whether more or less of it is wanted."""

    name: str
    title: str
    floor: str
    gate: float
    aim: float
    better: Literal["more", "less"]
    set_up: Callable[[Setting], AbstractContextManager[Sides]]
    unit: str = "×"

    @property
    def part(self) -> str:
        """The name under which `PART=` asks for it and its kin."""
        return self.name.partition("-")[0]
