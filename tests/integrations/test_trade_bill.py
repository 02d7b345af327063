"""The trade bill: the published sample, exact fen, and no guessing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.wechatpay.bill import BadBill, read_bill
from tests.integrations.vectors import vector


def sample(rows: list[str] | None = None, tail: str | None = None, newline: str = "\r\n") -> bytes:
    case = vector("wechatpay_php", "trade_bill_ALL_csv")
    lines = [case["header"], *(case["first_rows"] if rows is None else rows), case["tail"][0], tail or case["tail"][1]]
    return b"\xef\xbb\xbf" + (newline.join(lines) + newline).encode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_published_sample_is_read(newline: str) -> None:
    bill = read_bill(sample(newline=newline))
    refunded, _, paid = bill.rows
    assert refunded.traded_at == datetime(2019, 2, 18, 21, 1, 46, tzinfo=UTC)
    assert (refunded.out_trade_no, refunded.out_refund_no) == (
        "autotest_20190216081946_82335",
        "REF4200000263201902167700963919",
    )
    assert (refunded.refund_fen, refunded.total_fen, refunded.fee_fen, refunded.refund_state) == (1, 0, 0, "SUCCESS")
    assert (paid.total_fen, paid.settlement_fen, paid.fee_fen, paid.out_refund_no) == (3, 3, 1, "")
    assert (bill.row_count, bill.settlement_fen, bill.refund_fen, bill.fee_fen) == (45, 47, 14, 8)


def test_a_bill_whose_rows_were_cut_does_not_add_up() -> None:
    assert not read_bill(sample()).adds_up()
    assert read_bill(sample(tail="`3.0,`0.03,`0.02,`0.0,`0.01,`0.03,`0.02")).adds_up()


def test_a_comma_in_a_product_name_is_no_column() -> None:
    row = vector("wechatpay_php", "trade_bill_ALL_csv")["first_rows"][2].replace("`autotest,", "`大闸蟹,草莓,")
    assert read_bill(sample([row])).rows[0].total_fen == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("`0.01000", "`0.00600"),
        ("`0.03,`0.00,`0,", "`NaN,`0.00,`0,"),
        ("`CNY", "`USD"),
        ("`2019-02-19 01:52:32", "`yesterday"),
        ("`autotest,", "`auto,`test,"),
        ("`2019", "2019"),
    ],
)
def test_what_does_not_fit_its_column_is_an_error(old: str, new: str) -> None:
    row = vector("wechatpay_php", "trade_bill_ALL_csv")["first_rows"][2]
    assert old in row
    with pytest.raises(BadBill, match="line 2"):
        read_bill(sample([row.replace(old, new, 1)]))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", "交易时间\n".encode()])
def test_something_else_is_no_bill(content: bytes) -> None:
    with pytest.raises(BadBill):
        read_bill(content)
