"""Put quantities and offers together, or say why that would be a guess."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bots.parsing.intents import Item, Mode, OfferName
from bots.parsing.lexer import Quantity, Unclear
from bots.parsing.masks import COUNT, KEPT, OFFER, PRIVATE
from bots.parsing.names import Hit, index_of
from bots.parsing.pieces import rest
from bots.parsing.quantity_limits import check_measure, check_value
from bots.parsing.words import ALL_OF, PERSON

_MOST_ITEMS = 20
_BREAK = re.compile(r"[,。;!?\n]")
_WORD = re.compile(rf"[^\W{KEPT}{PRIVATE}{OFFER}{COUNT}\d]{{1,30}}")
_PERSON = re.compile(PERSON)
_ALL_OF = re.compile(ALL_OF)
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}


def common_mode(found: Sequence[Quantity]) -> Mode:
    """The one mode of all quantities; a verb also governs the plain quantities after it, a sign does not."""
    modes: set[Mode] = set()
    verb: Mode | None = None
    for quantity in found:
        if quantity.mode and not quantity.signed:
            verb = quantity.mode
        modes.add(quantity.mode or verb or "set")
    if len(modes) > 1:
        raise Unclear("mixed")
    return modes.pop()


@dataclass
class _Slots:
    """Items taken so far, and the names that still wait for a number."""

    offers: Sequence[OfferName]
    items: dict[str, int] = field(default_factory=dict)
    waiting: list[Hit] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def take(self, quantity: Quantity, keys: Sequence[str]) -> None:
        """Count `quantity` for each of `keys`."""
        if not quantity.corrects and set(keys) & set(self.items):
            raise Unclear("repeated_offer")
        for key in keys:
            offer = next(one for one in self.offers if one.key == key)
            check_measure(quantity, offer)
            self.items[key] = int(quantity.value)
        self.last = list(keys)
        self.waiting = []


def pair(
    shape: str, found: Sequence[Quantity], hits: Sequence[Hit], offers: Sequence[OfferName], total: Quantity | None
) -> tuple[Item, ...]:
    """One item per quantity and name; raises Unclear instead of guessing.

    `shape` is the masked message with its quantities covered, `hits` are the names that count.
    """
    if len(found) > _MOST_ITEMS:
        raise Unclear("several_numbers")
    for quantity in found:
        check_value(quantity)
    slots = _Slots(offers)
    if len(offers) == 1:
        adds_up = total and sum(quantity.value for quantity in found) == total.value
        _only(slots, [total] if total and adds_up else found, offers[0])
    else:
        segments = _segments(shape, found, hits)
        if len(found) == 1 and len(segments) > 1 and all(hit.start > found[0].end for hit in hits):
            segments = [[*found, *hits]]
        for segment in segments:
            _read_segment(slots, segment, shape)
        if slots.waiting:
            raise Unclear("quantity")
    if total and sum(slots.items.values()) != total.value:
        raise Unclear("several_numbers")
    return tuple(Item(key, units) for key, units in slots.items.items())


def one_key(hits: Sequence[Hit]) -> str:
    """The one offer that all hits agree on: "草莓 大盒" narrows down, two different offers do not."""
    keys = frozenset.intersection(*(hit.keys for hit in hits))
    if len(keys) == 1:
        return next(iter(keys))
    raise Unclear("which_offer" if keys else "each")


def _only(slots: _Slots, found: Sequence[Quantity], offer: OfferName) -> None:
    if any(quantity.each for quantity in found):
        raise Unclear("each")
    if any(not quantity.corrects for quantity in found[1:]):
        raise Unclear("several_numbers")
    slots.take(found[-1], [offer.key])


def _segments(shape: str, found: Sequence[Quantity], hits: Sequence[Hit]) -> list[list[Quantity | Hit]]:
    """Names and quantities in order, cut where a clause ends."""
    tokens: list[Quantity | Hit] = sorted([*found, *hits], key=lambda token: token.start)
    cuts = [match.start() for match in _BREAK.finditer(shape)]
    segments: list[list[Quantity | Hit]] = [[]]
    for token in tokens:
        if segments[-1] and any(segments[-1][-1].end <= cut < token.start for cut in cuts):
            segments.append([])
        segments[-1].append(token)
    return segments


def _read_segment(slots: _Slots, segment: list[Quantity | Hit], shape: str) -> None:
    """Names before their numbers, or behind them where the clause opens with a number and ends with a name."""
    counts = [i for i, token in enumerate(segment) if isinstance(token, Quantity)]
    behind = _named_behind(segment, counts, bool(slots.waiting))
    at = 0
    while at < len(segment):
        token = segment[at]
        if isinstance(token, Hit):
            slots.waiting.append(token)
            at += 1
            continue
        after: list[Hit] = []
        if not slots.waiting and (at < behind or token.each or at + 2 == len(segment)):
            while at + 1 + len(after) < len(segment) and isinstance(hit := segment[at + 1 + len(after)], Hit):
                after.append(hit)
        if token.each and not slots.waiting and not after:
            slots.take(token, _all_offers(shape, slots.offers))
        else:
            _give(slots, token, slots.waiting or after, shape)
        at += 1 + len(after)


def _named_behind(segment: list[Quantity | Hit], counts: list[int], named: bool) -> int:
    """Below which index a number is named by what follows it."""
    if not counts or counts[0] != 0 or named:
        return 0
    if isinstance(segment[-1], Hit):
        return len(segment)
    # "一盒草莓蓝莓两盒": two names side by side part the two ways of writing.
    for at in range(1, len(segment) - 1):
        if isinstance(segment[at], Hit) and isinstance(segment[at + 1], Hit):
            return at
    return 0


def _give(slots: _Slots, quantity: Quantity, named: Sequence[Hit], shape: str) -> None:
    if quantity.each:
        groups = _groups(named)
        if len(groups) < 2:
            raise Unclear("each")
        slots.take(quantity, [one_key(group) for group in groups])
        return
    if not named and quantity.corrects and slots.last:
        slots.take(quantity, slots.last)
        return
    stranger = _stranger(shape, quantity, named)
    key = one_key(named) if named and not stranger else _misspelt(stranger, slots.offers)
    slots.take(quantity, [key])


def _groups(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Names one after the other; neighbours that agree on an offer are one name."""
    groups: list[list[Hit]] = []
    for hit in hits:
        if groups and frozenset.intersection(hit.keys, *(one.keys for one in groups[-1])):
            groups[-1].append(hit)
        else:
            groups.append([hit])
    return groups


