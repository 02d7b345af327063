"""Recognise a pasted list of several people's entries; what stands in it is read elsewhere."""

import re

from bots.parsing.masks import COUNT, OFFER, UNIT
from bots.parsing.numerals import CHINESE, NUMBER
from bots.parsing.words import PERSON

_HEADER = re.compile(r"[^\n]{0,40}(?:接龙|group note)[^\n]{0,60}\n", re.IGNORECASE)
_INDEX = r"(?:[(\[]? ?\d{1,3} ?(?:[、.):\]]|(?= ))|[一二三四五六七八九十]{1,3}[、.:])"
_ENTRY = re.compile(rf"^(?:#|no\.?)?{_INDEX} ?(?=\S)(?P<rest>.*)$", re.IGNORECASE | re.MULTILINE)
_BARE_ENTRY = re.compile(rf"^{_INDEX} *$", re.MULTILINE)
# A number without dot or bracket counts as an index only before a word: "1 毛毛妈", not "1 份".
_SPACED = re.compile(rf"^\d{{1,3}} (?=[^\W\d{OFFER}]{{2,}})", re.MULTILINE)
_COUNTED = re.compile(rf"{NUMBER} ?{UNIT}|(?:^|[ +x*]|{OFFER})\d{{1,2}}(?= |$|\()|[+x*]\d")
_NAMED_LINE = re.compile(rf"(?:{PERSON})[ :,]*(?:{OFFER}+ ?)?[+x*]?{NUMBER} ?{UNIT}", re.IGNORECASE)
_FEWEST_NUMBERED, _FEWEST_LINES = 2, 3
_NAMELESS = re.compile(rf"^(?:[\d{CHINESE}x*+. ,、:;()#]|{OFFER}|{COUNT}|[份斤克个只箱盒袋包瓶件]|要|来|各)*$")


def is_roster(plain: str, shown: str) -> bool:
    """True for a list of people; `shown` is `plain` with the offers covered. One's own numbered list is none."""
    if "\n" not in plain:
        return False
    entries = [match for match in _ENTRY.finditer(shown) if _is_entry(shown, match)]
    if _HEADER.match(plain):
        return bool(entries or _BARE_ENTRY.search(shown))
    people = [match for match in entries if not _NAMELESS.match(match["rest"]) and _COUNTED.search(match["rest"])]
    return len(people) >= _FEWEST_NUMBERED or _names_on_every_line(shown)


def _names_on_every_line(shown: str) -> bool:
    """True for "张姐 2只⏎李哥 3只⏎王姨 1只", which nobody has numbered."""
    lines = shown.split("\n")
    return len(lines) >= _FEWEST_LINES and all(_NAMED_LINE.match(line) for line in lines)


def _is_entry(shown: str, match: re.Match[str]) -> bool:
    index = shown[match.start() : match.start("rest")]
    return not index.strip().isdigit() or bool(_SPACED.match(shown, match.start()))
