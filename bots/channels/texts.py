"""Words for a screen: cut to a length without tearing a character, escaped where marks would act."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bots.messages import Code, Link, Part

ELLIPSIS = "…"
_MARKS = re.compile(r"([\\`*_\[\]~|])")
_LEADING = re.compile(r"^(#|>)", re.MULTILINE)
_BRACES = re.compile(r"\{(?=\{)")


def cut(text: str, characters: int) -> str:
    """At most `characters` characters, the last one an ellipsis when something was cut off."""
    return text if len(text) <= characters else text[: characters - 1] + ELLIPSIS


def cut_bytes(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, with an ellipsis when something was cut off."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: limit - len(ELLIPSIS.encode())].decode(errors="ignore") + ELLIPSIS


def escaped(text: str) -> str:
    """Text that markdown shows as it is."""
    return _LEADING.sub(r"\\\1", _MARKS.sub(r"\\\1", text.replace("<", "＜")))


def markdown(parts: Iterable[Part]) -> str:
    """The parts as markdown; a code stays a mark until it leaves."""
    return "".join(_markdown(part) for part in parts)


def plain(parts: Iterable[Part]) -> str:
    """The parts as plain text, links written out."""
    return "".join(_plain(part) for part in parts)


def _markdown(part: Part) -> str:
    if isinstance(part, Link):
        return f"[{escaped(part.label)}]({part.url})"
    return code_mark(part) if isinstance(part, Code) else escaped(no_mark(part))


def _plain(part: Part) -> str:
    if isinstance(part, Link):
        return f"{part.label} {part.url} "
    return code_mark(part) if isinstance(part, Code) else no_mark(part)


def no_mark(text: str) -> str:
    """What people wrote can never stand for a code, in words or on a card."""
    return _BRACES.sub("{ ", text)


def code_mark(code: Code) -> str:
    """What stands for a pickup code in a stored answer."""
    return f"{{{{code:{code.order_id}}}}}"


CODE_MARK = re.compile(r"\{\{code:(ord_[0-9a-z]{26})\}\}")
