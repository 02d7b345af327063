"""Does every part of a price sum to its whole? Examples of an order's whole life in whole fen, by the rules only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from domain import commissions
from domain.line_money import LinePrice
from domain.money import split
from domain.payments import split_settled

EXAMPLES = 100_000


@dataclass(frozen=True)
class Line:
    """A line as it was ordered, and what became of its units."""

    unit_price_fen: int
    units: int
    discount_fen: int
    gone_before: int
    closing_price_fen: int
    short: int
    collected: int
    after_sales: tuple[int, ...]
    compensation_fen: int
    commission_bps: int
    helper_bps: int

    @property
    def amount_fen(self) -> int:
        """What it cost when ordered."""
        return self.unit_price_fen * self.units - self.discount_fen


@dataclass(frozen=True)
class Example:
    """An order of some lines, its discount, and how much of it the payer's own pocket paid."""

    discount_fen: int
    lines: tuple[Line, ...]
    settled_fen: int


def example(random: Random) -> Example:
    """One order drawn by lot: prices from a fen upward, every way for units to go, every way back."""
    goods = [(random.choice((1, 3, 333, 999, 2990, 10**6)), random.randint(1, 12)) for _ in range(random.randint(1, 4))]
    gross = [price * units for price, units in goods]
    discount = random.randint(0, sum(gross))
    parts = split(discount, gross)
    lines = tuple(_line(random, price, units, part) for (price, units), part in zip(goods, parts, strict=True))
    total = sum(line.amount_fen for line in lines)
    return Example(discount, lines, random.choice((total, random.randint(0, total))))


def _line(random: Random, price: int, units: int, discount: int) -> Line:
    before = random.choice((0, 0, random.randint(0, units)))
    short = random.choice((0, random.randint(0, units - before)))
    collected = random.choice((units - before - short, random.randint(0, units - before - short)))
    after: list[int] = []
    while sum(after) < collected and random.random() < 0.4:
        after.append(random.randint(1, collected - sum(after)))
    return Line(
        price, units, discount, before, random.randint(0, price), short, collected, tuple(after),
        random.choice((0, random.randint(0, price))), random.choice((0, 1, 333, 1000, 10_000)),
        random.choice((0, 1, 5000, 10_000)),
    )  # fmt: skip


def whole(drawn: Example) -> list[str]:
    """What does not sum to its whole in this example; nothing, if the rules are right."""
    found = [] if sum(line.discount_fen for line in drawn.lines) == drawn.discount_fen else ["discount"]
    refunds: list[int] = []
    for line in drawn.lines:
        found += _line_sums(line, refunds)
    return found + _coupon_sums(drawn, refunds)


def _line_sums(line: Line, refunds: list[int]) -> list[str]:
    """Play the line's life; append its refunds in order."""
    found = []
    gross = LinePrice(line.amount_fen, line.units)
    before = gross.of_first(line.gone_before)
    confirmed = line.units - line.gone_before
    rebate = gross.rebate_down_to(line.closing_price_fen, line.unit_price_fen) if confirmed else 0
    price = LinePrice(line.amount_fen, line.units, confirmed, rebate)
    short = price.of_first(line.gone_before + line.short) - price.of_first(line.gone_before)
    sales = price.of_last(line.collected)
    left = price.of_first(line.units - line.collected) - price.of_first(line.gone_before + line.short)
    if before + price.rebate_fen + short + sales + left != line.amount_fen:
        found.append("line")
    given, parts = _after_sales(line, price, sales)
    if line.after_sales and sum(line.after_sales) == line.collected and given != sales:
        found.append("after-sales of all units")
    refunds += [before, price.rebate_fen, short, left, *parts]
    net = line.amount_fen - before - price.rebate_fen - short - left - given
    return found + _commission_sums(line, net, given == sales)


def _after_sales(line: Line, price: LinePrice, sales: int) -> tuple[int, list[int]]:
    """Compensation first, then units back; what came back in all, and its parts."""
    given, units = min(line.compensation_fen, sales), 0
    parts = [given]
    for more in line.after_sales:
        worth = price.of_last(units + more) - price.of_last(units)
        parts.append(min(worth, sales - given))
        given, units = given + parts[-1], units + more
    return given, parts


def _commission_sums(line: Line, net: int, all_back: bool) -> list[str]:
    commission = commissions.pending(line.commission_bps, net)
    helper = commissions.pending(line.helper_bps, commission)
    shares = [commissions.expensed(commission, units, line.units) for units in range(line.units + 1)]
    found = []
    if all_back and (net or commission):
        found.append("a fully refunded line leaves something")
    if not 0 <= helper <= commission or commission > net:
        found.append("commission")
    if shares[0] or shares[-1] != commission or sorted(shares) != shares:
        found.append("expense")
    return found


def _coupon_sums(drawn: Example, refunds: list[int]) -> list[str]:
    """Refund after refund, the payer's pocket gets its own part of what it paid, to the last fen."""
    total = sum(line.amount_fen for line in drawn.lines)
    back = pocket = 0
    for part in refunds:
        if part:
            pocket += split_settled(part, back, total, drawn.settled_fen)
            back += part
    rest = total - back
    pocket += split_settled(rest, back, total, drawn.settled_fen) if rest else 0
    return [] if pocket == drawn.settled_fen or not total else ["coupon"]


def run(_url: str, _folder: Path) -> dict[str, Any]:
    """100,000 examples; which sums failed, and how often."""
    random = Random(20_261_122)  # noqa: S311 -- examples, not secrets
    failed: dict[str, int] = {}
    for _ in range(EXAMPLES):
        for words in whole(example(random)):
            failed[words] = failed.get(words, 0) + 1
    return {"held": not failed, "examples": EXAMPLES, "failed": failed}
