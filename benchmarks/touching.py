"""What people do with a phone, timed: each trial gives the seconds that a person at the glass would have felt."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Playwright

from demo.people import Person
from tests.browser import counter_scene, film
from tests.browser.browser import launch
from tests.browser.leader_scene import LEADER, opened
from tests.browser.phones import Phone, new_phone
from tests.browser.resident_scene import BERRY, CRAB, neighbour
from tests.browser.town import Town

KEY_MS = 200
KEYS_OF_A_HANZI = 4
"""About three letters of pinyin and the choice among what they may mean."""
CLERK, COUNTER = "小莫", "量一量驿站"
WATCH_COUNT = """() => {
  const count = () => Number((document.getElementById("phone").textContent.match(/(\\d+) 人参团/) || [])[1]);
  const before = count();
  window.moved = new Promise((seen) => {
    const observer = new MutationObserver(() => {
      if (!(count() > before)) return;
      observer.disconnect();
      seen((performance.timeOrigin + performance.now()) / 1000);
    });
    observer.observe(document.getElementById("phone"), { subtree: true, childList: true, characterData: true });
  });
}"""
NOTE_PRESS = """() => addEventListener("pointerdown", () => {
  window.pressed = (performance.timeOrigin + performance.now()) / 1000;
}, { capture: true, once: true })"""


@dataclass(frozen=True)
class Moved:
    """One count that moved elsewhere: seconds from the pressed 付款, and from the gateway's notice being taken."""

    since_pressed: float
    since_booked: float


@dataclass
class Hands:
    """A town and a browser in which phones are opened, and closed with their trial."""

    town: Town
    playwright: Playwright
    browser: Browser
    _numbers: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def phone(self, person: str, path: str = "pages/home/home", browser: Browser | None = None) -> Iterator[Phone]:
        """Somebody's phone, at a page."""
        held = new_phone(browser or self.browser, self.town.sandbox_url, person, path)
        try:
            yield held
        finally:
            held.close()

    def newcomer(self) -> Person:
        """Somebody of whom nothing is known but that they agree to the texts in force."""
        self._numbers["neighbours"] = number = self._numbers.get("neighbours", 0) + 1
        return neighbour(self.town, f"邻居{number}")


def moves(hands: Hands, trials: int) -> Iterator[Moved]:
    """One neighbour pays for others in one phone; another phone shows the campaign's page all the while."""
    campaign = opened(hands.town, "量人数的团")
    watcher, payer = hands.newcomer().name, hands.newcomer().name
    with hands.phone(watcher, f"pages/campaign/campaign?id={campaign}") as seen, hands.phone(payer) as held:
        seen.sees("0 人参团")
        for _ in range(trials):
            buyer = hands.newcomer()
            page = buyer.app.get(f"/api/resident/campaigns/{campaign}")
            order = buyer.order(page, page["points"][0], {CRAB: 1})
            held.go(f"pages/payfor/payfor?id={order['id']}")
            held.tap("帮忙付款")
            held.sees("付款", exact=True)
            seen.settle().page.evaluate(WATCH_COUNT)
            held.page.evaluate(NOTE_PRESS)
            held.tap("付款")
            shown, pressed = _seconds(seen.page, "moved"), _seconds(held.page, "pressed")
            yield Moved(shown - pressed, shown - _last_booked(hands.town))
            held.sees("付好了")


def _seconds(page: Page, name: str) -> float:
    return float(page.evaluate(f"() => window.{name}"))


def _last_booked(town: Town) -> float:
    """When the product took the newest notice, in seconds since 1970; its booking ends a little later."""
    file = town.stack.folder / "product" / "lintuan.sqlite3"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        (told,) = database.execute("SELECT received_at FROM gateway_events ORDER BY id DESC LIMIT 1").fetchone()
    return datetime.fromisoformat(told).replace(tzinfo=UTC).timestamp()


def pays(hands: Hands, trials: int) -> Iterator[tuple[float, int]]:
    """From the pressed card to the order that says it is paid, without a moment's thought; and the taps to 付款."""
    campaign = opened(hands.town, "量下单的团")
    for _ in range(trials):
        with hands.phone(hands.newcomer().name) as mine:
            began, before = time.monotonic(), mine.taps
            mine.go(f"pages/campaign/campaign?id={campaign}")
            for words in (f"{BERRY}加一", "去结算", "提交并支付", "付款"):
                mine.tap(words)
            taps = mine.taps - before
            mine.tap("允许")
            mine.sees("付款成功")
            yield time.monotonic() - began, taps


def opens(hands: Hands, trials: int) -> Iterator[float]:
    """A campaign from nothing to open, every key at a person's speed."""
    for number in range(trials):
        with hands.phone(LEADER, "leader/pages/dashboard/dashboard") as mine:
            mine.sees("等我处理")
            began = time.monotonic()
            mine.tap("开新团")
            mine.sees("商品 1")
            for label, words in (
                ("商品名", f"洞庭碧螺春{number}"),
                ("团购价（元）", "39.9"),
                ("团名", f"明前碧螺春周末团{number}"),
            ):
                place = mine.screen.get_by_label(label, exact=True).and_(mine.screen.locator("input, textarea"))
                _types(place.filter(visible=True).first, words)
            mine.tap("预览，下一步开团")
            mine.sees("邻居会看到")
            mine.tap("现在开团")
            mine.sees("开团成功")
            yield time.monotonic() - began


def _types(place: Locator, words: str) -> None:
    for sign in words:
        place.press_sequentially(sign, delay=KEY_MS * (1 if sign.isascii() else KEYS_OF_A_HANZI))


def hands_over(hands: Hands, trials: int, films: Path) -> Iterator[tuple[float, int]]:
    """From the pressed scanner to the order that is handed over, the QR before a camera; and the taps."""
    scene = counter_scene.set_up(hands.town, COUNTER)
    buyers = [hands.newcomer().name for _ in range(trials)]
    counter_scene.sell(scene, {name: {CRAB: 1} for name in buyers})
    scene.staff(CLERK)
    counter_scene.arrive(scene, scene.desks[CLERK])
    for name in buyers:
        browser = launch(hands.playwright, film.of_qr(scene.pickup(name)["qr"], films / f"{name}.y4m"))
        try:
            with hands.phone(CLERK, "station/pages/join/join", browser) as mine:
                mine.tap(COUNTER)
                mine.at("station/pages/desk/desk")
                before, began = mine.taps, time.monotonic()
                mine.tap("扫取货二维码")
                mine.tap("全部交付 1 件")
                mine.sees("已交付")
                yield time.monotonic() - began, mine.taps - before
        finally:
            browser.close()


def starts(hands: Hands, trials: int) -> Iterator[float]:
    """From nothing kept in the browser to the first page with its campaigns."""
    for _ in range(trials):
        name, began = hands.newcomer().name, time.monotonic()
        with hands.phone(name) as mine:
            mine.settle()
            yield time.monotonic() - began
