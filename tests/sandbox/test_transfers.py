"""Merchant transfers keep the rules of 2025: reported, named when large, confirmed by the payee within a day."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1
from werkzeug.test import TestResponse

from sandbox.app import create_app, stop
from sandbox.config import Config
from tests.sandbox import bill_reading as bills
from tests.sandbox.merchant import Inbox, Merchant

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
INFOS = [{"info_type": "岗位类型", "info_content": "团长"}, {"info_type": "报酬说明", "info_content": "十一月佣金"}]


class Payer:
    """The merchant with 5000 yuan in the account, paying out to 张团长."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        self.openid = merchant.control("people", {"name": "张团长"})["openid"]
        merchant.control("funds/top-up", {"fen": 500_000})

    def sealed(self, name: str) -> str:
        padding = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)  # noqa: S303 - the gateway's own choice
        return base64.b64encode(self.merchant.platform.encrypt(name.encode(), padding)).decode()

    def ask(self, number: str = "po1", fen: int = 5000, serial: str | None = None, **other: Any) -> TestResponse:
        wish = {
            "appid": self.merchant.appid,
            "out_bill_no": number,
            "transfer_scene_id": "1005",
            "openid": self.openid,
            "transfer_amount": fen,
            "transfer_remark": "佣金",
            "transfer_scene_report_infos": INFOS,
            "notify_url": f"{self.merchant.notify_url}/transfer",
        }
        body = json.dumps({name: value for name, value in (wish | other).items() if value is not None})
        headers = {"Authorization": self.merchant.authorization("POST", BILLS, body)}
        headers["Wechatpay-Serial"] = serial or self.merchant.env["LINTUAN_PAY_PUBLIC_KEY_ID"]
        return self.merchant.http.application.test_client().post(BILLS, data=body, headers=headers)

    def query(self, number: str = "po1") -> Any:
        return self.merchant.ask("GET", f"{BILLS}/out-bill-no/{number}").get_json()

    def cancel(self, number: str = "po1") -> TestResponse:
        return self.merchant.ask("POST", f"{BILLS}/out-bill-no/{number}/cancel")

    def confirm(self, number: str = "po1", **wish: Any) -> TestResponse:
        client = self.merchant.http.application.test_client()
        return client.post(f"/control/transfers/{number}/confirm", json={"person": "张团长"} | wish)

    def sums(self, *names: str) -> tuple[Any, ...]:
        ledger = self.merchant.control("ledger")
        assert ledger["balanced"] is True
        return tuple(ledger[name] for name in names)


@pytest.fixture
def payer(merchant: Merchant) -> Payer:
    return Payer(merchant)


def test_a_transfer_waits_for_its_payee_and_then_succeeds_with_a_notice(payer: Payer, inbox: Inbox) -> None:
    asked = payer.ask().get_json()
    assert asked["state"] == "WAIT_USER_CONFIRM"
    assert payer.sums("transferred_fen", "transferring_fen", "available_fen") == (5000, 5000, 495_000)
    assert payer.confirm(package=asked["package_info"]).get_json()["state"] == "TRANSFERING"
    headers, body = inbox.next()
    assert payer.merchant.verifies(headers, body)
    assert json.loads(body)["event_type"] == "MCHTRANSFER.BILL.FINISHED"
    assert json.loads(body)["resource"]["original_type"] == "mch_payment"
    told = payer.merchant.opened(body)
    assert (told["out_bill_no"], told["state"], told["transfer_amount"]) == ("po1", "SUCCESS", 5000)
    assert told["mchid"] == payer.merchant.mchid
    assert payer.query() == told
    assert "package_info" not in told
    by_id = payer.merchant.ask("GET", f"{BILLS}/transfer-bill-no/{asked['transfer_bill_no']}")
    assert by_id.get_json() == told
    assert payer.sums("transferred_fen", "transferring_fen", "balance_fen") == (5000, 0, 495_000)
    (row,) = payer.merchant.control("ledger")["transfers"]
    assert (row["out_bill_no"], row["state"], row["amount_fen"], row["openid"]) == (
        "po1",
        "SUCCESS",
        5000,
        payer.openid,
    )


def test_only_the_payee_confirms_once_and_with_the_right_package(payer: Payer) -> None:
    payer.ask()
    payer.merchant.control("people", {"name": "路人"})
    assert payer.confirm(person="路人").get_json() == {"error": "not_the_payee"}
    assert payer.confirm(package="another").get_json() == {"error": "bad_package"}
    assert payer.confirm("po2").get_json() == {"error": "unknown_transfer"}
    assert payer.confirm().status_code == 200
    assert payer.confirm().get_json() == {"error": "transfer_in_another_state"}


