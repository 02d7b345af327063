"""The transcript: times, rooms and facts in columns that stay straight under Chinese characters."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TextIO

SHANGHAI = timezone(timedelta(hours=8))
WIDTH = 108
INDENT = 12
NEAR = 24
CLOSING = "，。、；：！？）】」》,.;:!?)]%"
OPENING = "（【「《[(¥@"
LINK = re.compile(r"（https?://[^）\s]*）|\s*https?://\S+\s*")


class Transcript:
    """Writes the story, line by line."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out

    def title(self, left: str, right: str = "") -> None:
        """The first line, its right part at the right edge."""
        self._write(left + " " * max(2, WIDTH - width(left) - width(right)) + right)

    def chapter(self, name: str) -> None:
        """A step of the story begins."""
        self._write("")
        self._write(name)

    def at(self, moment: datetime, text: str) -> None:
        """Something that happened at a time."""
        self._put(f"  {clock(moment)}", text)

    def more(self, text: str) -> None:
        """What belongs to the line before."""
        self._put("", text)

    def chat(self, room: str, lines: Iterable[dict[str, Any]]) -> None:
        """Chat lines as they stood in the room: one row each, a card in brackets and wrapped under its speaker."""
        for line in lines:
            self._put("", f"[{room}] {line['from']}  {flat(line['text'])}", hang=width(f"[{room}] {line['from']}  "))

    def _put(self, left: str, text: str, hang: int = 2) -> None:
        rows = wrap(text, WIDTH - INDENT, hang)
        self._write(pad(left, INDENT) + rows[0])
        for row in rows[1:]:
            self._write(" " * INDENT + row)

    def _write(self, text: str) -> None:
        print(text.rstrip(), file=self._out, flush=True)


def width(text: str) -> int:
    """How many terminal columns a text takes."""
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, columns: int) -> str:
    """The text followed by spaces up to a column."""
    return text + " " * max(0, columns - width(text))


def flat(text: str) -> str:
    """Several lines as one; the address behind a link is left out, its label stays."""
    rows = (LINK.sub(r" ↗", row).strip() for row in str(text).splitlines())
    return " · ".join(row for row in rows if row)


def wrap(text: str, columns: int, hang: int = 0) -> list[str]:
    """The text in rows of at most `columns`, broken at a space if one is near the end of the row.

    Rows after the first are indented by `hang`.
    """
    rows, rest = [], text
    while width(rest) > columns:
        end = _end(rest, columns)
        rows.append(rest[:end].rstrip())
        rest = " " * hang + rest[end:].lstrip()
    return [*rows, rest.rstrip()]


def _end(text: str, columns: int) -> int:
    """Where a row that is too long ends: after the last near space, else before a character that may begin a row."""
    end, taken = 0, 0
    while taken + _width(text[end]) <= columns:
        taken += _width(text[end])
        end += 1
    space = text.rfind(" ", 0, end + 1)
    if space > 0 and width(text[space:end]) < NEAR and text[:space].strip():
        return space
    return next((place for place in range(end, 0, -1) if _breakable(text[place - 1], text[place])), end)


def _breakable(before: str, char: str) -> bool:
    """Whether a row may end between these two: beside a wide character, and where punctuation is not torn off."""
    wide = _width(before) == 2 or _width(char) == 2
    return wide and before not in OPENING and char not in CLOSING


def clock(moment: datetime) -> str:
    """Hours, minutes and seconds in Shanghai."""
    return moment.astimezone(SHANGHAI).strftime("%H:%M:%S")


def day(moment: datetime) -> str:
    """`周四 20:00` in Shanghai."""
    there = moment.astimezone(SHANGHAI)
    return f"周{'一二三四五六日'[there.weekday()]} {there:%H:%M}"


def instant(text: str) -> datetime:
    """An RFC 3339 time of an answer."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def yuan(fen: int) -> str:
    """`¥1,482.60`."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}¥{whole // 100:,}.{whole % 100:02}"
