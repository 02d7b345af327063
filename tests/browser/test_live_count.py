"""The bench of the moving count in miniature: it comes by the stream, long before a polling phone would ask again."""

from __future__ import annotations

from playwright.sync_api import Browser, Playwright

from benchmarks.touching import Hands, moves
from tests.browser.town import Town

POLL_SECONDS = 8


def test_another_phone_shows_a_paid_order_before_it_would_ask(
    town: Town, playwright: Playwright, browser: Browser
) -> None:
    found = list(moves(Hands(town, playwright, browser), 2))
    assert len(found) == 2
    assert all(0 < one.since_booked < one.since_pressed < POLL_SECONDS / 2 for one in found)
