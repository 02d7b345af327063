"""The gateway's bills against the sandbox: what was paid and paid back yesterday, and every seeded error."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.wechatpay.gateway import WeChatPayGateway
from services.ports import TradeBill, Unreachable
from tests.integrations.sandbox_process import Stage
from tests.integrations.test_sandbox_pay import paid, refund_of

DAY_SECONDS = 86_400


@pytest.fixture
def pay(stage: Stage) -> WeChatPayGateway:
    return stage.gateway()


def today(stage: Stage) -> date:
    """The Shanghai date on the moved clock."""
    return stage.clock().astimezone(ZoneInfo("Asia/Shanghai")).date()


def at_noon(stage: Stage, days: int) -> date:
    """Move both clocks to a noon in Shanghai that many days ahead, away from midnight, and tell its date."""
    here = stage.clock().astimezone(ZoneInfo("Asia/Shanghai"))
    then = (here + timedelta(days=days)).replace(hour=12, minute=0, second=0)
    stage.move_clock(int((then - here + stage.offset).total_seconds()))
    return then.date()


def some_business(stage: Stage, pay: WeChatPayGateway, payments: int = 3) -> list[str]:
    """Payments and one refund of the first; returns their numbers, the refund's last."""
    asked = [paid(stage, pay, coupon_fen=100 if number == 0 else 0) for number in range(payments)]
    wish = refund_of(asked[0])
    pay.refund(wish)
    for _ in asked:
        stage.notice()
    stage.notice("/hooks/wechatpay/refund")
    return [*(order.out_trade_no for order in asked), wish.out_refund_no]


def trade_bill(pay: WeChatPayGateway, day: date) -> TradeBill:
    bill = pay.trade_bill(day)
    assert bill is not None
    return bill


def test_a_day_is_billed_the_next_morning_in_both_bills(stage: Stage, pay: WeChatPayGateway) -> None:
    day = at_noon(stage, 10)
    *orders, refund = some_business(stage, pay)
    with pytest.raises(Unreachable) as caught:
        pay.trade_bill(day)
    assert caught.value.code == "STATEMENT_CREATING"
    at_noon(stage, 1)
    bill = trade_bill(pay, day)
    assert (bill.faults, bill.hash_matches, bill.adds_up) == ((), True, True)
    rows = {row.out_refund_no or row.out_trade_no: row for row in bill.rows}
    assert set(rows) == {*orders, refund}
    first = rows[orders[0]]
    assert (first.total_fen, first.coupon_fen, first.settlement_fen, first.fee_fen) == (2990, 100, 2890, 17)
    assert (first.trade_state, first.transaction_id) == ("SUCCESS", pay.query(orders[0]).transaction_id)
    assert (rows[refund].requested_refund_fen, rows[refund].refund_state) == (990, "SUCCESS")
    assert rows[refund].refund_fen == pay.query_refund(refund).payer_refund_fen
    flow = pay.fund_flow_bill(day)
    assert flow is not None
    assert (flow.faults, flow.hash_matches, flow.adds_up) == ((), True, True)
    moved = [row.amount_fen if row.direction == "in" else -row.amount_fen for row in flow.rows]
    paid_in = sum(row.settlement_fen - row.refund_fen - row.fee_fen for row in bill.rows)
    assert sum(moved) == paid_in
    assert {row.voucher_no for row in flow.rows} == set(rows)


def test_a_day_without_business_has_no_bill(stage: Stage, pay: WeChatPayGateway) -> None:
    day = at_noon(stage, 20) - timedelta(days=3)
    assert pay.trade_bill(day) is None
    assert pay.fund_flow_bill(day) is None


ERRORS = [
    "missing_there",
    "missing_here",
    "amount",
    "status",
    "duplicate",
    "refund_mismatch",
    "fee",
    "across_midnight",
    "late",
    "unknown_merchant",
]


@pytest.mark.parametrize(("ahead", "error"), list(enumerate(ERRORS, 30)))
def test_a_seeded_error_leaves_the_bill_readable(stage: Stage, pay: WeChatPayGateway, ahead: int, error: str) -> None:
    day = at_noon(stage, ahead)
    some_business(stage, pay, 2)
    at_noon(stage, 1)
    sound = trade_bill(pay, day)
    stage.control("bills/plant", bill_date=day.isoformat(), error=error)
    spoilt = trade_bill(pay, day)
    assert (spoilt.faults, spoilt.hash_matches, spoilt.adds_up) == ((), True, True)
    assert spoilt.rows != sound.rows
    assert spoilt.content_sha256 != sound.content_sha256
    stage.control("bills/clear", bill_date=day.isoformat())
    assert trade_bill(pay, day) == sound


@pytest.mark.parametrize("seed", range(4))
def test_a_spoilt_line_is_told_and_the_others_are_read(stage: Stage, pay: WeChatPayGateway, seed: int) -> None:
    day = at_noon(stage, 50 + seed)
    some_business(stage, pay, 2)
    at_noon(stage, 1)
    stage.control("bills/plant", bill_date=day.isoformat(), error="format", seed=seed)
    bill = trade_bill(pay, day)
    assert (len(bill.faults), len(bill.rows), bill.hash_matches, bill.adds_up) == (1, 2, True, False)


def test_a_wrong_hash_is_told(stage: Stage, pay: WeChatPayGateway) -> None:
    day = at_noon(stage, 60)
    some_business(stage, pay, 1)
    at_noon(stage, 1)
    stage.control("bills/plant", bill_date=day.isoformat(), error="hash")
    bill = trade_bill(pay, day)
    assert (bill.faults, bill.hash_matches, bill.adds_up) == ((), False, True)
