"""The pretend mini-program server keeps WeChat's rules for tokens, logins, messages and codes."""

from __future__ import annotations

import base64
import struct
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from sandbox.miniprogram.value_rules import broken_key
from tests.sandbox.merchant import Merchant


@pytest.fixture
def person(merchant: Merchant) -> dict[str, Any]:
    """A person of the platform."""
    known: dict[str, Any] = merchant.control("people", {"name": "王阿姨"})
    return known


def _token_answer(merchant: Merchant, **other: Any) -> dict[str, Any]:
    wish = {
        "grant_type": "client_credential",
        "appid": merchant.appid,
        "secret": merchant.env["LINTUAN_WXA_SECRET"],
    }
    answer: dict[str, Any] = merchant.http.post("/cgi-bin/stable_token", json=wish | other).get_json()
    return answer


def _post(merchant: Merchant, path: str, content: object) -> Any:
    token = _token_answer(merchant)["access_token"]
    return merchant.http.post(f"{path}?access_token={token}", json=content)


def _login(merchant: Merchant, code: str, **other: str) -> dict[str, Any]:
    query = {
        "appid": merchant.appid,
        "secret": merchant.env["LINTUAN_WXA_SECRET"],
        "js_code": code,
        "grant_type": "authorization_code",
    }
    answer: dict[str, Any] = merchant.http.get("/sns/jscode2session", query_string=query | other).get_json()
    return answer


def test_the_same_name_is_the_same_person(merchant: Merchant, person: dict[str, Any]) -> None:
    assert merchant.control("people", {"name": "王阿姨"}) == person
    other = merchant.control("people", {"name": "老李"})
    assert len({person["openid"], other["openid"], person["phone"], other["phone"]}) == 4
    assert len(person["openid"]) == 28
    assert [known["name"] for known in merchant.control("people")["people"]] == ["王阿姨", "老李"]
    assert merchant.http.post("/control/people/谁/login-code").status_code == 404


def test_the_stable_token_stays_until_it_is_nearly_over(merchant: Merchant) -> None:
    first = _token_answer(merchant)
    merchant.control("clock", {"advance_seconds": 6000})
    again = _token_answer(merchant)
    assert again["access_token"] == first["access_token"]
    assert again["expires_in"] <= 1200
    merchant.control("clock", {"advance_seconds": 1000})
    assert _token_answer(merchant)["access_token"] != first["access_token"]


def test_a_forced_token_kills_the_old_one_and_waits_thirty_seconds(merchant: Merchant) -> None:
    old = _token_answer(merchant)["access_token"]
    new = _token_answer(merchant, force_refresh=True)["access_token"]
    assert new != old
    assert _token_answer(merchant, force_refresh=True)["errcode"] == 45011
    answer = merchant.http.post(f"/wxa/getwxacodeunlimit?access_token={old}", json={"scene": "a"})
    assert answer.get_json()["errcode"] == 40001


@pytest.mark.parametrize(
    ("other", "errcode"),
    [({"appid": "wx1"}, 40013), ({"secret": "no"}, 40125), ({"grant_type": "x"}, 40002), ({"secret": ""}, 41004)],
)
def test_a_token_needs_the_right_app_and_secret(merchant: Merchant, other: dict[str, str], errcode: int) -> None:
    answer = _token_answer(merchant, **other)
    assert answer["errcode"] == errcode
    assert " rid: " in answer["errmsg"]


def test_calls_without_a_living_token_are_refused(merchant: Merchant) -> None:
    expired = _token_answer(merchant)["access_token"]
    merchant.control("clock", {"advance_seconds": 7200})
    codes = {"": 41001, "x": 40014, "a" * 120: 40001, expired: 42001}
    for token, errcode in codes.items():
        answer = merchant.http.post(f"/wxa/getwxacodeunlimit?access_token={token}", json={"scene": "a"})
        assert (answer.status_code, answer.get_json()["errcode"]) == (200, errcode)


def test_a_login_code_is_worth_one_login_within_five_minutes(merchant: Merchant, person: dict[str, Any]) -> None:
    code = merchant.control("people/王阿姨/login-code", {})["code"]
    session = _login(merchant, code)
    assert session["openid"] == person["openid"]
    assert "errcode" not in session
    assert len(base64.b64decode(session["session_key"])) == 16
    assert _login(merchant, code)["errcode"] == 40163
    assert _login(merchant, "unknown")["errcode"] == 40029
    late = merchant.control("people/王阿姨/login-code", {})["code"]
    merchant.control("clock", {"advance_seconds": 300})
    assert _login(merchant, late)["errcode"] == 40029
    assert _login(merchant, late, secret="wrong")["errcode"] == 40125


def test_a_phone_code_gives_the_number_once_and_only_to_its_owner(merchant: Merchant, person: dict[str, Any]) -> None:
    code = merchant.control("people/王阿姨/phone-code", {})["code"]
    path = "/wxa/business/getuserphonenumber"
    assert _post(merchant, path, {"code": code, "openid": "another"}).get_json()["errcode"] == 40003
    answer = _post(merchant, path, {"code": code, "openid": person["openid"]}).get_json()
    assert answer["phone_info"]["purePhoneNumber"] == person["phone"]
    assert answer["phone_info"]["watermark"]["appid"] == merchant.appid
    assert _post(merchant, path, {"code": code}).get_json()["errcode"] == 40163
    login = merchant.control("people/王阿姨/login-code", {})["code"]
    assert _post(merchant, path, {"code": login}).get_json()["errcode"] == 40029


