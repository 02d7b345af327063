"""Pictures of what is looked at on wide screens: the chat room with two phones, and the operators' console."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pyotp
from playwright.sync_api import Browser, Page, ViewportSize

from demo.clock import Clock
from demo.http import Client
from demo.transcript import SHANGHAI
from tests.browser.lived_in import BUYER, DESK, POINT, LivedIn
from tests.browser.phones import SCREEN, Watched

WIDE: ViewportSize = {"width": 1280, "height": 800}
SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
LISTS = (
    "leaders", "points", "communities", "campaigns", "orders", "claims", "payments", "refunds", "suspense", "ledger",
    "statements", "proposals", "content-checks", "outbox", "jobs", "channels", "audit", "alerts", "invariants", "me",
    "nowhere",
)  # fmt: skip
FIRST_OF = ("campaigns", "claims", "payments", "refunds", "statements", "shifts", "bill-cases")
REASON = "打电话核实"


def wide_pictures(browser: Browser, scene: LivedIn, chosen: list[str]) -> list[str]:
    """Write the pictures that are chosen by `room` and `console`, or all; what the pages said in their consoles."""
    said: list[str] = []
    if not chosen or "room" in chosen:
        said += _room(browser, scene)
    if not chosen or "console" in chosen:
        _to_look_at(scene)
        said += _console(browser, scene)
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


def _to_look_at(scene: LivedIn) -> None:
    """What only operators have to do with: cash at a desk, a payment that nobody knows, a bill that differs."""
    town = scene.town
    person = town.person(DESK)
    login = {"point_id": town.points[POINT]["id"], "device": "柜台平板"}
    desk = Client(town.product_url, str(person.app.post("/api/station/login", login)["token"]))
    shift = desk.post("/api/station/shifts")
    desk.post(f"/api/station/shifts/{shift['id']}/close", {"counted_fen": 1280, "reason": "多了一笔零钱"})
    notices = f"{town.product_url}/hooks/wechatpay/pay"
    stray = {"out_trade_no": "nobody-asked-0001", "total_fen": 1280, "person": "老陈", "notify_url": notices}
    town.sandbox.post("/control/stray-payment", stray)
    yesterday = Clock(Client(town.product_url), town.sandbox).now().astimezone(SHANGHAI).date() - timedelta(days=1)
    town.sandbox.post("/control/bills/plant", {"bill_date": str(yesterday), "error": "amount"})


def _console(browser: Browser, scene: LivedIn) -> list[str]:
    """Every list of the console, the first thing of each, and its darker and its failing sides."""
    said: list[str] = []
    for scheme in SCHEMES:
        context = browser.new_context(viewport=WIDE, locale="zh-CN", color_scheme=scheme)
        watched = Watched(context.new_page())
        page = watched.page
        page.goto(scene.town.stack.console_link())
        page.get_by_role("button", name="进入").click()
        page.wait_for_url("**/console")
        watched.screenshot(f"console-dashboard-{scheme}")
        if scheme == "light":
            for name in _walk(page, scene):
                watched.screenshot(f"console-{name}")
        said += [f"console {scheme}: {line}" for line in watched.console]
        context.close()
    return said


def _walk(page: Page, scene: LivedIn) -> Iterator[str]:
    """The names of what is on the screen, one after the other."""
    console = f"{scene.town.product_url}/console"
    page.goto(f"{console}/bill-days")
    page.get_by_role("button", name="取回并对账").click()
    page.wait_for_load_state("networkidle")
    yield "bill-days"
    for name in LISTS:
        page.goto(f"{console}/{name}")
        yield name
    for name in FIRST_OF:
        page.goto(f"{console}/{name}")
        yield name
        link = page.locator(f"#list a[href*='/console/{name}/']").first
        if link.count():
            link.click()
            page.wait_for_url(f"**/{name}/*")
            yield f"{name}-one"
    order = f"{console}/orders/{scene.orders['collected']}"
    for button, name in (("查看个人信息", "reveal"), ("查看与机器人的对话", "transcript")):
        page.goto(order)
        form = page.locator("form").filter(has=page.get_by_role("button", name=button))
        form.locator("input[name=reason]").fill(REASON)
        form.get_by_role("button", name=button).click()
        page.wait_for_load_state("networkidle")
        yield name
    page.goto(order)
    yield "order"
    page.goto(f"{console}/me")
    moment = Clock(Client(scene.town.product_url), scene.town.sandbox).now()
    code = pyotp.TOTP(page.locator("code.secret").inner_text()).at(int(moment.timestamp()))
    page.get_by_label("验证器显示的六位数字").fill(code)
    page.get_by_role("button", name="启用").click()
    page.locator("ul.codes li").first.wait_for()
    yield "recovery-codes"
