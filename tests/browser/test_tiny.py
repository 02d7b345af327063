"""The phone itself, shown by a very small mini-program: components, forms, pages, and that what it lacks is loud."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.phones import Phone, new_phone


def test_data_lists_wxs_templates_and_a_component_are_drawn(tiny: Phone) -> None:
    for words in ("你好，邻居", "1. ¥12.80", "头", "盒子 3", "身", "行：模板", "还没拉"):
        tiny.sees(words)
    tiny.tap("改价")
    tiny.sees("1. ¥9.99")
    tiny.tap("盒子 3")
    tiny.sees("盒子 4")
    tiny.tap("2. ¥5.00")
    tiny.sees("第 2 行")
    assert tiny.console == []


def test_questions_and_lists_answer_the_page(tiny: Phone) -> None:
    tiny.tap("询问")
    tiny.tap("确定")
    tiny.sees("要")
    tiny.tap("选择")
    tiny.tap("萝卜")
    tiny.sees("选了 1")
    tiny.tap("选择")
    tiny.tap("取消")
    tiny.sees("没选")
    assert tiny.console == []


def test_what_is_no_longer_said_of_an_element_is_taken_away(tiny: Phone) -> None:
    told = tiny.page.locator(".wx-page [role=status]")
    tiny.tap("询问")
    tiny.tap("确定")
    expect(told).to_have_attribute("aria-label", "肯定")
    tiny.tap("询问")
    tiny.tap("取消")
    expect(told).to_have_text("不要")
    assert told.get_attribute("aria-label") is None
    assert told.get_attribute("role") == "status"


def test_pages_are_stacked_and_named_and_left_again(tiny: Phone) -> None:
    tiny.tap("下一页")
    tiny.at("more/pages/second/second")
    tiny.sees("home 你 2")
    tiny.sees("改了名")
    tiny.tap("返回")
    tiny.at("pages/home/home")
    tiny.tap("去表单")
    tiny.at("pages/form/form")
    assert tiny.console == []


def test_an_eleventh_page_does_not_open(tiny: Phone) -> None:
    opened = """() => import("/phone/static/wx/all.js").then(({ wx }) => Promise.all(Array(10).fill().map(
      () => wx.navigateTo({ url: "/more/pages/second/second" }).then(() => "", (refused) => refused.errMsg))))"""
    said = tiny.page.evaluate(opened)
    assert said == [""] * 9 + ["navigateTo:fail webview count limit exceed"]
    assert tiny.console == ["wx.navigateTo: webview count limit exceed"]


def test_pulling_down_tells_the_page(tiny: Phone) -> None:
    tiny.tap("下拉刷新")
    tiny.sees("拉过 1")


def test_a_form_gives_what_its_fields_hold(tiny: Phone) -> None:
    tiny.go("pages/form/form")
    tiny.fill("姓名", "张三李四王五赵六钱七")
    tiny.fill("备注", "不要香菜")
    tiny.page.get_by_role("switch").tap()
    for words in ("乙", "一", "二", "地点：东门", "西门", "提交"):
        tiny.tap(words)
    tiny.sees("张三李四王五赵六|不要香菜|true|b|2")
    tiny.sees('{"name":"张三李四王五赵六","note":"不要香菜","on":true,"kind":"b","ticked":["x","y"]}')
    assert tiny.console == []


def test_a_call_that_the_phone_lacks_is_loud(tiny: Phone) -> None:
    with tiny.page.expect_console_message():
        tiny.tap("蓝牙")
    assert tiny.console[0] == "wx.startBluetooth is not part of this phone"


def test_a_product_that_is_away_is_an_answer_and_loud(tiny: Phone) -> None:
    tiny.tap("请求")
    tiny.sees("答 502")
    assert [line.partition(" ")[0] for line in tiny.console] == ["502"]


def test_storage_is_each_persons_own(browser: Browser, tiny_url: str, tiny: Phone) -> None:
    keys = "() => Object.keys(localStorage)"
    assert tiny.page.evaluate(keys) == []
    other = new_phone(browser, tiny_url, "老陈", "pages/home/home")
    other.page.evaluate(
        "() => import('/phone/static/wx/storage.js').then(({ storage }) => storage.setStorageSync('k', 1))"
    )
    assert other.page.evaluate(keys) == ["phone:老陈:k"]
    other.close()
