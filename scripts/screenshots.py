"""Write a picture of every page of the mini-program, 390×844, into `var/screenshots` (`python -m scripts.screenshots`).

A town is founded for it and ended again. Words after the command choose pages: `… leader pages/order`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.browser import launch
from tests.browser.every_page import holder, opened, paths, ready
from tests.browser.phones import SCREENSHOTS, Phone, new_phone
from tests.browser.town import founded


def main(chosen: list[str]) -> int:
    """The exit code: 1 when a page said something bad in its console."""
    wanted = [path for path in paths() if not chosen or any(path.startswith(word) for word in chosen)]
    loud = 0
    with (
        tempfile.TemporaryDirectory(prefix="lintuan-") as folder,
        founded(Path(folder) / "run") as town,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        phones: dict[str, Phone] = {}
        for path in wanted:
            person = holder(path)
            if person not in phones:
                phones[person] = ready(new_phone(browser, town.sandbox_url, person, "pages/home/home"))
            phone = phones[person].go(opened(path, town)).settle()
            phone.screenshot(path.replace("/", "-"))
            loud += len(phone.console)
            print(f"{path}  {person}", *phone.console, sep="\n    ")
            phone.console.clear()
        browser.close()
    print(f"{len(wanted)} pictures in {SCREENSHOTS}")
    return 1 if loud else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
