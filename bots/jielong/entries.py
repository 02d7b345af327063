"""One line of a pasted 接龙 taken apart: who, how much of what, and what is said beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bots.parsing import Ask, Cancel, Join, OfferName, read
from bots.parsing.masks import PRIVATE, UNIT, mask
from bots.parsing.names import index_of
from bots.parsing.normalise import fold
from bots.parsing.numerals import CHINESE, NUMBER, number

MOST_UNITS = 99
_PRIVATE = re.compile(f"{PRIVATE}+")
_PHONE = re.compile(r"1[3-9][\d\- x*.]{6,14}")
_PAID = re.compile(r"(?<![未没不待])(?:已付款?|已支付|已转账?|付过款?了?|付款了|付了|已打款|\bpaid\b)", re.IGNORECASE)
_CANCELLED = re.compile(r"(?<![不没别])(?:已?取消|不要了|不接了|退了|已退|退团|划掉)(?!我?的?辣)")
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")
_COUNT = rf"(?:{NUMBER}\s?{UNIT}|[+*x]\s?\d|\d)"
_BREAK = re.compile(rf"{_COUNT}|[(\[,。;:]|[{CHINESE}]+\s?{UNIT}")
_EACH = re.compile(rf"(?:各|每样|每种)(?:要|来)?\s?(?P<number>{NUMBER})\s?{UNIT}?")
_ITEM_NUMBER = re.compile(r"(?:(?<=\s)|^)\d{1,2}[、)]\s?(?=\D)")
_PAIRS = re.compile(rf"(?:(?P<number>\d{{1,2}}|[{CHINESE}]{{1,3}})(?P<word>[^\W\d{CHINESE}]{{1,8}})[\s,、+和]*)+")
_PAIR = re.compile(rf"(\d{{1,2}}|[{CHINESE}]{{1,3}})([^\W\d{CHINESE}]{{1,8}})")
_BARE = re.compile(rf"[+*x]?\s?(\d{{1,2}}|[{CHINESE}]{{1,3}})\s?{UNIT}?(?=$|[\s,。(])")
_RUN = re.compile(f"[{CHINESE}]+")
_EDGES = " ,。;:、.)|/-—"


@dataclass(frozen=True)
class Entry:
    """A line of a list: its number, the name, units by the offer's key, and the marks beside it.

    `phone` is masked; `unclear` says why the quantity could not be read ("" when it could, or was taken back).
    """

    index: int
    name: str
    units: tuple[tuple[str, int], ...] = ()
    note: str = ""
    room: str = ""
    phone: str = ""
    paid: bool = False
    cancelled: bool = False
    unclear: str = ""


def entry_of(index: int, text: str, offers: Sequence[OfferName]) -> Entry | None:
    """The entry that normalised `text` (without its number) makes; None for an empty line."""
    text, phone, room = _private(text)
    paid, cancelled = bool(_PAID.search(text)), bool(_CANCELLED.search(text))
    text = _EMPTY.sub(" ", _CANCELLED.sub(" ", _PAID.sub(" ", text)))
    name, rest = _name(text.strip(_EDGES), offers)
    if not name and not rest:
        return None
    units, note, unclear = ((), "", "") if cancelled else _wished(rest, offers)
    if not name:
        unclear = unclear or "没写名字"
    return Entry(index, name[:40], units, note, room, phone, paid, cancelled, unclear)


def is_item(text: str, offers: Sequence[OfferName]) -> bool:
    """Whether a numbered line names goods and no person: it belongs to the entry above it."""
    hits = index_of(tuple(offers)).hits(fold(text))
    return bool(hits and hits[0].start <= 2) or bool(re.match(_COUNT, text))


def _private(text: str) -> tuple[str, str, str]:
    """The text without phones and rooms, the phone masked, and the room."""
    masked, phone, room = mask(fold(text)), "", ""
    for found in _PRIVATE.finditer(masked):
        said = text[found.start() : found.end()]
        if _PHONE.match(said):
            digits = re.sub(r"\D", "", said)
            phone = f"{digits[:3]}****{digits[-4:]}"
        else:
            room = room or said.strip()
    return _PRIVATE.sub(" ", "".join(m if m == PRIVATE else t for m, t in zip(masked, text, strict=True))), phone, room


def _name(text: str, offers: Sequence[OfferName]) -> tuple[str, str]:
    """The name and what is left; a word is a name up to where a quantity or an offer begins in it."""
    words = text.split()
    names = index_of(tuple(offers))
    for at, word in enumerate(words):
        rest = words[:at] + words[at + 1 :]
        hits = names.hits(fold(word))
        if (hits and hits[0].start == 0) or _BREAK.match(word):
            continue
        if re.fullmatch(r"[A-Za-z]\w*", word) and _counts(" ".join(rest)):
            return word, " ".join(rest)
        breaks = [hit.start for hit in hits] + [_start(found, word) for found in _BREAK.finditer(word)]
        end = min(breaks, default=len(word))
        return word[:end].strip(_EDGES), " ".join([word[end:], *rest]).strip()
    return "", text


def _start(found: re.Match[str], word: str) -> int:
    """Where a quantity begins: 李四两份 is 李四, for 四两 is no number, and 李四十份 too, for a name has two."""
    run = _RUN.match(word, found.start())
    if not run or len(run[0]) < 2 or (number(run[0]) is not None and found.start() != 1):
        return found.start()
    return run.end() - 1


def _counts(text: str) -> bool:
    return bool(re.search(_COUNT, text)) or bool(re.search(rf"[{CHINESE}]\s?{UNIT}", text))


def _wished(text: str, offers: Sequence[OfferName]) -> tuple[tuple[tuple[str, int], ...], str, str]:
    """(units, note, why it is unclear) of what stands after the name."""
    plain = re.sub(r"[()\[\]]", " ", _ITEM_NUMBER.sub(" ", text)).strip(_EDGES)
    if not plain:
        return (), "", "没写数量"
    for reading in (_each, _named_pairs):
        if units := reading(plain, offers):
            return units, "", ""
    found = _bare(plain, offers)
    if found:
        return ((offers[0].key, _whole(found[1])),), plain[found.end() :].strip(_EDGES), ""
    match read(plain, offers):
        case Join(items=items, mode="set" | "add", note=note) if items:
            return tuple((item.offer_key, item.quantity) for item in items), note, ""
        case Cancel():
            return (), "", "又要又不要"
        case Ask(reason=reason):
            return (), "", REASONS.get(reason, "数量没看懂")
        case _:
            return (), "", "数量没看懂"


REASONS = {
    "which_offer": "没写要哪样", "unknown_offer": "没认出商品", "too_many": "数量太多", "fraction": "不是整份",
    "range": "数量是范围", "several_numbers": "有好几个数量",
}  # fmt: skip


def _each(text: str, offers: Sequence[OfferName]) -> tuple[tuple[str, int], ...]:
    """草莓蓝莓各2份: so many of each offer named, of all when none is."""
    found = _EACH.search(text)
    wanted = _whole(found["number"]) if found else 0
    if not wanted:
        return ()
    hits = index_of(tuple(offers)).hits(fold(text))
    named = {key for hit in hits if len(hit.keys) == 1 for key in hit.keys}
    return tuple((offer.key, wanted) for offer in offers if not hits or offer.key in named)


def _named_pairs(text: str, offers: Sequence[OfferName]) -> tuple[tuple[str, int], ...]:
    """1贡1桔: each word is a part of one offer's name only."""
    if len(offers) < 2 or not _PAIRS.fullmatch(text):
        return ()
    units: dict[str, int] = {}
    for said, word in _PAIR.findall(text):
        bare = re.sub(rf"^{UNIT}(?=.)", "", word)
        meant = [offer.key for offer in offers if any(bare in name for name in (offer.name, *offer.aliases))]
        if len(meant) != 1 or meant[0] in units or not _whole(said):
            return ()
        units[meant[0]] = _whole(said)
    return tuple((offer.key, units[offer.key]) for offer in offers if offer.key in units)


def _bare(text: str, offers: Sequence[OfferName]) -> re.Match[str] | None:
    """2 不要太小: a number first, and only one thing on sale."""
    found = _BARE.match(text)
    alone = found and len(offers) == 1 and not re.search(rf"{NUMBER}\s?{UNIT}", text[found.end() :])
    return found if found and alone and _whole(found[1]) else None


def _whole(said: str) -> int:
    """A whole number of units, 0 for anything else."""
    value = number(said) or Fraction(0)
    return int(value) if value.denominator == 1 and 0 < value <= MOST_UNITS else 0
