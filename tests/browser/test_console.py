"""The operator in a real browser: in by a link, out, in again with the second factor; decides; and at night."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from demo.clock import Clock, until
from demo.http import Client
from stack.folder import environment
from stack.processes import run_once
from stack.stack import FLASK
from tests.browser.phones import PATIENCE_MS
from tests.browser.town import Town

NIGHT = "运营夜班"


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    """An operator's window at night; its console must stay empty."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", color_scheme="dark")
    context.set_default_timeout(PATIENCE_MS)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    told = [*said]  # what leaving cuts off is no fault of the page
    context.close()
    assert told == []


@pytest.fixture
def console(window: Page, town: Town) -> Page:
    """The window of the operator, who has entered by a printed link."""
    return _entered(window, town.stack.console_link())


def _entered(page: Page, link: str) -> Page:
    page.goto(link)
    page.get_by_role("button", name="进入").click()
    page.wait_for_url("**/console")
    return page


def test_who_set_up_a_second_factor_logs_in_with_it(window: Page, town: Town) -> None:
    at_the_machine = [*FLASK, "operators"]
    run_once([*at_the_machine, "create", NIGHT], _machine(town))
    said = run_once([*at_the_machine, "link", NIGHT], _machine(town))
    page = _entered(window, said.split()[-1])
    page.goto(f"{town.product_url}/console/me")
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("验证器显示的六位数字").fill(_code(secret, town))
    page.get_by_role("button", name="启用").click()
    expect(page.locator("ul.codes li")).to_have_count(10)
    spare = page.locator("ul.codes li").first.inner_text()
    page.get_by_role("button", name="退出").click()
    page.get_by_label("账号").fill(NIGHT)
    page.get_by_label("密码").fill(town.stack.operator_password)
    page.get_by_label("动态码或恢复码").fill(spare)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("svg.chart")).to_have_count(5)
    expect(page.locator("#proof")).to_have_text("全部成立")


def test_a_leader_who_applied_is_approved_from_the_dashboard(console: Page, town: Town) -> None:
    community = town.operator.get("/api/admin/communities")["items"][0]["id"]
    body = {"display_name": "孙姐", "community_id": community, "introduction": "八号楼的"}
    town.person("孙姐").app.post("/api/resident/leader-application", body)
    until("her words have passed", lambda: not _being_checked(town))
    console.goto(f"{town.product_url}/console")
    console.get_by_role("link", name="团长申请").click()
    console.get_by_role("link", name="孙姐").click()
    console.get_by_role("button", name="通过").click()
    expect(console.get_by_role("status").filter(has_text="已通过")).to_be_visible()
    expect(console.locator("h1 .tag")).to_have_text("已通过")


def test_money_that_fits_nothing_is_sent_back_by_two_people(console: Page, browser: Browser, town: Town) -> None:
    notices = f"{town.product_url}/hooks/wechatpay/pay"
    stray = {"out_trade_no": "nobody-asked-0001", "total_fen": 1280, "person": "老陈", "notify_url": notices}
    town.sandbox.post("/control/stray-payment", stray)
    until("the suspense case", lambda: town.operator.get("/api/admin/suspense-cases")["items"])
    console.goto(f"{town.product_url}/console/suspense")
    case = console.get_by_role("row").filter(has_text="nobody-asked-0001")
    expect(case).to_contain_text("¥12.80")
    case.get_by_text("处理", exact=True).click()
    case.get_by_label("银行流水号").fill("ICBC-20261127-01")
    case.get_by_label("原因").last.fill("打电话核实过")
    case.get_by_role("button", name="提议银行转账").click()
    expect(console.get_by_text("须由另一位同事通过")).to_be_visible()
    other = browser.new_page()
    other.set_default_timeout(PATIENCE_MS)
    said = run_once([*FLASK, "operators", "link", town.stack.colleague], _machine(town))
    _entered(other, said.split()[-1]).goto(f"{town.product_url}/console/proposals?state=proposed")
    other.on("dialog", lambda dialog: dialog.accept())
    other.get_by_role("button", name="通过并执行").click()
    expect(other.get_by_role("status").filter(has_text="已通过并执行")).to_be_visible()
    other.goto(f"{town.product_url}/console/suspense")
    expect(other.get_by_role("row").filter(has_text="nobody-asked-0001")).to_contain_text("已处理")
    other.close()


def test_filters_change_the_list_and_the_address_without_a_new_page(console: Page, town: Town) -> None:
    console.goto(f"{town.product_url}/console/orders")
    console.evaluate("window.same = true")
    console.get_by_label("状态").select_option(label="已全退")
    console.get_by_role("button", name="筛选").click()
    expect(console.locator("#list")).to_contain_text("这里还没有内容")
    assert "state=refunded" in console.url
    assert console.evaluate("window.same") is True


def test_the_night_is_dark_and_a_page_is_read_by_keyboard(console: Page, town: Town) -> None:
    console.goto(f"{town.product_url}/console/orders")
    ground = console.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(",")) < 60
    console.keyboard.press("Tab")
    expect(console.get_by_role("link", name="跳到内容")).to_be_focused()
    console.keyboard.press("Enter")
    expect(console.locator("main")).to_be_focused()


def _being_checked(town: Town) -> list[str]:
    """Applications whose words the platform has not answered about."""
    checks = town.operator.get("/api/admin/content-checks")["items"]
    return [check["id"] for check in checks if check["subject"] == "leader" and check["state"] in ("waiting", "asked")]


def _machine(town: Town) -> dict[str, str]:
    return environment(town.stack.folder, town.product_url)


def _code(secret: str, town: Town) -> str:
    """What the authenticator would show at the product's time."""
    now = Clock(Client(town.product_url), town.sandbox).now()
    return pyotp.TOTP(secret).at(int(now.timestamp()))
