"""What an explanation is made of; money in fen, debit positive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.money import yuan


@dataclass(frozen=True)
class LegView:
    """One posting: the account, whose part of it ("" is the house), and the signed sum."""

    account: str
    owner: str
    amount_fen: int


@dataclass(frozen=True)
class EntryView:
    """One journal entry in words and in numbers."""

    id: str
    event: str
    at: datetime
    order: str | None
    sentence: str
    legs: list[LegView]


@dataclass(frozen=True)
class Term:
    """One sum of an equation."""

    name: str
    words: str
    fen: int


@dataclass(frozen=True)
class Equation:
    """`total` is the sum of `parts`, or not."""

    total: Term
    parts: list[Term]

    @property
    def left_fen(self) -> int:
        """What the parts do not explain of the total."""
        return self.total.fen - sum(part.fen for part in self.parts)

    @property
    def words(self) -> str:
        """`收款 ¥59.80 = 已交付 ¥29.90 + 已退 ¥29.90，差 0 分`; parts of nothing are left out."""
        shown = " + ".join(f"{part.words} {yuan(part.fen)}" for part in self.parts if part.fen) or yuan(0)
        return f"{self.total.words} {yuan(self.total.fen)} = {shown}，差 {self.left_fen} 分"


@dataclass(frozen=True)
class Difference:
    """An account that does not hold what the rows say."""

    account: str
    owner: str
    booked_fen: int
    expected_fen: int


@dataclass(frozen=True)
class Explanation:
    """Where the money of one thing came from and went.

    `sentences` are for people, `entries` the journal behind them (of `entry_count` in all the first ones),
    `differences` accounts that do not hold what the rows say. `margin` is a campaign's.
    """

    kind: str
    id: str
    sentences: list[str]
    entries: list[EntryView]
    entry_count: int
    equation: Equation
    differences: list[Difference] = field(default_factory=list)
    margin: Equation | None = None

    @property
    def unexplained_fen(self) -> int:
        """What neither the equation nor the books can account for; 0 when all is well.

        A wrong posting takes from one account what it gives to another: it counts once.
        """
        gaps = [row.booked_fen - row.expected_fen for row in self.differences]
        wrong = max(sum(gap for gap in gaps if gap > 0), -sum(gap for gap in gaps if gap < 0))
        return wrong + abs(self.equation.left_fen) + abs(self.margin.left_fen if self.margin else 0)
