"""What an invariant is, and what shows that it does not hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """One rule (numbered as in docs/domain.md), and a query whose rows are its breaches."""

    rule: str
    sql: str


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold, with the first row that shows it."""

    rule: str
    row: str
