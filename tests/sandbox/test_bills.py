"""The daily bills: their format, their days, and that they add up to the ledger."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.sandbox import bill_reading as bills
from tests.sandbox.merchant import Inbox, Merchant

VECTORS = Path(__file__).parents[1] / "vectors" / "wechatpay_php.json"
FLOW_HEAD = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,"
    "资金变更提交申请人,备注,业务凭证号"
)


@pytest.fixture
def day(merchant: Merchant, inbox: Inbox) -> date:
    """One day at noon: a plain payment, one with a coupon and a comma in its name, a part refund, a top-up."""
    today = bills.start_at_noon(merchant)
    merchant.paid("pay_000001", 1000)
    coupon = merchant.order("pay_000002", 2500, description="苹果,梨,橙").get_json()["prepay_id"]
    merchant.pay(coupon, coupon_fen=500)
    merchant.control("knobs", {"refund_delay_ms": 0})
    merchant.refund("ref_1", "pay_000002", 500, 2500)
    while merchant.opened(inbox.next()[1]).get("out_refund_no") != "ref_1":
        pass
    merchant.control("funds/top-up", {"fen": 12345})
    return today


@pytest.fixture
def ready(merchant: Merchant, day: date) -> date:
    """That day, read after ten on the next one."""
    merchant.control("clock", {"advance_seconds": bills.DAY})
    return day


def test_the_trade_bill_has_the_published_header_and_form(merchant: Merchant, ready: date) -> None:
    content = bills.fetch(merchant, ready)
    sample = next(v for v in json.loads(VECTORS.read_text())["vectors"] if v["id"] == "trade_bill_ALL_csv")
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert (lines[0], lines[-3], lines[-1]) == (sample["header"], sample["tail"][0], "")
    assert [len(bills.fields(line)) for line in lines[1:-3]] == [len(bills.fields(row)) for row in sample["first_rows"]]
    assert len(bills.fields(lines[-2])) == len(bills.fields(sample["tail"][1]))


def test_each_row_says_what_happened(merchant: Merchant, ready: date) -> None:
    rows, summary = bills.read(bills.fetch(merchant, ready))
    assert [bills.number(row) for row in rows] == ["pay_000001", "pay_000002", "ref_1"]
    plain, coupon, refund = rows
    assert plain["交易时间"].startswith(f"{ready} 12:0")
    assert (plain["商户号"], plain["公众账号ID"], plain["费率"]) == (merchant.mchid, merchant.appid, "0.60%")
    assert (plain["交易状态"], plain["应结订单金额"], plain["手续费"]) == ("SUCCESS", "10.00", "0.06000")
    assert (plain["商户退款单号"], plain["退款金额"], plain["退款状态"]) == ("0", "0.00", "")
    assert (coupon["应结订单金额"], coupon["代金券金额"], coupon["订单金额"]) == ("20.00", "5.00", "25.00")
    assert coupon["商品名称"] == "苹果,梨,橙"
    assert (refund["交易状态"], refund["退款状态"], refund["商户订单号"]) == ("REFUND", "SUCCESS", "pay_000002")
    assert (refund["退款金额"], refund["申请退款金额"], refund["手续费"]) == ("4.00", "5.00", "-0.02000")
    assert (refund["应结订单金额"], refund["订单金额"]) == ("0.00", "0.00")
    assert list(summary.values()) == ["3", "30.00", "4.00", "0.00", "0.16000", "35.00", "5.00"]


def test_success_and_refund_bills_hold_their_own_rows(merchant: Merchant, ready: date) -> None:
    paid, _ = bills.read(bills.fetch(merchant, ready, bill_type="SUCCESS"))
    given, summary = bills.read(bills.fetch(merchant, ready, bill_type="REFUND"))
    assert [row["商户订单号"] for row in paid] == ["pay_000001", "pay_000002"]
    assert [row["商户退款单号"] for row in given] == ["ref_1"]
    assert given[0]["退款申请时间"] <= given[0]["退款成功时间"]
    assert "退款金额" not in paid[0]
    assert summary["总交易单数"] == "1"


def test_a_zipped_bill_is_the_same_file_and_its_hash_that_of_the_text(merchant: Merchant, ready: date) -> None:
    assert bills.fetch(merchant, ready, tar_type="GZIP") == bills.fetch(merchant, ready)


def test_the_fund_flow_bill_lists_every_movement_with_the_balance_after_it(merchant: Merchant, ready: date) -> None:
    content = bills.fetch(merchant, ready, "fundflowbill", account_type="BASIC")
    assert content.decode("utf-8-sig").split("\r\n")[0] == FLOW_HEAD
    rows, summary = bills.read(content)
    columns = ("业务名称", "业务类型", "收支类型", "收支金额（元）", "账户结余（元）", "业务凭证号")
    assert [tuple(row[name] for name in columns) for row in rows][:-1] == [
        ("交易", "交易", "收入", "10.00", "10.00", "pay_000001"),
        ("交易", "扣除交易手续费", "支出", "0.06", "9.94", "pay_000001"),
        ("交易", "交易", "收入", "20.00", "29.94", "pay_000002"),
        ("交易", "扣除交易手续费", "支出", "0.12", "29.82", "pay_000002"),
        ("退款", "退款", "支出", "4.00", "25.82", "ref_1"),
        ("退款", "交易手续费退回", "收入", "0.02", "25.84", "ref_1"),
    ]
    assert [rows[-1][name] for name in columns][:5] == ["充值", "充值", "收入", "123.45", "149.29"]
    assert list(summary.values()) == ["7", "4", "153.47", "3", "4.18"]
    assert len({row["资金流水单号"] for row in rows}) == 7


def test_the_bills_of_a_day_add_up_to_the_ledger(merchant: Merchant, ready: date) -> None:
    ledger = merchant.control("ledger")
    rows, _ = bills.read(bills.fetch(merchant, ready))
    flows, _ = bills.read(bills.fetch(merchant, ready, "fundflowbill"))
    assert ledger["balanced"] is True
    assert bills.total(rows, "应结订单金额") == ledger["settled_received_fen"]
    assert bills.total(rows, "订单金额") == ledger["received_fen"]
    assert bills.total(rows, "退款金额") == ledger["settled_refunded_fen"]
    assert bills.total(rows, "申请退款金额") == ledger["refunded_fen"]
    assert bills.total(rows, "手续费") == ledger["fee_fen"] - ledger["fee_back_fen"]
    signs = {"收入": 1, "支出": -1}
    assert sum(signs[row["收支类型"]] * bills.fen(row["收支金额（元）"]) for row in flows) == ledger["balance_fen"]
    assert bills.fen(flows[-1]["账户结余（元）"]) == ledger["balance_fen"]


def test_a_row_stands_in_the_day_of_its_capture_or_of_its_success(merchant: Merchant, inbox: Inbox, day: date) -> None:
    merchant.control("knobs", {"refund_result": "ABNORMAL", "refund_result_times": 1})
    merchant.refund("ref_2", "pay_000001", 100)
    merchant.control("clock", {"advance_seconds": 12 * 3600})
    while merchant.refund_status("ref_2") != "ABNORMAL":
        inbox.next()
    merchant.control("refunds/ref_2/finish", {"from": "ABNORMAL", "to": "SUCCESS"})
    merchant.paid("pay_000003")
    merchant.control("clock", {"advance_seconds": 2 * bills.DAY})
    first, _ = bills.read(bills.fetch(merchant, day))
    second, _ = bills.read(bills.fetch(merchant, day + timedelta(days=1)))
    assert [bills.number(row) for row in first] == ["pay_000001", "pay_000002", "ref_1"]
    assert {bills.number(row) for row in second} == {"ref_2", "pay_000003"}


def test_a_bill_is_written_at_ten_the_next_morning(merchant: Merchant, day: date) -> None:
    assert bills.ask(merchant, day).get_json()["code"] == "STATEMENT_CREATING"
    merchant.control("clock", {"advance_seconds": 22 * 3600 - 300})
    assert bills.ask(merchant, day).get_json()["code"] == "STATEMENT_CREATING"
    merchant.control("clock", {"advance_seconds": 300})
    assert bills.ask(merchant, day).status_code == 200


def test_a_day_without_trades_has_no_bill(merchant: Merchant, ready: date) -> None:
    empty = ready - timedelta(days=1)
    for kind in ("tradebill", "fundflowbill"):
        answer = bills.ask(merchant, empty, kind)
        assert (answer.status_code, answer.get_json()["code"]) == (400, "NO_STATEMENT_EXIST")
    assert bills.ask(merchant, ready, "fundflowbill", account_type="FEES").get_json()["code"] == "NO_STATEMENT_EXIST"


@pytest.mark.parametrize(
    "query",
    [
        "bill_date=yesterday",
        "bill_date=2026-2-1",
        "bill_type=ALL",
        "bill_date=2999-01-01",
        "bill_date=2020-01-01",
        "bill_date={day}&bill_type=SOME",
        "bill_date={day}&tar_type=ZIP",
    ],
)
def test_a_wrong_question_is_refused(merchant: Merchant, ready: date, query: str) -> None:
    answer = merchant.ask("GET", f"/v3/bill/tradebill?{query.format(day=ready)}")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "PARAM_ERROR")


def test_the_download_is_unsigned_asked_for_with_a_signature_and_good_for_five_minutes(
    merchant: Merchant, ready: date
) -> None:
    offer = bills.ask(merchant, ready)
    assert merchant.verifies(offer.headers, offer.get_data())
    url = offer.get_json()["download_url"]
    assert url.startswith("http://localhost/v3/billdownload/file?token=")
    answer = bills.download(merchant, url)
    assert "Wechatpay-Signature" not in answer.headers
    assert bills.sha1(answer.get_data()) == offer.get_json()["hash_value"]
    assert merchant.http.get(url[url.index("/v3/") :]).status_code == 401
    merchant.control("clock", {"advance_seconds": 301})
    assert bills.download(merchant, url).get_json()["code"] == "RESOURCE_NOT_EXISTS"