def test_the_same_number_again_is_the_same_transfer_and_changed_parameters_are_refused(payer: Payer) -> None:
    first = payer.ask(user_name=payer.sealed("张团长")).get_json()
    assert payer.ask(user_name=payer.sealed("张团长")).get_json() == first
    for other in (
        {"fen": 5001},
        {"transfer_remark": "别的"},
        {"user_name": payer.sealed("李团长")},
        {"user_name": None},
    ):
        refused = payer.ask(**{"user_name": payer.sealed("张团长")} | other)
        assert (refused.status_code, refused.get_json()["message"]) == (400, "单号已存在但信息不一致")
    assert payer.sums("transferred_fen") == (5000,)


def test_sixteen_requests_with_one_number_pay_once(payer: Payer) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: payer.ask().get_json()["transfer_bill_no"], range(16)))
    assert len(set(answers)) == 1
    assert payer.sums("transferred_fen", "available_fen") == (5000, 495_000)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"out_bill_no": "po_1"}, "PARAM_ERROR"),
        ({"out_bill_no": "p" * 33}, "PARAM_ERROR"),
        ({"appid": "wx0"}, "APPID_MCHID_NOT_MATCH"),
        ({"openid": "nobody"}, "PARAM_ERROR"),
        ({"fen": 9}, "PARAM_ERROR"),
        ({"transfer_amount": "5000"}, "PARAM_ERROR"),
        ({"transfer_remark": "长" * 33}, "PARAM_ERROR"),
        ({"transfer_scene_id": "1000"}, "NO_AUTH"),
        ({"transfer_scene_report_infos": None}, "PARAM_ERROR"),
        ({"transfer_scene_report_infos": INFOS[:1]}, "PARAM_ERROR"),
        ({"transfer_scene_report_infos": [*INFOS, INFOS[0]]}, "PARAM_ERROR"),
        ({"transfer_scene_report_infos": [INFOS[0], {"info_type": "活动名称", "info_content": "x"}]}, "PARAM_ERROR"),
        ({"transfer_scene_report_infos": [INFOS[0], INFOS[1] | {"info_content": "长" * 33}]}, "PARAM_ERROR"),
        ({"user_recv_perception": "现金奖励"}, "INVALID_REQUEST"),
        ({"fen": 200_000}, "PARAM_ERROR"),
        ({"user_name": "not sealed"}, "PARAM_ERROR"),
        ({"notify_url": "https://shop.example/hook?x=1"}, "PARAM_ERROR"),
        ({"fen": 500_001, "user_name": "sealed"}, "NOT_ENOUGH"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_leaves_the_number_unused(
    payer: Payer, other: dict[str, Any], code: str
) -> None:
    sealed = {"user_name": payer.sealed("张团长")} if other.get("user_name") == "sealed" else {}
    assert payer.ask(**other | sealed).get_json()["code"] == code
    assert payer.sums("transferred_fen", "available_fen") == (0, 500_000)
    assert payer.query()["code"] == "NOT_FOUND"


def test_a_perception_of_the_scene_is_taken(payer: Payer) -> None:
    assert payer.ask(user_recv_perception="劳务报酬").status_code == 200


def test_a_name_is_asked_for_from_two_thousand_yuan_and_refused_under_thirty_fen(payer: Payer) -> None:
    assert payer.ask("po1", 199_999).status_code == 200
    assert payer.ask("po2", 200_000, user_name=payer.sealed("张团长")).status_code == 200
    assert payer.ask("po3", 29, user_name=payer.sealed("张团长")).status_code == 400
    assert payer.ask("po3", 29).status_code == 200


def test_a_sealed_name_needs_the_key_it_was_sealed_with(payer: Payer) -> None:
    refused = payer.ask(user_name=payer.sealed("张团长"), serial="PUB_KEY_ID_OTHER")
    assert (refused.status_code, refused.get_json()["code"]) == (400, "PARAM_ERROR")


def test_a_wrong_name_fails_the_transfer_without_moving_money(payer: Payer, inbox: Inbox) -> None:
    payer.merchant.control("people/张团长/real-name", {"real_name": "张三丰"})
    failed = payer.ask(user_name=payer.sealed("张团长")).get_json()
    assert (failed["state"], failed["fail_reason"]) == ("FAIL", "NAME_NOT_CORRECT")
    assert payer.merchant.opened(inbox.next()[1])["fail_reason"] == "NAME_NOT_CORRECT"
    assert payer.sums("transferred_fen", "available_fen") == (0, 500_000)
    assert payer.ask("po2", user_name=payer.sealed("张三丰")).get_json()["state"] == "WAIT_USER_CONFIRM"


def test_nobody_confirms_within_a_day_and_the_money_is_back(payer: Payer, inbox: Inbox) -> None:
    payer.ask()
    payer.merchant.control("clock", {"advance_seconds": 24 * 3600 - 60})
    assert payer.query()["state"] == "WAIT_USER_CONFIRM"
    payer.merchant.control("clock", {"advance_seconds": 60})
    assert (payer.query()["state"], payer.query()["fail_reason"]) == ("FAIL", "OVERDUE_CLOSE")
    assert payer.merchant.opened(inbox.next()[1])["state"] == "FAIL"
    assert payer.sums("transferred_fen", "available_fen") == (0, 500_000)
    assert payer.confirm().status_code == 409


def test_time_runs_out_without_anybody_asking(payer: Payer, inbox: Inbox) -> None:
    payer.ask()
    payer.merchant.control("clock", {"advance_seconds": 24 * 3600})
    assert payer.merchant.opened(inbox.next()[1])["fail_reason"] == "OVERDUE_CLOSE"


def test_an_unconfirmed_transfer_is_cancelled_and_a_confirmed_one_is_not(payer: Payer, inbox: Inbox) -> None:
    payer.merchant.control("knobs", {"transfer_delay_ms": 50})
    payer.ask("po1")
    assert payer.cancel("po1").get_json()["state"] == "CANCELING"
    assert payer.merchant.opened(inbox.next()[1])["state"] == "CANCELLED"
    assert payer.cancel("po1").get_json()["state"] == "CANCELLED"
    assert payer.query("po1")["fail_reason"] == "MCH_CANCEL"
    payer.ask("po2")
    payer.confirm("po2")
    assert payer.cancel("po2").get_json()["code"] == "INVALID_REQUEST"
    assert payer.cancel("po3").get_json()["code"] == "NOT_FOUND"
    inbox.next()
    assert payer.sums("transferred_fen", "available_fen") == (5000, 495_000)


def test_a_transfer_may_be_made_to_fail_until_its_end(payer: Payer, inbox: Inbox) -> None:
    payer.merchant.control("knobs", {"transfer_delay_ms": 600_000})
    payer.ask()
    payer.confirm()
    payer.merchant.control("transfers/po1/fail", {"reason": "PAYEE_ACCOUNT_ABNORMAL"})
    assert payer.merchant.opened(inbox.next()[1])["fail_reason"] == "PAYEE_ACCOUNT_ABNORMAL"
    assert payer.sums("transferred_fen", "available_fen") == (0, 500_000)
    assert payer.merchant.http.post("/control/transfers/po1/fail", json={}).status_code == 409


def test_frozen_money_cannot_be_paid_out(merchant: Merchant) -> None:
    payer = Payer(merchant)
    merchant.control("funds/withdraw", {"fen": 500_000})
    merchant.paid("pay_000001", 10_000)
    assert payer.ask().get_json()["code"] == "NOT_ENOUGH"
    merchant.control("funds/top-up", {"fen": 5000})
    assert payer.ask().status_code == 200


def test_a_lost_answer_is_found_by_a_query(payer: Payer) -> None:
    payer.merchant.control("knobs", {"gateway_outage": "error_after_commit", "gateway_outage_only": "mch-transfer"})
    assert payer.ask().status_code == 500
    payer.merchant.control("knobs", {"reset": True})
    assert payer.query()["state"] == "WAIT_USER_CONFIRM"
    assert payer.ask().get_json()["package_info"] == payer.query()["package_info"]


def test_the_fund_flow_bill_shows_what_left_and_what_came_back(payer: Payer, inbox: Inbox) -> None:
    day = bills.start_at_noon(payer.merchant)
    payer.ask("po1", 5000)
    payer.ask("po2", 7000)
    payer.merchant.control("transfers/po2/fail", {})
    payer.merchant.control("clock", {"advance_seconds": bills.DAY})
    rows, _ = bills.read(bills.fetch(payer.merchant, day, "fundflowbill"))
    assert [tuple(row[name] for name in ("业务类型", "收支类型", "收支金额（元）", "业务凭证号")) for row in rows] == [
        ("商家转账", "支出", "50.00", "po1"),
        ("商家转账", "支出", "70.00", "po2"),
        ("商家转账退回", "收入", "70.00", "po2"),
    ]
    assert bills.ask(payer.merchant, day).get_json()["code"] == "NO_STATEMENT_EXIST"


def test_a_transfer_under_way_ends_after_a_restart(sandbox_config: Config, inbox: Inbox) -> None:
    app = create_app(sandbox_config)
    payer = Payer(Merchant(app, sandbox_config.data_dir, f"{inbox.url}/hooks"))
    payer.merchant.control("knobs", {"transfer_delay_ms": 600_000})
    payer.ask()
    payer.confirm()
    payer.merchant.control("knobs", {"reset": True})
    stop(app)
    app = create_app(sandbox_config)
    told = payer.merchant.opened(inbox.next()[1])
    stop(app)
    assert told["state"] == "SUCCESS"
