"""A pasted 接龙 as text: its title, the line that shows the format, and its entries, whatever way they are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bots.jielong.entries import Entry, entry_of, is_item
from bots.parsing import OfferName
from bots.parsing.masks import UNIT
from bots.parsing.normalise import fold, normalise
from bots.parsing.numerals import number

MOST_ENTRIES = 500
MOST_CHARACTERS = 30_000
_CIRCLED = re.compile(r"^[^\S\n]*([\u2460-\u2473\u3251-\u325f\u32b1-\u32bf])", re.MULTILINE)
_KEYCAP = re.compile(r"^[^\S\n]*((?:[0-9]\ufe0f?\u20e3){1,3}|\U0001f51f)", re.MULTILINE)
_HEADER = re.compile(r"#? ?(?:接龙|group ?note)(?!进度|名单|\d)[ :]*", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:#|no\.?)?[(\[]? ?(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3}(?=[、.:])) ?(?:[、)\]]|[.:,](?!\d))[ .]*",
    re.IGNORECASE,
)
# A number without a mark counts only where it goes on: "2 毛毛妈" after 1, and never "2 份".
_SPACED = re.compile(rf"(?P<number>\d{{1,3}}) (?!{UNIT}(?![^\W\d]))(?=[^\W\d])")
_HINT = re.compile(r"(?:例|格式)(?:如|子)?[ ::]")


@dataclass(frozen=True)
class PastedRoster:
    """A whole list: what it is called, how to write into it, and its entries in the order they stand."""

    title: str
    hint: str
    entries: tuple[Entry, ...]


def is_pasted(text: str, bot_name: str = "") -> bool:
    """Whether a message is a list passed on: it says so in its first line and numbers at least one other line."""
    if not _HEADER.match(normalise(text[:200], bot_name)):
        return False
    lines = _lines(text[:MOST_CHARACTERS], bot_name)
    return any(_NUMBERED.match(line) for line in lines[1:])


def too_long(text: str) -> bool:
    """Whether a list is longer than any group's: it is refused before it is read."""
    return len(text) > MOST_CHARACTERS or text.count("\n") > 2 * MOST_ENTRIES


def read_list(text: str, offers: Sequence[OfferName], bot_name: str = "") -> PastedRoster:
    """The whole list in `text`, its quantities by the keys of `offers`; nobody takes in more than `MOST_ENTRIES`."""
    lines = _lines(text, bot_name)
    start = next((at for at, line in enumerate(lines) if _begins(line)), len(lines))
    title, hint = _head(lines[:start])
    read = (entry_of(index, said, offers) for index, said in _numbered(lines[start:], offers))
    return PastedRoster(title, hint, tuple(entry for entry in read if entry))


def title_key(title: str) -> str:
    """The title however it is spaced, punctuated and decorated, so that the same list is known again."""
    return re.sub(r"[\W_]+", "", fold(normalise(title)))


def _lines(text: str, bot_name: str) -> list[str]:
    text = _CIRCLED.sub(lambda found: f"{_circled(found[1])}. ", text)
    text = _KEYCAP.sub(lambda found: f"{_keycap(found[1])}. ", text)
    return normalise(text, bot_name).split("\n")


def _circled(sign: str) -> int:
    code = ord(sign)
    return code - 0x245F if code < 0x3000 else code - 0x323C if code < 0x3260 else code - 0x328D


def _keycap(sign: str) -> str:
    return "10" if sign == "\U0001f51f" else re.sub(r"\D", "", sign)


def _begins(line: str) -> bool:
    return bool(_NUMBERED.match(line) or _following(line, 0))


def _following(line: str, index: int) -> re.Match[str] | None:
    found = _SPACED.match(line)
    return found if found and int(found["number"]) == index + 1 else None


def _number(said: str) -> int:
    value = number(said)
    return int(value) if value else 0


def _head(lines: Sequence[str]) -> tuple[str, str]:
    """The title, on the header's own line or on the next, and the hint."""
    said = [line for line in ([_HEADER.sub("", lines[0], count=1), *lines[1:]] if lines else []) if line.strip()]
    hints = [line for line in said if _HINT.match(line)]
    titles = [line for line in said if line not in hints]
    return (titles[0].strip() if titles else ""), (hints[0] if hints else "")


def _numbered(lines: Sequence[str], offers: Sequence[OfferName]) -> Iterator[tuple[int, str]]:
    """Each entry's number and its text with the lines that continue it."""
    index, item, parts = 0, 0, list[str]()
    for line in lines:
        found = _NUMBERED.match(line) or _following(line, index)
        said = line[found.end() :] if found else line
        place = _number(found["number"]) if found else 0
        inner = not found or (is_item(said, offers) and bool(parts) and (place <= index or place == item + 1))
        item = place if found and inner else 0
        if inner:
            parts.append(said)
            continue
        if parts:
            yield index, " ".join(parts)
        index, parts = place, [said]
    if parts:
        yield index, " ".join(parts)
