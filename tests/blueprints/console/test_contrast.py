"""The console's colours can be read: words at 4.5 to 1 on what they stand on, shapes at 3 to 1, day and night."""

from __future__ import annotations

import re

import pytest

from blueprints.console.assets import HERE

STYLE = (HERE / "style.css").read_text()
DAY, NIGHT = re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL)
WORDS = [
    *((ink, ground) for ink in ("ink", "soft", "brand", "bad-ink") for ground in ("ground", "paper")),
    ("brand-ink", "brand"), ("good-ink", "good"), ("warn-ink", "warn"), ("bad-ink", "bad"), ("calm-ink", "calm"),
]  # fmt: skip
SHAPES = [(shape, "paper") for shape in ("shape-1", "shape-2", "shape-3", "brand", "edge")]


def tokens(block: str) -> dict[str, str]:
    """The colours of a scheme by their names."""
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})\b", block))


def light(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("pairs", "least"), [(WORDS, 4.5), (SHAPES, 3)], ids=["words", "shapes"])
def test_what_is_to_be_read_stands_out(scheme: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = {**tokens(DAY), **tokens(scheme)}
    faint = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: found for pair, found in faint.items() if found < least} == {}


def test_each_colour_of_the_day_has_its_night() -> None:
    assert tokens(NIGHT).keys() == tokens(DAY).keys()


def test_black_on_white_is_twenty_one_and_grey_on_grey_is_seen_to_fail() -> None:
    assert round(contrast("#000", "#ffffff")) == 21
    assert contrast("#888888", "#999999") < 3