def _message(merchant: Merchant, person: dict[str, Any], **other: Any) -> dict[str, Any]:
    wish = {
        "touser": person["openid"],
        "template_id": merchant.env["LINTUAN_WXA_TEMPLATE_ARRIVED"],
        "page": "pages/order/order?id=1",
        "data": {"thing1": {"value": "草莓 2 盒"}, "time2": {"value": "2026年5月1日 18:00"}},
    }
    answer: dict[str, Any] = _post(merchant, "/cgi-bin/message/subscribe/send", wish | other).get_json()
    return answer


def test_one_accepted_prompt_is_worth_one_message(merchant: Merchant, person: dict[str, Any]) -> None:
    assert _message(merchant, person)["errcode"] == 43101
    accepted = {"template_id": merchant.env["LINTUAN_WXA_TEMPLATE_ARRIVED"], "times": 1}
    assert merchant.control("people/王阿姨/subscribe", accepted) == {"quota": 1}
    assert [_message(merchant, person)["errcode"] for _ in range(2)] == [0, 43101]
    seen = merchant.control("subscribe-messages?name=王阿姨")["messages"]
    assert [(one["title"], one["lines"]) for one in seen] == [("到货提醒", ["草莓 2 盒", "2026年5月1日 18:00"])]


@pytest.mark.parametrize(
    ("other", "errcode"),
    [
        ({"touser": "nobody"}, 40003),
        ({"template_id": "none"}, 40037),
        ({"data": {"thing2": {"value": ""}}}, 47003),
        ({"data": {}}, 47003),
        ({"miniprogram_state": "release"}, 47003),
        ({"lang": "de"}, 47003),
    ],
)
def test_a_message_that_breaks_a_rule_is_refused_and_spends_no_quota(
    merchant: Merchant, person: dict[str, Any], other: dict[str, Any], errcode: int
) -> None:
    accepted = {"template_id": merchant.env["LINTUAN_WXA_TEMPLATE_ARRIVED"], "times": 1}
    merchant.control("people/王阿姨/subscribe", accepted)
    answer = _message(merchant, person, **other)
    assert answer["errcode"] == errcode
    if "thing2" in other.get("data", {}):
        assert "data.thing2.value" in answer["errmsg"]
    assert _message(merchant, person)["errcode"] == 0


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("thing1", "草" * 20, "草" * 21),
        ("thing2", "一行", "两\n行"),
        ("number3", "12.50", "12元"),
        ("letter4", "AbC", "A1"),
        ("symbol5", "+-*", "+a"),
        ("character_string6", "A-1 b", "编号1"),
        ("time7", "2026年5月1日 18:00~2026年5月1日 20:00", "明天"),
        ("time8", "15:01", "25:01"),
        ("date9", "2026-05-01", "05-01"),
        ("amount10", "¥12.80", "¥12345678901"),
        ("amount11", "12.80元", "十二元"),
        ("phone_number12", "0755-12345678", "电话1"),
        ("car_number13", "粤B12345", "粤B1234567"),
        ("name14", "王小明", "王" * 11),
        ("name15", "Alexander Hamilton", "A" * 21),
        ("phrase16", "已到货", "ok"),
        ("unknown17", "", "x"),
    ],
)
def test_each_kind_of_value_has_its_rule(key: str, good: str, bad: str) -> None:
    if good:
        assert broken_key({key: {"value": good}}) is None
    assert broken_key({key: {"value": bad}}) == key


def test_a_mini_program_code_is_a_real_picture_and_remembers_its_scene(merchant: Merchant) -> None:
    answer = _post(merchant, "/wxa/getwxacodeunlimit", {"scene": "c=8Fk2", "page": "pages/campaign/campaign"})
    picture = answer.get_data()
    assert answer.content_type == "image/png"
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (430, 430)
    with Image.open(BytesIO(picture)) as drawn:
        assert [found.text for found in zxingcpp.read_barcodes(drawn)] == ["pages/campaign/campaign?scene=c=8Fk2"]
    assert merchant.control("wxacodes")["codes"] == [{"scene": "c=8Fk2", "page": "pages/campaign/campaign"}]


@pytest.mark.parametrize(
    ("wish", "errcode"),
    [
        ({"scene": "团购"}, 40129),
        ({"scene": "a%20"}, 40129),
        ({"scene": ""}, 40169),
        ({"scene": "a" * 33}, 40169),
        ({"scene": "a", "page": "/pages/x"}, 41030),
        ({"scene": "a", "page": "pages/x?y=1"}, 41030),
        ({"scene": "a", "env_version": "formal"}, 40097),
        ({"scene": "a", "width": 279}, 40097),
        ([], 47001),
    ],
)
def test_a_code_that_breaks_a_rule_is_refused(merchant: Merchant, wish: object, errcode: int) -> None:
    assert _post(merchant, "/wxa/getwxacodeunlimit", wish).get_json()["errcode"] == errcode
