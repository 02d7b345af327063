"""What the pages that people open most show while answers are slow, broken or away; their button brings them back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import OpenPhone
from tests.browser.leader_scene import LEADER, joined, opened
from tests.browser.phones import Phone
from tests.browser.resident_scene import BERRY, neighbour
from tests.browser.town import Town

API = "**/phone/product/api/**"
NEIGHBOUR, TITLE = "戚姐", "慢慢来的团"
SORRY = "服务器出了点问题，请再试一次。"
PLACES = {
    "home": (NEIGHBOUR, "pages/home/home", TITLE),
    "campaign": (NEIGHBOUR, "pages/campaign/campaign?id={}", "正在接龙"),
    "orders": (NEIGHBOUR, "pages/orders/orders", TITLE),
    "roster": (LEADER, "leader/pages/roster/roster?id={}", NEIGHBOUR),
}


@pytest.fixture(scope="session")
def campaign_id(town: Town) -> str:
    """A campaign that the neighbour has joined, at the point of their choice."""
    person, made = neighbour(town, NEIGHBOUR), opened(town, TITLE)
    person.app.put("/api/resident/me", {"home_point_id": town.points["南门驿站"]["id"]})
    joined(town, made, NEIGHBOUR, {BERRY: 1})
    return made


class Meanwhile:
    """The product's answers to a phone: held back at first, then an error each, until they are `restored`."""

    def __init__(self, phone: Phone) -> None:
        self._page, self._held, self._broken = phone.page, list[Route](), False
        self._page.route(API, self._answer)

    def _answer(self, route: Route) -> None:
        if self._broken:
            body = {"title": "Internal Server Error", "status": 500, "code": "internal", "detail": SORRY}
            route.fulfill(status=500, content_type="application/problem+json", json=body)
        else:
            self._held.append(route)

    def broken(self) -> None:
        """The server errs, also in what it had not answered yet."""
        self._broken = True
        for route in self._held:
            self._answer(route)

    def restored(self) -> None:
        """The server answers again."""
        self._page.unroute(API)


@pytest.mark.parametrize("place", PLACES)
def test_a_page_tells_that_it_is_slow_broken_or_cut_off_and_comes_back(
    phone: OpenPhone, campaign_id: str, place: str
) -> None:
    name, address, content = PLACES[place]
    mine = phone(name, "pages/me/me").settle()
    answers = Meanwhile(mine)
    mine.go(address.format(campaign_id))
    mine.sees("加载中…", exact=True)
    mine.sees("网络有点慢，还在加载…", exact=True)
    answers.broken()
    mine.sees(SORRY)
    answers.restored()
    mine.offline()
    mine.tap("再试一次")
    mine.sees("网络不太好，请再试一次。")
    mine.offline(False)
    mine.tap("再试一次")
    mine.sees(content)
    mine.settle().sees_not("再试一次")
    mine.console[:] = [line for line in mine.console if not line.startswith("500 ")]  # these were planted here
