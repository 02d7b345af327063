"""A phone as a person uses it: tap, fill, look; everything that its page says in the console is remembered."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from demo.clock import until

SCREENSHOTS = Path(__file__).parents[2] / "var" / "screenshots"
PATIENCE_MS = 90_000
"""A busy machine is no reason for a story to fail."""
QUIET = """async () => {
  const phone = document.getElementById("phone");
  for (let quiet = 0; quiet < 4;) {
    await new Promise(requestAnimationFrame);
    quiet = phone.dataset.waiting === "0" || phone.dataset.waiting === undefined ? quiet + 1 : 0;
  }
}"""
"""One answer often leads to the next question, so a few frames must pass without one."""
SCREEN = {"width": 390, "height": 844}
COUNT_TAPS = """addEventListener("pointerdown", (event) => {
  if (event.isTrusted) sessionStorage.setItem("harness.taps", 1 + Number(sessionStorage.getItem("harness.taps")));
}, { capture: true })"""
"""In every frame of a tab; its pages are of one origin, so a room and the phones in it count together."""


class Watched:
    """A page whose errors are kept: `console` must be empty when its story ends. Refusals (4xx) of the API are told to
    people by the pages, so they are no errors here; a missing file and a 5xx are."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.console: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.set_default_navigation_timeout(PATIENCE_MS)
        page.add_init_script(COUNT_TAPS)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.console.append(f"uncaught: {error.stack or error.message}"))
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.console.append(message.text)

    def _answered(self, response: Response) -> None:
        spoken = response.request.resource_type in ("fetch", "xhr", "document")
        if response.status >= (500 if spoken else 400):
            self.console.append(f"{response.status} {response.url}")

    @property
    def taps(self) -> int:
        """How often the page has been touched or clicked: the browser counts, not who wrote the story."""
        return int(self.page.evaluate("Number(sessionStorage.getItem('harness.taps'))"))

    def screenshot(self, name: str) -> Path:
        """Write `var/screenshots/<name>.png`."""
        path = SCREENSHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
        return path


class Phone(Watched):
    """One person's phone in a browser of 390×844, with touch."""

    def __init__(self, sandbox_url: str, person: str, context: BrowserContext) -> None:
        super().__init__(context.new_page())
        self.sandbox_url, self.person, self._context = sandbox_url, person, context

    def open(self, path: str = "pages/home/home") -> Phone:
        """Open the mini-program at a page (`pages/order/order?id=…`) and wait until it is there."""
        self.page.goto(f"{self.sandbox_url}/phone?{urlencode({'as': self.person, 'path': path})}")
        self.page.wait_for_selector("#phone[data-ready]")
        return self

    def go(self, path: str, ends: str = "") -> Phone:
        """Open a page of the running mini-program as a pressed card would; `ends` is where that page leads at once."""
        self.page.evaluate("path => postMessage({ open: path }, location.origin)", path)
        self.page.wait_for_function(
            "path => document.querySelector('.frame:not([hidden]) > .wx-page')?.dataset.page === path",
            arg=ends or path.partition("?")[0],
        )
        return self

    def settle(self) -> Phone:
        """Wait until every answer that the pages asked for has come and was drawn."""
        self.page.evaluate(QUIET)
        return self

    @property
    def path(self) -> str:
        """The page that is shown, without its query."""
        return str(self.page.locator(".frame:not([hidden]) > .wx-page").get_attribute("data-page"))

    @property
    def screen(self) -> Locator:
        """What can be touched now: the topmost sheet, or the page with its bars."""
        covers = self.page.locator("#over > .cover")
        return covers.last if covers.count() else self.page.locator("#phone")

    def find(self, words: str, *, exact: bool = True) -> Locator:
        """Visible elements with these words or this label."""
        here = self.screen
        found = here.get_by_text(words, exact=exact).or_(here.get_by_label(words, exact=exact))
        return found.or_(here.get_by_role("button", name=words, exact=exact)).filter(visible=True)

    def tap(self, words: str, *, nth: int = 0, exact: bool = True) -> None:
        """Touch what says so, the first of several unless `nth` chooses another; waits until it can be touched."""
        self._await(words, exact=exact)
        if nth:
            self.settle()  # the other one may stand on a sheet that is still to come
        until(f"nothing to cover {words}", lambda: self.find(words, exact=exact).count())
        self.find(words, exact=exact).nth(nth).tap()

    def fill(self, label: str, words: str) -> None:
        """Type into the field with this label or placeholder."""
        here = self.screen
        field = here.locator("input, textarea").and_(
            here.get_by_label(label, exact=True).or_(here.get_by_placeholder(label, exact=True))
        )
        field.filter(visible=True).first.fill(words)

    def sees(self, words: str, *, exact: bool = False) -> None:
        """Wait until these words stand on the screen."""
        self._await(words, exact=exact)

    def sees_not(self, words: str) -> None:
        """Wait until these words stand nowhere on the screen."""
        expect(self.page.locator("#phone").get_by_text(words).filter(visible=True)).to_have_count(
            0, timeout=PATIENCE_MS
        )

    def at(self, path: str) -> None:
        """Wait until this page is shown."""
        shown = self.page.locator(f".frame:not([hidden]) > .wx-page[data-page='{path}']")
        expect(shown).to_be_visible(timeout=PATIENCE_MS)

    def offline(self, whether: bool = True) -> None:
        """Take the network away, or give it back."""
        self._context.set_offline(whether)

    def close(self) -> None:
        """Put the phone away."""
        self._context.close()

    def _await(self, words: str, *, exact: bool) -> None:
        # what is awaited may stand on a sheet that comes only now, so the whole phone is watched
        phone = self.page.locator("#phone")
        found = phone.get_by_text(words, exact=exact).or_(phone.get_by_label(words, exact=exact))
        found = found.or_(phone.get_by_role("button", name=words, exact=exact))
        expect(found.filter(visible=True).first).to_be_visible(timeout=PATIENCE_MS)


def new_phone(browser: Browser, sandbox_url: str, person: str, path: str) -> Phone:
    """A phone of its own, opened at `path`."""
    context = browser.new_context(
        viewport={"width": SCREEN["width"], "height": SCREEN["height"]},
        device_scale_factor=2, has_touch=True, is_mobile=True, locale="zh-CN", timezone_id="Asia/Shanghai",
        reduced_motion="reduce", permissions=["camera", "clipboard-read", "clipboard-write"],
    )  # fmt: skip
    return Phone(sandbox_url, person, context).open(path)
