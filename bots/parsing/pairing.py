"""Put quantities and offers together, or say why that would be a guess."""

import re
from collections.abc import Sequence

from bots.parsing.intents import Item, Mode, OfferName
from bots.parsing.lexer import FILLER, Quantity, Unclear
from bots.parsing.masks import KEPT, OFFER, PRIVATE
from bots.parsing.names import Hit, index_of

_MOST_UNITS = 99
_MOST_ITEMS = 20
_WORD = re.compile(rf"[^\W{KEPT}{PRIVATE}{OFFER}]+")
_FILLER_START = re.compile(rf"{FILLER}++")
_FILLER_END = re.compile(rf"(?:{FILLER})+$")
_LONGEST_WORD = 30


def settle(found: Sequence[Quantity], hits: Sequence[Hit]) -> list[Quantity]:
    """Drop the old number of "2份改成3份" and a total that only adds up; check every value."""
    kept: list[Quantity] = []
    for quantity in found:
        if quantity.instead and kept and kept[-1].mode is None and not _between(hits, kept[-1].end, quantity.start):
            kept.pop()
        if quantity.total and kept:
            if sum(q.value for q in kept) != quantity.value:
                raise Unclear("several_numbers")
            continue
        kept.append(quantity)
    if len(kept) > _MOST_ITEMS:
        raise Unclear("several_numbers")
    for quantity in kept:
        _check_value(quantity)
    return kept


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


def pair(words: str, found: Sequence[Quantity], hits: Sequence[Hit], offers: Sequence[OfferName]) -> tuple[Item, ...]:
    """One item per quantity; raises Unclear instead of guessing.

    `words` is the masked message with numbers and verbs blanked out, so that only names and chatter are left.
    """
    if any(quantity.each for quantity in found):
        raise Unclear("each")
    if len(offers) == 1:
        if len(found) > 1:
            raise Unclear("several_numbers")
        return (Item(offers[0].key, int(found[0].value)),)
    named_before = _named_before(words, found[0].start, hits)
    slots = _slots(found, len(words), named_before)
    keys = [_key(words, slot, hits, offers, named_before) for slot in slots]
    if len(set(keys)) < len(keys):
        raise Unclear("repeated_offer")
    for hit in hits:
        if not hit.keys & set(keys):
            raise Unclear("quantity")
    return tuple(Item(key, int(quantity.value)) for key, quantity in zip(keys, found, strict=True))


def one_key(hits: Sequence[Hit]) -> str:
    """The one offer that all hits agree on: "草莓 大盒" narrows down, two different offers do not."""
    keys = frozenset.intersection(*(hit.keys for hit in hits))
    if len(keys) == 1:
        return next(iter(keys))
    raise Unclear("which_offer" if keys else "each")


def _check_value(quantity: Quantity) -> None:
    if quantity.value > _MOST_UNITS:
        raise Unclear("too_many")
    if quantity.value.denominator != 1:
        raise Unclear("fraction")
    if quantity.value == 0:
        raise Unclear("zero")


def _between(hits: Sequence[Hit], start: int, end: int) -> list[Hit]:
    return [hit for hit in hits if start <= hit.start and hit.end <= end]


def _named_before(words: str, first: int, hits: Sequence[Hit]) -> bool:
    """Whether names precede their numbers; a message that opens with a number names things after it."""
    if _between(hits, 0, first) or any(end == first for _, end, _ in _unknown_words(words, 0, first)):
        return True
    return not hits and not _unknown_words(words, first, len(words))


def _slots(found: Sequence[Quantity], length: int, named_before: bool) -> list[tuple[int, int]]:
    """The stretch of the message in which each quantity's name has to stand."""
    starts, ends = [q.start for q in found], [q.end for q in found]
    if named_before:
        return list(zip([0, *ends[:-1]], starts, strict=True))
    return list(zip(ends, [*starts[1:], length], strict=True))


def _key(
    words: str, slot: tuple[int, int], hits: Sequence[Hit], offers: Sequence[OfferName], named_before: bool
) -> str:
    inside = _between(hits, *slot)
    unknown = _unknown_words(words, *slot)
    if inside:
        # "草莓 榴莲2个": a strange word between the offer and its number may be the thing that is meant.
        if any(start >= inside[-1].end if named_before else end <= inside[0].start for start, end, _ in unknown):
            raise Unclear("unknown_offer")
        return one_key(inside)
    for _, _, word in unknown:
        keys, sure = index_of(tuple(offers)).slips(word)
        if sure:
            return next(iter(keys))
    raise Unclear("unknown_offer" if unknown else "which_offer")


def _unknown_words(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Words of two characters and more that are no filler, with their places."""
    words = []
    for found in _WORD.finditer(text, start, end):
        word = found[0]
        if len(word) > _LONGEST_WORD:
            words.append((found.start(), found.end(), ""))
            continue
        opening = _FILLER_START.match(word)
        word = word[opening.end() :] if opening else word
        word = _FILLER_END.sub("", word)
        if len(word) >= 2 and not word.isdecimal():
            words.append((found.start(), found.end(), word))
    return words
