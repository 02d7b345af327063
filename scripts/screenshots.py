"""Write a picture of every page of the mini-program, 390×844, into `var/screenshots` (`python -m scripts.screenshots`).

A town is founded for it, lived in, and ended again. Words after the command choose pictures: `… order station-`;
`room` and `console` choose the chat room with its two phones and the operators' console.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from scripts.wide_screens import wide_pictures
from tests.browser.browser import launch
from tests.browser.every_page import shown, views
from tests.browser.lived_in import LivedIn, lived_in
from tests.browser.phones import SCREENSHOTS, Phone, new_phone
from tests.browser.town import founded


def main(chosen: list[str]) -> int:
    """The exit code: 1 when a page said something bad in its console."""
    with (
        tempfile.TemporaryDirectory(prefix="lintuan-") as folder,
        founded(Path(folder) / "run") as town,
        sync_playwright() as playwright,
    ):
        scene = lived_in(town)
        browser = launch(playwright)
        said = [*phone_pictures(browser, scene, chosen), *wide_pictures(browser, scene, chosen)]
        browser.close()
    print(*said, f"pictures in {SCREENSHOTS}", sep="\n")
    return 1 if said else 0


def phone_pictures(browser: Browser, scene: LivedIn, chosen: list[str]) -> list[str]:
    """Write the phones' pictures; what pages said in their consoles."""
    phones: dict[str, Phone] = {}
    said: list[str] = []
    for view in views(scene):
        if chosen and not any(view.name.startswith(word) for word in chosen):
            continue
        if view.person not in phones:
            phones[view.person] = new_phone(browser, scene.town.sandbox_url, view.person, "pages/me/me")
        phone = shown(phones[view.person], view)
        phone.screenshot(view.name)
        said += [f"{view.name}: {line}" for line in phone.console]
        phone.console.clear()
    return said


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
