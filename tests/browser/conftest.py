"""Fixtures of the stories in a browser: a town and a browser for each worker, phones that must keep a quiet console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.browser import executable, launch
from tests.browser.phones import PATIENCE_MS, Phone, Watched, new_phone
from tests.browser.tiny import shown
from tests.browser.town import Town, founded

OpenPhone = Callable[..., Phone]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives every browser of this worker; it is not started where there is none."""
    executable()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser; every phone in it is a context of its own."""
    opened = launch(playwright)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One town; it is not founded where there is no browser to look at it."""
    executable()
    with founded(tmp_path_factory.mktemp("town") / "run") as opened:
        yield opened


@pytest.fixture(scope="session")
def tiny_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sandbox without a product that shows the very small mini-program."""
    executable()
    with shown(tmp_path_factory.mktemp("tiny")) as address:
        yield address


@pytest.fixture
def tiny(browser: Browser, tiny_url: str) -> Iterator[Phone]:
    """张阿姨's phone at the first page of the very small mini-program."""
    opened = new_phone(browser, tiny_url, "张阿姨", "pages/home/home")
    yield opened
    opened.close()


@pytest.fixture
def phone(browser: Browser, town: Town) -> Iterator[OpenPhone]:
    """`phone("张阿姨", "pages/campaign/campaign?id=…")`: that person's phone; its console must stay empty."""
    opened: list[Phone] = []

    def open_phone(person: str, path: str = "pages/home/home") -> Phone:
        opened.append(new_phone(browser, town.sandbox_url, person, path))
        return opened[-1]

    yield open_phone
    said = {one.person: one.console for one in opened if one.console}
    for one in opened:
        one.close()
    assert said == {}


@pytest.fixture
def camera_phone(playwright: Playwright, town: Town) -> Iterator[Callable[[str, str, Path], Phone]]:
    """`camera_phone(person, path, film)`: a phone whose camera shows a .y4m or .mjpeg; each has its own browser."""
    browsers: list[Browser] = []
    opened: list[Phone] = []

    def open_phone(person: str, path: str, film: Path) -> Phone:
        browsers.append(launch(playwright, film))
        opened.append(new_phone(browsers[-1], town.sandbox_url, person, path))
        return opened[-1]

    yield open_phone
    said = {one.person: one.console for one in opened if one.console}
    for one in browsers:
        one.close()
    assert said == {}


@pytest.fixture
def room(browser: Browser, town: Town) -> Iterator[Callable[..., Watched]]:
    """`room("张阿姨")`: a chat room with its two phones on a wide screen, spoken in by that person."""
    opened: list[Watched] = []

    def open_room(person: str, number: int = 1, width: int = 1600, height: int = 960) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        opened.append(Watched(context.new_page()))
        opened[-1].page.goto(f"{town.sandbox_url}/?as={person}&room={number}")
        return opened[-1]

    yield open_room
    said = [one.console for one in opened if one.console]
    for one in opened:
        one.page.context.close()
    assert said == []


@pytest.fixture
def console_page(browser: Browser, town: Town) -> Iterator[Watched]:
    """The operators' console at 1280×800, not yet entered: `console_page.page.goto(town.console_link())`."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    watched = Watched(context.new_page())
    yield watched
    said = [*watched.console]  # what leaving cuts off is no fault of the page
    context.close()
    assert said == []
