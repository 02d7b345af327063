"""Pictures of what is looked at on wide screens: the chat room with two phones, and the operators' console."""

from __future__ import annotations

from playwright.sync_api import Browser

from scripts.console_pictures import WIDE, console_pictures
from tests.browser.lived_in import BUYER, LivedIn
from tests.browser.phones import SCREEN, Watched


def wide_pictures(browser: Browser, scene: LivedIn, chosen: list[str]) -> list[str]:
    """Write the pictures that are chosen by `room` and `console`, or all; what the pages said in their consoles."""
    said: list[str] = []
    if not chosen or "room" in chosen:
        said += _room(browser, scene)
    if not chosen or "console" in chosen:
        said += console_pictures(browser, scene)
    return said


def _room(browser: Browser, scene: LivedIn) -> list[str]:
    """The room with phones, wide and as a phone shows it."""
    said: list[str] = []
    for name, size in (("room", WIDE), ("room-small", SCREEN)):
        page = browser.new_page(viewport={"width": size["width"], "height": size["height"]}, locale="zh-CN")
        watched = Watched(page)
        page.goto(f"{scene.town.sandbox_url}/?as={BUYER}&room=1", wait_until="networkidle")
        watched.screenshot(name)
        said += [f"{name}: {line}" for line in watched.console]
        page.close()
    return said
