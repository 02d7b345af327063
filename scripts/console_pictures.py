"""Pictures of the operators' console: each way in, every list and the first thing of each, refusals, and the night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Browser, Page, ViewportSize

from demo.clock import Clock, until
from demo.http import Client
from demo.transcript import SHANGHAI
from tests.browser.lived_in import BUYER, DESK, OTHERS, POINT, LivedIn
from tests.browser.phones import Watched

WIDE: ViewportSize = {"width": 1280, "height": 800}
REASON = "打电话核实"
TO_THE_END = """() => new Promise((done) => {
  scrollTo(0, document.body.scrollHeight);
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""
AS_IF_FOREIGN = "document.querySelectorAll('input[name=csrf]').forEach((field) => { field.value = 'x' })"
"""A form that is not ours is refused; so is what one's role may not do, on the same page."""


def console_pictures(browser: Browser, scene: LivedIn) -> list[str]:
    """Write them all; what the pages said in their consoles."""
    _to_look_at(scene)
    context = browser.new_context(viewport=WIDE, locale="zh-CN", color_scheme="light")
    watched = Watched(context.new_page())
    console = f"{scene.town.product_url}/console"
    for part in (_strangers, _entering, _lists, _things, _order, _refusals, _night):
        for name in part(watched.page, console, scene):
            watched.screenshot(f"console-{name}")
    context.close()
    return [f"console: {line}" for line in watched.console]


def _to_look_at(scene: LivedIn) -> None:
    """What only operators see: a desk's cash, money of nobody, a bill that differs, words in doubt, a talk."""
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
    renamed = town.person(OTHERS[0]).app.put("/api/resident/me", {"nickname": "老陈加微信"})
    if renamed["name_check"]:  # a town may be founded without the platform's check
        until("a doubt", lambda: town.operator.get("/api/admin/content-checks", state="review")["items"])
    for words in ("你好", "我的订单"):
        town.sandbox.customer_say(BUYER, words)


def _strangers(page: Page, console: str, _scene: LivedIn) -> Iterator[str]:
    """What whoever is not logged in sees: the log-in page, and what was wrong."""
    page.goto(f"{console}/login")
    yield "log-in"
    page.get_by_label("账号").fill("运营小周")
    page.get_by_label("密码").fill("不是这个密码")
    page.get_by_label("动态码或恢复码").fill("123456")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("alert").wait_for()
    yield "log-in-wrong"


def _entering(page: Page, console: str, scene: LivedIn) -> Iterator[str]:
    """In by a printed link, which is good once, and a second factor set up."""
    link = scene.town.stack.console_link()
    page.goto(link)
    yield "enter"
    page.get_by_role("button", name="进入").click()
    page.wait_for_url("**/console")
    yield "dashboard-first-time"
    page.goto(f"{console}/me")
    yield "me-first-time"
    moment = Clock(Client(scene.town.product_url), scene.town.sandbox).now()
    code = pyotp.TOTP(page.locator("code.secret").inner_text()).at(int(moment.timestamp()))
    page.get_by_label("验证器显示的六位数字").fill(code)
    page.get_by_role("button", name="启用").click()
    page.locator("ul.codes li").first.wait_for()
    yield "recovery-codes"
    page.goto(f"{console}/me")
    yield "me"
    page.goto(f"{console}/bill-days")
    page.get_by_role("button", name="取回并对账").click()
    page.get_by_role("status").wait_for()
    yield "bill-days-done"


def _lists(page: Page, console: str, _scene: LivedIn) -> Iterator[str]:
    """Every entry of the menu; the dashboard's pictures once more, which stand further down."""
    page.goto(console)
    for address in page.eval_on_selector_all("nav a", "links => links.map(link => link.href)"):
        page.goto(address, wait_until="networkidle")
        yield _named(address) or "dashboard-light"
    page.goto(console, wait_until="networkidle")
    page.evaluate(TO_THE_END)
    yield "dashboard-charts-light"


def _things(page: Page, console: str, _scene: LivedIn) -> Iterator[str]:
    """The first thing of each list that has pages of its own, from the top and from the bottom."""
    page.goto(console)
    for address in page.eval_on_selector_all("nav a", "links => links.map(link => link.href)"):
        page.goto(address)
        link = page.locator(f"#list a[href*='/console/{_named(address)}/']").first
        if _named(address) and link.count():
            link.click()
            page.wait_for_url(f"**/{_named(address)}/*")
            yield f"{_named(address)}-one"
            page.evaluate(TO_THE_END)
            yield f"{_named(address)}-one-below"


def _order(page: Page, console: str, scene: LivedIn) -> Iterator[str]:
    """What an order leads to for who says why: the person, and their talk with the bot."""
    for button, name in (("查看个人信息", "reveal"), ("查看与机器人的对话", "transcript")):
        page.goto(f"{console}/orders/{scene.orders['collected']}")
        form = page.locator("form").filter(has=page.get_by_role("button", name=button))
        form.locator("input[name=reason]").fill(REASON)
        form.get_by_role("button", name=button).click()
        page.get_by_text(f"这次查看已留下记录：{REASON}").wait_for()
        yield name


def _refusals(page: Page, console: str, _scene: LivedIn) -> Iterator[str]:
    """Nothing there, not allowed, a filter that is none."""
    for address, name in (("nowhere", "not-found"), ("orders?state=none", "wrong-filter")):
        page.goto(f"{console}/{address}")
        yield name
    page.goto(f"{console}/communities")
    page.evaluate(AS_IF_FOREIGN)
    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="没有权限").wait_for()
    yield "forbidden"


def _night(page: Page, console: str, scene: LivedIn) -> Iterator[str]:
    """The same at night."""
    page.emulate_media(color_scheme="dark")
    page.goto(console, wait_until="networkidle")
    yield "dashboard-dark"
    page.evaluate(TO_THE_END)
    yield "dashboard-charts-dark"
    for address, name in ((f"orders/{scene.orders['collected']}", "order"), ("suspense", "suspense"), ("me", "me")):
        page.goto(f"{console}/{address}")
        yield f"{name}-dark"
    page.get_by_role("button", name="退出", exact=True).first.click()
    page.get_by_role("button", name="登录").wait_for()
    yield "logged-out-dark"


def _named(address: str) -> str:
    """`bill-cases` of its address; "" of the dashboard's."""
    return urlsplit(address).path.removeprefix("/console").strip("/")
