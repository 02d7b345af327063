"""What WeChat refuses, the phone of the sandbox refuses as well, so that no page can rely on it."""

from __future__ import annotations

import pytest

from tests.browser.phones import Phone

CALL = """([name, options]) => import("/phone/static/wx/all.js").then(({ wx }) => new Promise((resolve) => {
  wx[name]({ ...options, success: (told) => resolve(told.errMsg), fail: (told) => resolve(told.errMsg) });
}))"""


def asked(tiny: Phone, name: str, **options: object) -> str:
    """What the call `wx.<name>` ends with, as its `errMsg`."""
    return str(tiny.page.evaluate(CALL, [name, options]))


def test_a_method_that_wechat_does_not_send_is_refused(tiny: Phone) -> None:
    assert asked(tiny, "request", url="/healthz", method="PATCH") == "request:fail method is invalid"
    assert tiny.console == ["wx.request: WeChat has no method PATCH"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_a_method_of_its_list_goes_through(tiny: Phone, method: str) -> None:
    assert asked(tiny, "request", url="/healthz", method=method) == "request:ok"


@pytest.mark.parametrize("name", ["confirmText", "cancelText"])
def test_a_question_with_a_button_of_five_letters_is_refused(tiny: Phone, name: str) -> None:
    said = asked(tiny, "showModal", title="开班", **{name: "开班并收款"})
    assert said == f"showModal:fail {name} length should not larger than 4 Chinese characters"
    tiny.sees_not("开班并收款")
    assert tiny.console == [f'wx.showModal: {name} "开班并收款" is longer than 4 letters']


def test_a_question_with_buttons_of_four_letters_is_asked(tiny: Phone) -> None:
    tiny.page.evaluate(CALL.replace("new Promise", "void new Promise"), ["showModal", {"confirmText": "开班收款"}])
    tiny.tap("开班收款")
    assert tiny.console == []


STORE = """(sizes) => import("/phone/static/wx/all.js").then(({ wx }) => sizes.map((letters, at) => {
  try { wx.setStorageSync(`k${at}`, "团".repeat(letters)); return ""; } catch (refused) { return refused.message; }
}))"""


def test_storage_takes_one_megabyte_under_a_key(tiny: Phone) -> None:
    said = tiny.page.evaluate(STORE, [349_000, 350_000])
    assert said == ["", "setStorageSync:fail:entry size limit reached"]


def test_storage_takes_ten_megabytes_in_all(tiny: Phone) -> None:
    said = tiny.page.evaluate(STORE, [345_000] * 11)
    assert said == [""] * 10 + ["setStorageSync:fail:storage limit exceeded"]


def test_messages_are_only_asked_about_in_a_tap_that_waited_for_no_answer(tiny: Phone) -> None:
    refused = "requestSubscribeMessage:fail can only be invoked by user TAP gesture."
    prompt: dict[str, list[str]] = {"tmplIds": []}
    assert asked(tiny, "requestSubscribeMessage", **prompt) == refused
    tiny.tap("改价")
    assert asked(tiny, "requestSubscribeMessage", **prompt) == "requestSubscribeMessage:fail TmplIds is invalid"
    asked(tiny, "request", url="/healthz", method="POST")
    assert asked(tiny, "requestSubscribeMessage", **prompt) == refused
    told = [line for line in tiny.console if line.startswith("wx.")]
    assert told == ["wx.requestSubscribeMessage: neither a tap nor the end of a payment led here"] * 2
