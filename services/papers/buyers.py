"""Everything one person has at one point, merged over orders, in the order in which one walks; and its bags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from domain.places import Place, walk
from domain.privacy import masked_name
from services.papers.gathering import Bought, Portion

LINES_PER_BAG = 4
"""So many kinds of goods fit on a label to be read."""


@dataclass(frozen=True)
class Buyer:
    """One person at one point (and at one door, where goods are brought): numbers, goods, and what is to be paid."""

    numbers: tuple[int, ...]
    name: str
    recipients: tuple[str, ...]
    point: int
    point_name: str
    place: Place
    due_fen: int
    portions: tuple[Portion, ...]

    @property
    def number(self) -> str:
        """All roster numbers: `12、57`."""
        return "、".join(str(number) for number in self.numbers)


def merged(orders: Iterable[Bought]) -> list[Buyer]:
    """The people who still get something, by point, building, unit, room and number; names masked."""
    of: dict[tuple[int, int, Place], list[Bought]] = {}
    for order in orders:
        of.setdefault((order.point, order.person, order.place), []).append(order)
    people = [_buyer(parts) for parts in of.values()]
    return sorted((person for person in people if person.portions), key=_by_place)


def _by_place(person: Buyer) -> tuple[object, ...]:
    return person.point, walk(person.place), person.numbers


def _buyer(orders: list[Bought]) -> Buyer:
    goods: dict[tuple[int, str, str], Portion] = {}
    for portion in (portion for order in orders for portion in order.portions if portion.left):
        key = (portion.offer, portion.name, portion.spec)
        before = goods.get(key)
        goods[key] = replace(portion, left=portion.left + before.left) if before else portion
    first = orders[0]
    return Buyer(
        numbers=tuple(sorted(order.number for order in orders if order.number is not None)),
        name=masked_name(first.name, first.anonymous),
        recipients=tuple(dict.fromkeys(masked_name(order.recipient) for order in orders if order.recipient)),
        point=first.point, point_name=first.point_name, place=first.place,
        due_fen=sum(order.due_fen for order in orders), portions=tuple(goods.values()),
    )  # fmt: skip


def bags(person: Buyer, most_units: int) -> list[tuple[Portion, ...]]:
    """What goes into each bag: fresh goods apart, at most `most_units` units and a label's lines of goods."""
    packed: list[tuple[Portion, ...]] = []
    for fresh in (True, False):
        packed += _filled((portion for portion in person.portions if portion.fresh is fresh), most_units)
    return packed


def _filled(portions: Iterable[Portion], most_units: int) -> Iterator[tuple[Portion, ...]]:
    bag: list[Portion] = []
    room = most_units
    for portion in portions:
        left = portion.left
        while left:
            if not room or len(bag) == LINES_PER_BAG:
                yield tuple(bag)
                bag, room = [], most_units
            units = min(left, room)
            bag.append(replace(portion, left=units))
            left, room = left - units, room - units
    if bag:
        yield tuple(bag)
