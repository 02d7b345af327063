"""Whatever is tapped says what it is: a role for screen readers, and words or a label to read out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "miniprogram"
SPEAKING = {"button", "input", "textarea", "switch", "picker", "navigator", "slider"}
"""Built-ins that say by themselves what they are."""
TAPPED = re.compile(r"(capture-)?(bind|catch|mut-bind):?(tap|longpress|longtap)$")
STOPPED = {"stay", "close"}
"""A cover's own taps: they hold back or leave a sheet, which has a button of its own for that."""


class Taps(HTMLParser):
    """Collects what is tapped without a role, and pictures that are tapped without a name."""

    def __init__(self) -> None:
        super().__init__()
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = dict(attrs)
        heard = [value for name, value in attrs if TAPPED.fullmatch(name)]
        if not heard or tag in SPEAKING or tag.startswith("lt-"):
            return
        if "aria-role" not in given and not set(heard) <= STOPPED and "aria-label" not in given:
            self.silent.append(f"<{tag} {heard[0]}>")
        elif tag == "image" and "aria-label" not in given:
            self.silent.append(f"<{tag} {heard[0]}> without a label")


def silent(wxml: str) -> list[str]:
    """What a template lets people tap without telling what it is."""
    taps = Taps()
    taps.feed(wxml)
    return taps.silent


def templates() -> Iterator[Path]:
    """Every template of the mini-program."""
    yield from sorted(FOLDER.rglob("*.wxml"))


def test_nothing_tapped_is_silent() -> None:
    found = {str(path.relative_to(FOLDER)): silent(path.read_text(encoding="utf-8")) for path in templates()}
    assert len(found) > 30
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "wxml",
    ['<view bind:tap="go">走</view>', '<text catchtap="go">走</text>', '<image aria-role="button" bind:tap="go" />'],
)
def test_a_silent_tap_is_found(wxml: str) -> None:
    assert silent(wxml) != []
