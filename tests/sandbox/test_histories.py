"""Whatever happens over some days, the daily bills add up to the ledger, and the ledger to the account."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from tests.sandbox import bill_reading as bills
from tests.sandbox.merchant import Merchant
from tests.sandbox.test_transfers import Payer

DAYS, STEPS = 3, 25
SIGNS = {"收入": 1, "支出": -1}


class History:
    """Random payments, refunds with every end, transfers with every end, and the bank, some days long."""

    def __init__(self, merchant: Merchant, seed: int) -> None:
        self.merchant, self.rng = merchant, random.Random(seed)
        merchant.control("knobs", {"refund_spacing_seconds": 0, "refund_delay_ms": 600_000, "lose_notices": 10**6})
        self.payer = Payer(merchant)
        self.totals: dict[str, int] = {}
        self.count = 0

    def step(self) -> None:
        self.count += 1
        self.rng.choice([self.pay, self.pay, self.refund, self.refund, self.transfer, self.bank, self.freeze])()

    def pay(self) -> None:
        number, total = f"pay_{self.count:06d}", self.rng.randint(2, 9000)
        self.totals[number] = total
        self.merchant.paid(number, total, coupon_fen=self.rng.choice([0, 0, self.rng.randrange(total)]))

    def refund(self) -> None:
        if not self.totals:
            return
        number, trade = f"ref_{self.count}", self.rng.choice(list(self.totals))
        total = self.totals[trade]
        fen = self.rng.choice([total, self.rng.randint(1, total)])
        if self.merchant.refund(number, trade, fen, total).status_code == 200:
            for start, end in self.rng.choice(
                [[("PROCESSING", "SUCCESS")], [("PROCESSING", "ABNORMAL"), ("ABNORMAL", "SUCCESS")],
                 [("PROCESSING", "CLOSED")], [("PROCESSING", "ABNORMAL")], []]
            ):  # fmt: skip
                self.merchant.control(f"refunds/{number}/finish", {"from": start, "to": end})

    def transfer(self) -> None:
        number = f"po{self.count}"
        if self.payer.ask(number, self.rng.randint(10, 90_000)).status_code == 200 and self.rng.random() < 0.5:
            self.merchant.control(f"transfers/{number}/fail", {})

    def bank(self) -> None:
        way = self.rng.choice(["top-up", "withdraw"])
        self.merchant.http.post(f"/control/funds/{way}", json={"fen": self.rng.randint(1, 100_000)})

    def freeze(self) -> None:
        self.merchant.control("knobs", {"freeze": self.rng.choice(["on", "off"])})


@pytest.mark.parametrize("seed", range(4))
def test_the_bills_of_all_days_add_up_to_the_ledger(merchant: Merchant, seed: int) -> None:
    first = bills.start_at_noon(merchant)
    history = History(merchant, seed)
    for _ in range(DAYS):
        for _ in range(STEPS):
            history.step()
            assert merchant.control("ledger")["balanced"] is True
        merchant.control("clock", {"advance_seconds": bills.DAY})
    ledger = merchant.control("ledger")
    merchant.control("clock", {"advance_seconds": bills.DAY})
    # the last transfers run out while the last bill is being written
    days = [first + timedelta(days=number) for number in range(DAYS + 1)]
    trades = [row for day in days for row in _rows(merchant, day, "tradebill")]
    flows = [row for day in days for row in _rows(merchant, day, "fundflowbill")]
    assert bills.total(trades, "应结订单金额") == ledger["settled_received_fen"]
    assert bills.total(trades, "退款金额") == ledger["settled_refunded_fen"]
    assert bills.total(trades, "申请退款金额") == ledger["refunded_fen"]
    assert bills.total(trades, "手续费") == ledger["fee_fen"] - ledger["fee_back_fen"]
    assert sum(SIGNS[row["收支类型"]] * bills.fen(row["收支金额（元）"]) for row in flows) == ledger["balance_fen"]
    assert ledger["balance_fen"] == sum(ledger[part] for part in ("available_fen", "frozen_fen", "in_refund_fen"))


def _rows(merchant: Merchant, day: date, kind: str) -> list[dict[str, str]]:
    return bills.read(bills.fetch(merchant, day, kind))[0] if bills.ask(merchant, day, kind).status_code == 200 else []
