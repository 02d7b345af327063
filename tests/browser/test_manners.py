"""What a page lacks is found: what is too small to hit, what has no name, what large type would cut off."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPhone
from tests.browser.manners import faults
from tests.browser.resident_scene import neighbour
from tests.browser.town import Town

PLANT = """([style, words, role]) => {
  const state = document.querySelector(".frame:not([hidden]) [style*='--zoom']");
  const made = document.createElement("div");
  made.setAttribute("style", style);
  made.setAttribute("role", role);
  const text = document.createElement("span");
  text.setAttribute("style", "font-size: calc(16px * var(--zoom)); white-space: nowrap");
  text.textContent = words;
  made.append(text);
  state.append(made);
}"""
WIDE = "width: 120px; height: 48px;"


@pytest.mark.parametrize(
    ("style", "words", "role", "fault"),
    [
        ("width: 30px; height: 48px; overflow: visible", "走", "button", "small"),
        (WIDE, "", "button", "nameless"),
        (f"{WIDE} overflow: hidden", "七个字刚好放得", "note", "cut in large type"),
        ("margin-left: 260px", "七个字刚好放得", "note", "runs out of the screen"),
    ],
)
def test_a_planted_fault_is_found(phone: OpenPhone, town: Town, style: str, words: str, role: str, fault: str) -> None:
    neighbour(town, "梅姨")
    mine = phone("梅姨", "pages/points/points")
    mine.sees("南门驿站")
    assert faults(mine) == []
    mine.page.evaluate(PLANT, [style, words, role])
    assert [one.partition(":")[0] for one in faults(mine)] == [fault]
