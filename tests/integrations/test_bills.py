"""The gateway's bills: published samples, exact fen, one spoilt line loses no other, and no guessing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.wechatpay.bill import TRADE_BILL
from integrations.wechatpay.fund_flow import FUND_FLOW
from services.ports import BillFault
from tests.integrations.vectors import vector

FLOW_HEADER = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,"
    "资金变更提交申请人,备注,业务凭证号"
)
FLOW_TRADE = (
    "`2021-02-01 13:53:00,`4200000846202102011111111111,`4200000920202101197964319280,`交易,`交易,`收入,`0.02,`0.24,"
    "`system,`结算总金额0.02元;含手续费0.00元,`pay_01m7"
)
FLOW_REFUND = (
    "`2021-02-01 13:54:01,`50300806962021020105978994968,`4200000920202101197964319284,`退款,`退款,`支出,`0.01,`0.23,"
    "`1601959334API,`退款总金额0.01元,含手续费0.00元,`rfd_01m7"
)
FLOW_ROWS = [FLOW_TRADE, FLOW_REFUND]
FLOW_TAIL = "`2,`1,`0.02,`1,`0.01"


def trades(rows: list[str] | None = None, tail: str | None = None, newline: str = "\r\n") -> bytes:
    case = vector("wechatpay_php", "trade_bill_ALL_csv")
    lines = [case["header"], *(case["first_rows"] if rows is None else rows), case["tail"][0], tail or case["tail"][1]]
    return b"\xef\xbb\xbf" + (newline.join(lines) + newline).encode()


def flows(rows: list[str] = FLOW_ROWS, tail: str = FLOW_TAIL, header: str = FLOW_HEADER) -> bytes:
    lines = [header, *rows, "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额", tail]
    return b"\xef\xbb\xbf" + ("\r\n".join(lines) + "\r\n").encode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_published_trade_bill_is_read(newline: str) -> None:
    bill = TRADE_BILL.parse(trades(newline=newline))
    assert bill.faults == ()
    refunded, _, paid = bill.rows
    assert refunded.line == 2
    assert refunded.traded_at == datetime(2019, 2, 18, 21, 1, 46, tzinfo=UTC)
    assert (refunded.out_trade_no, refunded.out_refund_no, refunded.refund_id) == (
        "autotest_20190216081946_82335",
        "REF4200000263201902167700963919",
        "50000709672019011908420787722",
    )
    assert (refunded.refund_fen, refunded.requested_refund_fen, refunded.total_fen, refunded.fee_fen) == (1, 1, 0, 0)
    assert refunded.refund_state == "SUCCESS"
    assert (paid.total_fen, paid.settlement_fen, paid.coupon_fen, paid.fee_fen) == (3, 3, 0, 1)
    assert (paid.mchid, paid.refund_id, paid.out_refund_no) == ("1921000401", "", "")


def test_a_trade_bill_whose_rows_were_cut_does_not_add_up() -> None:
    assert not TRADE_BILL.parse(trades()).adds_up
    assert TRADE_BILL.parse(trades(tail="`3.0,`0.03,`0.02,`0.0,`0.01,`0.03,`0.02")).adds_up


def test_a_fee_given_back_is_negative() -> None:
    row = vector("wechatpay_php", "trade_bill_ALL_csv")["first_rows"][0].replace("`0.00000", "`-0.01000")
    assert TRADE_BILL.parse(trades([row])).rows[0].fee_fen == -1


@pytest.mark.parametrize("name", ["大闸蟹,草莓", "草莓\u2028大盒", "a\x0bb\x85", ""])
def test_no_name_breaks_a_row(name: str) -> None:
    row = vector("wechatpay_php", "trade_bill_ALL_csv")["first_rows"][2].replace("`autotest,", f"`{name},")
    (read,) = TRADE_BILL.parse(trades([row])).rows
    assert read.total_fen == 3


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("`0.01000", "`0.00600", "手续费不到整分"),
        ("`0.03,`0.00,`0,", "`NaN,`0.00,`0,", "应结订单金额不是数"),
        ("`0.03,`0.00,`0,", "`1e1,`0.00,`0,", "应结订单金额不是数"),
        ("`0.03,`0.00,`0,", "`٣,`0.00,`0,", "应结订单金额不是数"),
        ("`CNY", "`USD", "货币种类不是人民币"),
        ("`2019-02-19 01:52:32", "`yesterday", "交易时间不是时间"),
        ("`autotest,", "`auto,`test,", "不是 27 个以反引号开头的字段"),
        ("`2019", "2019", "不是 27 个以反引号开头的字段"),
    ],
)
def test_a_spoilt_line_is_a_fault_and_loses_no_other(old: str, new: str, problem: str) -> None:
    first, second, third = vector("wechatpay_php", "trade_bill_ALL_csv")["first_rows"]
    assert old in third
    bill = TRADE_BILL.parse(trades([first, third.replace(old, new, 1), second]))
    assert bill.faults == (BillFault(3, problem),)
    assert [row.line for row in bill.rows] == [2, 4]
    assert not bill.adds_up


@pytest.mark.parametrize(("bytes_", "problem"), [(b"\xff\xfe", "不是 UTF-8 文字"), (b"a\0b", "含有零字节")])
def test_a_line_that_is_not_text_is_a_fault_and_loses_no_other(bytes_: bytes, problem: str) -> None:
    bill = TRADE_BILL.parse(trades().replace(b"`autotest,", b"`" + bytes_ + b","))
    assert bill.faults == (BillFault(4, problem),)
    assert len(bill.rows) == 2


def test_a_cut_file_keeps_what_it_has() -> None:
    whole = trades()
    bill = TRADE_BILL.parse(whole[: whole.index("总交易单数".encode()) - 30])
    assert [fault.line for fault in bill.faults] == [4, 4]
    assert len(bill.rows) == 2
    assert not bill.adds_up


@pytest.mark.parametrize("tail", ["`3.5,`0.03,`0.02,`0.0,`0.01,`0.03,`0.02", "`3.0", "3"])
def test_a_spoilt_summary_is_a_fault(tail: str) -> None:
    bill = TRADE_BILL.parse(trades(tail=tail))
    assert [fault.line for fault in bill.faults] == [6]
    assert len(bill.rows) == 3
    assert not bill.adds_up


def test_a_line_after_the_summary_is_a_fault() -> None:
    assert TRADE_BILL.parse(trades() + b"`more\n").faults == (BillFault(7, "合计之后还有一行"),)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", "交易时间\n".encode(), flows(), b"\x1f\x8b\x08"])
def test_something_else_is_no_trade_bill(content: bytes) -> None:
    bill = TRADE_BILL.parse(content)
    assert bill.rows == ()
    assert bill.faults[0] == BillFault(1, "表头不是这种账单的")
    assert not bill.adds_up


@pytest.mark.parametrize("header", [FLOW_HEADER, FLOW_HEADER.replace("（", "(").replace("）", ")")])
def test_a_fund_flow_bill_is_read_with_brackets_of_either_width(header: str) -> None:
    bill = FUND_FLOW.parse(flows(header=header))
    assert (bill.faults, bill.adds_up) == ((), True)
    trade, refund = bill.rows
    assert trade.booked_at == datetime(2021, 2, 1, 5, 53, tzinfo=UTC)
    assert (trade.direction, trade.amount_fen, trade.balance_fen, trade.voucher_no) == ("in", 2, 24, "pay_01m7")
    assert (refund.direction, refund.amount_fen, refund.business_no) == ("out", 1, "50300806962021020105978994968")
    assert (refund.business_name, refund.business_type, refund.note) == (
        "退款",
        "退款",
        "退款总金额0.01元,含手续费0.00元",
    )


def test_a_fund_flow_bill_that_lost_a_row_does_not_add_up() -> None:
    bill = FUND_FLOW.parse(flows([FLOW_TRADE]))
    assert (bill.faults, bill.adds_up) == ((), False)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("`支出", "`转出", "收支类型既不是收入也不是支出"),
        ("`0.01,`0.23", "`-0.01,`0.23", "收支金额(元)是负数"),
        ("`0.01,`0.23", "`0.01,`", "账户结余(元)不是数"),
    ],
)
def test_a_spoilt_movement_is_a_fault(old: str, new: str, problem: str) -> None:
    assert old in FLOW_REFUND
    bill = FUND_FLOW.parse(flows([FLOW_TRADE, FLOW_REFUND.replace(old, new)]))
    assert bill.faults == (BillFault(3, problem),)
    assert len(bill.rows) == 1


@given(st.data())
def test_whatever_happens_to_one_line_the_others_are_read(data: st.DataObject) -> None:
    lines = trades().split(b"\r\n")
    at = data.draw(st.integers(1, 3))
    spoilt = data.draw(st.binary(max_size=60)).replace(b"\n", b"").replace(b"\r", b"")
    bill = TRADE_BILL.parse(b"\r\n".join([*lines[:at], spoilt, *lines[at + 1 :]]))
    assert [row.line for row in bill.rows] == [line for line in (2, 3, 4) if line != at + 1]
    assert [fault.line for fault in bill.faults] == [at + 1]


@given(st.binary(max_size=300))
def test_no_file_makes_the_readers_fail(content: bytes) -> None:
    for layout in (TRADE_BILL, FUND_FLOW):
        assert layout.parse(content).faults
