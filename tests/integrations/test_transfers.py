"""Merchant transfers: what goes out, what is never sent, and how answers and notices are read."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1

from services.ports import BadNotice, OutsideError, Refused, Transfer, TransferRequest, Unknown, Unreachable
from tests.integrations.local_server import Answer, LocalServer, json_answer
from tests.integrations.pay_keys import APPID, MCHID, gateway, notice, platform_key, signed
from tests.integrations.test_pay_calls import check_signature, signed_answer

WISH = TransferRequest("pyt01m7", "oUpF8uMuAJO", 12_345, "7月佣金", "社区团长", "团购佣金")
MADE = {"out_bill_no": "pyt01m7", "transfer_bill_no": "1330000071", "create_time": "2026-11-22T12:05:06+08:00"}
NO_BILL = "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/pyt01m7"


def finished(**changes: Any) -> dict[str, Any]:
    """A confirmed transfer as a notice tells it."""
    told = {**MADE, "mchid": MCHID, "state": "SUCCESS", "transfer_amount": 12_345, "openid": "oUpF8uMuAJO"}
    return {**told, "update_time": "2026-11-22T12:06:06+08:00", **changes}


def test_a_transfer_is_asked_for_with_its_scene_and_report(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer({**MADE, "state": "WAIT_USER_CONFIRM", "package_info": "affff+/="})
    told = gateway(server.url).transfer(WISH)
    assert told == Transfer("pyt01m7", "WAIT_USER_CONFIRM", None, "1330000071", "affff+/=")
    (asked,) = server.asked
    check_signature(asked)
    assert (asked.method, asked.target) == ("POST", "/v3/fund-app/mch-transfer/transfer-bills")
    assert asked.json == {
        "appid": APPID,
        "out_bill_no": "pyt01m7",
        "transfer_scene_id": "1005",
        "openid": "oUpF8uMuAJO",
        "transfer_amount": 12_345,
        "transfer_remark": "7月佣金",
        "transfer_scene_report_infos": [
            {"info_type": "岗位类型", "info_content": "社区团长"},
            {"info_type": "报酬说明", "info_content": "团购佣金"},
        ],
        "notify_url": "https://us.invalid/hooks/wechatpay/transfer",
    }


@pytest.mark.parametrize("fen", [30, 200_000])
def test_a_real_name_goes_out_sealed_for_the_gateway_alone(server: LocalServer, fen: int) -> None:
    server.answer = lambda _: signed_answer({**MADE, "state": "ACCEPTED"})
    gateway(server.url).transfer(replace(WISH, amount_fen=fen, real_name="张三丰"))
    (asked,) = server.asked
    assert "张三丰".encode() not in asked.body
    sealed = base64.b64decode(asked.json["user_name"])
    assert platform_key().decrypt(sealed, OAEP(MGF1(SHA1()), SHA1(), None)).decode() == "张三丰"  # noqa: S303 - theirs


def test_below_thirty_fen_no_name_is_sent(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer({**MADE, "state": "ACCEPTED"})
    gateway(server.url).transfer(replace(WISH, amount_fen=29, real_name="张三丰"))
    assert "user_name" not in server.asked[0].json


def test_a_name_is_in_no_text_form_of_the_wish() -> None:
    assert "张三丰" not in repr(replace(WISH, real_name="张三丰"))


def test_long_words_are_cut_to_what_the_gateway_takes(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer({**MADE, "state": "ACCEPTED"})
    gateway(server.url).transfer(replace(WISH, remark="佣" * 40, position="团" * 40, work="酬" * 40))
    asked = server.asked[0].json
    assert asked["transfer_remark"] == "佣" * 32
    assert [info["info_content"] for info in asked["transfer_scene_report_infos"]] == ["团" * 32, "酬" * 32]


@pytest.mark.parametrize(
    "change",
    [
        {"out_bill_no": "pyt_01m7"},
        {"out_bill_no": "pyt01m7/../x"},
        {"out_bill_no": "p" * 33},
        {"out_bill_no": ""},
        {"openid": ""},
        {"remark": ""},
        {"position": ""},
        {"work": ""},
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"amount_fen": 200_000},
        {"real_name": "张" * 64},
    ],
)
def test_a_wish_that_cannot_be_granted_never_goes_out(server: LocalServer, change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        gateway(server.url).transfer(replace(WISH, **change))
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "PARAM_ERROR", Refused),
        (400, "INVALID_REQUEST", Refused),
        (403, "NOT_ENOUGH", Refused),
        (403, "NO_AUTH", Refused),
        (403, "FREQUENCY_LIMIT_EXCEED", Unreachable),
        (429, "RATELIMIT_EXCEEDED", Unreachable),
        (500, "SYSTEM_ERROR", Unknown),
    ],
)
def test_each_no_to_a_transfer_is_read(server: LocalServer, status: int, code: str, kind: type[OutsideError]) -> None:
    server.answer = lambda _: json_answer({"code": code, "message": "张三丰"}, status)
    with pytest.raises(OutsideError) as caught:
        gateway(server.url).transfer(WISH)
    assert (type(caught.value), caught.value.code) == (kind, code)
    assert "张三丰" not in str(caught.value)


def test_a_lost_answer_is_unknown(server: LocalServer) -> None:
    server.answer = lambda _: Answer(drop=True)
    with pytest.raises(Unknown):
        gateway(server.url).transfer(WISH)


def test_query_tells_how_a_transfer_ended(server: LocalServer) -> None:
    told = finished(state="FAIL", fail_reason="PAYEE_ACCOUNT_ABNORMAL", mch_id=MCHID)
    server.answer = lambda _: signed_answer(told)
    assert gateway(server.url).query_transfer("pyt01m7") == Transfer(
        "pyt01m7", "FAIL", 12_345, "1330000071", "", "PAYEE_ACCOUNT_ABNORMAL", "oUpF8uMuAJO"
    )
    check_signature(server.asked[0])
    assert (server.asked[0].method, server.asked[0].target) == ("GET", NO_BILL)


def test_cancel_asks_with_an_empty_signed_body(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer({**MADE, "state": "CANCELING"})
    assert gateway(server.url).cancel_transfer("pyt01m7").state == "CANCELING"
    (asked,) = server.asked
    check_signature(asked)
    assert (asked.method, asked.target, asked.body) == ("POST", f"{NO_BILL}/cancel", b"")


@pytest.mark.parametrize("code", ["NOT_FOUND", "RESOURCE_NOT_EXISTS", "ORDER_NOT_EXIST"])
@pytest.mark.parametrize("call", ["query_transfer", "cancel_transfer"])
def test_a_transfer_nobody_asked_for_has_one_code(server: LocalServer, call: str, code: str) -> None:
    server.answer = lambda _: json_answer({"code": code, "message": ""}, 404)
    with pytest.raises(Refused) as caught:
        getattr(gateway(server.url), call)("pyt01m7")
    assert caught.value.code == "NOT_FOUND"


def test_a_transfer_too_late_to_cancel_says_so(server: LocalServer) -> None:
    server.answer = lambda _: json_answer({"code": "INVALID_REQUEST", "message": ""}, 400)
    with pytest.raises(Refused) as caught:
        gateway(server.url).cancel_transfer("pyt01m7")
    assert caught.value.code == "INVALID_REQUEST"


@pytest.mark.parametrize(
    "change",
    [{"out_bill_no": "other"}, {"state": "NEW"}, {"state": None}, {"transfer_amount": "1"}, {"package_info": 5}],
)
def test_an_answer_about_something_else_is_unknown(server: LocalServer, change: dict[str, Any]) -> None:
    server.answer = lambda _: signed_answer(finished(**change))
    for call in (gateway(server.url).query_transfer, gateway(server.url).cancel_transfer):
        with pytest.raises(Unknown):
            call("pyt01m7")


def test_the_payees_parameters_name_the_merchant_and_the_package() -> None:
    assert gateway().transfer_params("affff+/=") == {"mchId": MCHID, "appId": APPID, "package": "affff+/="}


def read(content: Any) -> Transfer | None:
    body = notice(content, "MCHTRANSFER.BILL.FINISHED")
    told = gateway().read_notice(signed(body), body)
    assert (told.trade, told.refund, told.event_type) == (None, None, "MCHTRANSFER.BILL.FINISHED")
    return told.transfer


@pytest.mark.parametrize("state", ["SUCCESS", "FAIL", "CANCELLED"])
def test_a_finished_transfer_is_told(state: str) -> None:
    told = read(finished(state=state, fail_reason="" if state == "SUCCESS" else "MCH_CANCEL"))
    assert told is not None
    assert (told.out_bill_no, told.state, told.amount_fen, told.openid) == ("pyt01m7", state, 12_345, "oUpF8uMuAJO")


def test_the_merchant_may_be_named_either_way() -> None:
    content = {name: value for name, value in finished(mch_id=MCHID).items() if name != "mchid"}
    assert read(content)


@pytest.mark.parametrize(
    "change",
    [
        {"mchid": "1900000002"},
        {"mchid": None},
        {"mch_id": "1900000002"},
        {"state": "WAIT_USER_CONFIRM"},
        {"state": "DONE"},
        {"out_bill_no": None},
        {"out_bill_no": 5},
        {"transfer_amount": -1},
        {"transfer_amount": 1.5},
    ],
)
def test_a_transfer_that_is_not_ours_or_not_whole_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadNotice):
        read(finished(**change))


def test_a_transfer_under_another_event_is_refused() -> None:
    body = notice(finished(), "TRANSACTION.SUCCESS")
    with pytest.raises(BadNotice):
        gateway().read_notice(signed(body), body)
    assert json.loads(body)["event_type"] == "TRANSACTION.SUCCESS"
