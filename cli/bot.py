"""`flask bot parse`: read chat messages from standard input, tell what each means, one JSON line each."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import click

from bots.parsing.intents import OfferName
from bots.parsing.reading import as_record


@click.group("bot")
def command() -> None:
    """The bot that listens in chats."""


@command.command("parse")
def parse() -> None:
    """Read lines of {"text", "offers": [{"name", "unit", "aliases"}]}, write {"kind", "mode", "items", "ask"} a line.

    A line that cannot be read is answered with {"error"}, and the exit status is 1 at the end.
    """
    failed = False
    # Half a surrogate pair is written as JSON writes it, "\\ud83e".
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="backslashreplace")
    try:
        for answer in map(_answer, _lines(sys.stdin.buffer)):
            failed = failed or "error" in answer
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
            out.flush()
    finally:
        out.detach()
    if failed:
        raise SystemExit(1)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines as they come; blank ones are left out."""
    return (line for line in stream if line.strip())


def _answer(line: bytes) -> dict[str, Any]:
    try:
        return as_record(*_message(json.loads(line.decode("utf-8-sig"))))
    except (ValueError, RecursionError) as wrong:
        return {"error": str(wrong) or type(wrong).__name__}


def _message(asked: Any) -> tuple[str, tuple[OfferName, ...]]:
    """Text and offers of one line; raises ValueError that says which part has another shape."""
    if not isinstance(asked, dict):
        raise ValueError("a line must be an object")
    if not isinstance(asked.get("text"), str):
        raise ValueError("text must be a string")
    offers = asked.get("offers")
    offers = [] if offers is None else offers
    if not isinstance(offers, list):
        raise ValueError("offers must be a list")
    return asked["text"], tuple(_offer(f"{number}", offer) for number, offer in enumerate(offers))


def _offer(key: str, offer: Any) -> OfferName:
    if not isinstance(offer, dict) or not isinstance(offer.get("name"), str):
        raise ValueError("each offer must be an object with a name")
    unit, aliases = offer.get("unit") or "", offer.get("aliases") or []
    if not isinstance(unit, str) or not isinstance(aliases, list) or not all(isinstance(a, str) for a in aliases):
        raise ValueError("unit must be a string and aliases a list of strings")
    return OfferName(key, offer["name"], tuple(aliases), unit)
