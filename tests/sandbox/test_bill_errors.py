"""Seeded errors change the bill as announced, the same ones for the same seed, and never the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.pay.bills.errors import ERRORS
from tests.sandbox import bill_reading as bills
from tests.sandbox.merchant import Inbox, Merchant

KINDS = [
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
    "format",
    "hash",
]


@pytest.fixture
def day(merchant: Merchant, inbox: Inbox) -> Iterator[date]:
    """A day with three payments and two refunds, three days ago."""
    merchant.control("knobs", {"refund_delay_ms": 0})
    today = bills.start_at_noon(merchant)
    for number in range(3):
        merchant.paid(f"pay_00000{number}", 5000 + number, silent=True)
    for number in range(2):
        merchant.refund(f"ref_{number}", f"pay_00000{number}", 300 + number, 5000 + number)
        inbox.next()
    merchant.control("clock", {"advance_seconds": 3 * bills.DAY})
    yield today
    assert merchant.control("ledger")["balanced"] is True


def plant(merchant: Merchant, day: date, error: str, **other: Any) -> list[dict[str, str]]:
    wish = {"bill_date": str(day), "error": error, **other}
    planted: list[dict[str, str]] = merchant.control("bills/plant", wish)["planted"]
    assert {row["error"] for row in planted} == {error}
    return planted


def rows(merchant: Merchant, day: date) -> dict[str, dict[str, str]]:
    """The bill's rows by number; a bill that is not there has none."""
    if bills.ask(merchant, day).status_code == 400:
        return {}
    found, summary = bills.read(bills.fetch(merchant, day))
    assert summary["应结订单总金额"] == f"{bills.total(found, '应结订单金额') / 100:.2f}"
    assert summary["总交易单数"] == str(len(found))
    return {bills.number(row): row for row in found}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {column for column in before if before[column] != after[column]}


def test_there_are_exactly_twelve_errors(merchant: Merchant) -> None:
    assert list(ERRORS) == KINDS
    assert list(merchant.control("bills/plant")["errors"]) == KINDS


@pytest.mark.parametrize("seed", range(3))
def test_a_row_is_missing_on_either_side(merchant: Merchant, day: date, seed: int) -> None:
    before = rows(merchant, day)
    (gone,) = plant(merchant, day, "missing_there", seed=seed)
    (added,) = plant(merchant, day, "missing_here", seed=seed)
    assert rows(merchant, day).keys() == before.keys() - {gone["number"]} | {added["number"]}
    assert added["number"] not in before


