"""The bench of the moving count in miniature: it comes by the stream, to a phone that cannot ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright

from benchmarks.touching import Hands, moves
from tests.browser.phones import Phone
from tests.browser.town import Town

CAMPAIGN = re.compile(r"/api/resident/campaigns/[a-z0-9_]+$")


class Listening(Hands):
    """Hands whose phones, once they show a campaign, cannot ask for it again: what moves there came by the stream."""

    @contextmanager
    def phone(self, person: str, path: str = "pages/home/home", browser: Browser | None = None) -> Iterator[Phone]:
        """Somebody's phone, at a page."""
        with super().phone(person, path, browser) as held:
            if path.startswith("pages/campaign/"):
                held.sees("人参团")
                held.page.route(CAMPAIGN, lambda route: route.abort())
            yield held


def test_another_phone_shows_a_paid_order_without_asking(town: Town, playwright: Playwright, browser: Browser) -> None:
    found = list(moves(Listening(town, playwright, browser), 2))
    assert len(found) == 2
    assert all(0 < one.since_booked < one.since_pressed for one in found)