def _all_offers(shape: str, offers: Sequence[OfferName]) -> list[str]:
    """All offers, where the message says how many there are ("两款各一份")."""
    found = _ALL_OF.search(shape)
    count = found and (int(found["count"]) if found["count"].isdecimal() else _NUMERALS[found["count"]])
    if count != len(offers):
        raise Unclear("each")
    return [offer.key for offer in offers]


def _stranger(shape: str, quantity: Quantity, named: Sequence[Hit]) -> str:
    """The strange word that is meant by the number, "" if none is: "草莓 榴莲2个" means the durian."""
    start = max((m.end() for m in re.finditer(rf"[,。;!?\n{COUNT}]", shape[: quantity.start])), default=0)
    start = max([start, *(hit.end for hit in named if hit.end <= quantity.start)])
    words = [m[0] for m in _WORD.finditer(shape, start, quantity.start)]
    # "水饺猪肉白菜的3包" tells of which kind the named offer is to be.
    before = [word for m in words if not (named and m.endswith("的")) and (word := _content(m))]
    if before or named:
        return before[-1] if before else ""
    after = _WORD.match(shape, quantity.end)
    return _content(after[0]) if after else ""


def _content(word: str) -> str:
    if _PERSON.fullmatch(word):
        return ""
    left = rest(word)
    return left if len(left) >= 2 and not _PERSON.fullmatch(left) else ""


def _misspelt(stranger: str, offers: Sequence[OfferName]) -> str:
    keys, sure = index_of(tuple(offers)).slips(stranger) if stranger else (frozenset[str](), False)
    if not sure:
        raise Unclear("unknown_offer" if stranger else "which_offer")
    return next(iter(keys))