@pytest.mark.parametrize(
    ("error", "columns"),
    [
        ("amount", [{"订单金额", "应结订单金额"}]),
        ("status", [{"交易状态"}, {"退款状态"}]),
        ("fee", [{"手续费"}]),
        ("unknown_merchant", [{"商户号"}]),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_one_row_differs_in_the_columns_of_its_error(
    merchant: Merchant, day: date, error: str, columns: list[set[str]], seed: int
) -> None:
    before = rows(merchant, day)
    (planted,) = plant(merchant, day, error, seed=seed)
    after = rows(merchant, day)
    assert [number for number in before if before[number] != after[number]] == [planted["number"]]
    assert changed(before[planted["number"]], after[planted["number"]]) in columns


def test_a_refunds_sum_or_number_is_off(merchant: Merchant, day: date) -> None:
    before, seen = rows(merchant, day), set()
    for seed in range(12):
        (planted,) = plant(merchant, day, "refund_mismatch", seed=seed)
        after = rows(merchant, day)
        if planted["how"] == "number":
            assert planted["number"] not in after
            assert len(after) == len(before)
        else:
            assert changed(before[planted["number"]], after[planted["number"]]) == {"退款金额", "申请退款金额"}
        seen.add(planted["how"])
        merchant.control("bills/clear", {"bill_date": str(day)})
    assert seen == {"number", "sum"}


def test_a_row_stands_twice(merchant: Merchant, day: date) -> None:
    (planted,) = plant(merchant, day, "duplicate")
    found, _ = bills.read(bills.fetch(merchant, day))
    assert Counter(bills.number(row) for row in found)[planted["number"]] == 2
    assert len(found) == 6


@pytest.mark.parametrize(("error", "days"), [("across_midnight", 1), ("late", 2)])
def test_a_row_stands_in_a_later_bill(merchant: Merchant, day: date, error: str, days: int) -> None:
    before = rows(merchant, day)
    (planted,) = plant(merchant, day, error)
    stands_on = day + timedelta(days=days)
    later = rows(merchant, stands_on)
    assert planted["number"] not in rows(merchant, day)
    assert list(later) == [planted["number"]]
    told = changed(before[planted["number"]], later[planted["number"]])
    assert told == ({"交易时间"} if error == "across_midnight" else set())
    if error == "across_midnight":
        assert later[planted["number"]]["交易时间"].startswith(f"{stands_on} 00:00:")
    assert rows(merchant, day + timedelta(days=3 - days)) == {}


@pytest.mark.parametrize("seed", range(8))
def test_a_line_is_spoilt_and_the_others_are_whole(merchant: Merchant, day: date, seed: int) -> None:
    before = bills.fetch(merchant, day).split(b"\r\n")
    (planted,) = plant(merchant, day, "format", seed=seed)
    after = bills.fetch(merchant, day).split(b"\r\n")
    (at,) = [index for index, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert planted["number"].encode() in before[at]
    line = after[at].decode()
    whole = line.startswith("`") and len(line[1:].split(",`")) == 27
    assert {"field": not whole, "backtick": not whole, "amount": "一分" in line, "time": "昨天" in line}[planted["how"]]


def test_the_hash_may_lie_about_a_true_file(merchant: Merchant, day: date) -> None:
    true = bills.fetch(merchant, day)
    assert plant(merchant, day, "hash")[0]["number"] == ""
    offer = bills.ask(merchant, day).get_json()
    assert bills.download(merchant, offer["download_url"]).get_data() == true
    assert offer["hash_value"] != bills.sha1(true)
    again = {"bill_date": str(day), "error": "hash"}
    assert merchant.http.post("/control/bills/plant", json=again).get_json() == {"error": "too_few_rows"}


def test_the_same_seed_plants_the_same_errors_and_another_seed_others(merchant: Merchant, day: date) -> None:
    chosen = []
    for seed in (1, 1, 2, 3, 4):
        chosen.append(plant(merchant, day, "missing_there", count=2, seed=seed))
        merchant.control("bills/clear", {})
    assert chosen[0] == chosen[1]
    assert any(other != chosen[0] for other in chosen[2:])


def test_several_errors_fall_on_different_rows_until_none_is_left(merchant: Merchant, day: date) -> None:
    true = rows(merchant, day)
    planted = [plant(merchant, day, "fee")[0], plant(merchant, day, "refund_mismatch")[0]]
    planted += plant(merchant, day, "unknown_merchant", count=3)
    assert {row["number"] for row in planted} == set(true)
    wish = {"bill_date": str(day), "error": "duplicate"}
    assert merchant.http.post("/control/bills/plant", json=wish).get_json() == {"error": "too_few_rows"}
    assert len(merchant.control("bills/plant")["planted"]) == 5
    assert merchant.control("bills/clear", {"bill_date": str(day)}) == {"cleared": 5}
    assert rows(merchant, day) == true


def test_a_day_whose_rows_are_all_left_out_has_no_bill(merchant: Merchant, day: date) -> None:
    plant(merchant, day, "missing_there", count=5)
    assert bills.ask(merchant, day).get_json()["code"] == "NO_STATEMENT_EXIST"


def test_the_fund_flow_bill_and_the_books_stay_true(merchant: Merchant, day: date) -> None:
    ledger, flows = merchant.control("ledger"), bills.fetch(merchant, day, "fundflowbill")
    for error in ("amount", "fee", "missing_there", "hash", "missing_here"):
        plant(merchant, day, error)
    assert merchant.control("ledger") == ledger
    assert bills.fetch(merchant, day, "fundflowbill") == flows


@pytest.mark.parametrize(
    "wish", [{}, {"bill_date": "x"}, {"error": "fire"}, {"count": 0}, {"count": "1"}, {"seed": "a"}]
)
def test_planting_nonsense_is_refused(merchant: Merchant, wish: dict[str, Any]) -> None:
    good = {"bill_date": "2026-11-22", "error": "hash"} if wish else {}
    assert merchant.http.post("/control/bills/plant", json=good | wish).status_code == 400
