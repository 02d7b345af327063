"""Notices of the gateway, over true HTTP with true signatures: one effect each, and none for what is not true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, event

from domain.payments import Arrival
from integrations.wechatpay.engine import GatewayEngine
from models import GatewayEvent, JournalEntry, SuspenseCase
from services import payments
from services.flows import paying
from tests.builders import campaigns
from tests.withstand.till import Till, count_calls_out

Spoil = Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]


def _header(name: str, value: str | None) -> Spoil:
    def spoil(headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        changed = {key: given for key, given in headers.items() if key.lower() != name.lower()}
        return (changed if value is None else changed | {name: value}), body

    return spoil


SPOILT: dict[str, Spoil] = {
    "unsigned": _header("Wechatpay-Signature", None),
    "without a timestamp": _header("Wechatpay-Timestamp", None),
    "without a nonce": _header("Wechatpay-Nonce", None),
    "without a serial": _header("Wechatpay-Serial", None),
    "of an unknown serial": _header("Wechatpay-Serial", "PUB_KEY_ID_0000000000000000000000000001"),
    "with another's signature": _header("Wechatpay-Signature", "QUJD" * 86),
    "with a signature that is none": _header("Wechatpay-Signature", "%%%"),
    "with words for a timestamp": _header("Wechatpay-Timestamp", "yesterday"),
    "of another minute": _header("Wechatpay-Timestamp", "1767225600"),
    "of an unknown scheme": _header("Wechatpay-Signature-Type", "WECHATPAY2-NONE"),
    "a signature test": _header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/QUJD"),
    "altered by one byte": lambda headers, body: (headers, body.replace(b'"id"', b'"iD"')),
    "cut short": lambda headers, body: (headers, body[:-1]),
    "empty": lambda headers, body: (headers, b""),
    "not JSON": lambda headers, body: (headers, b"\xff\x00<xml/>"),
    "a list": lambda headers, body: (headers, b"[" + body + b"]"),
}


def _plain(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}


def test_what_is_unsigned_altered_unknown_or_malformed_changes_no_row_and_calls_nobody(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    headers, body = till.true_notice(order)
    before, asked = till.digest(), count_calls_out(monkeypatch)
    given = {name: till.notify(*spoil(_plain(headers), body)).status for name, spoil in SPOILT.items()}
    assert given == dict.fromkeys(SPOILT, 401)
    assert till.digest() == before
    assert asked == []
    assert till.notify(_plain(headers), body).status == 204
    assert till.digest() != before
    assert till.order(order).state == "paid"


def test_a_true_notice_that_is_over_five_minutes_old_is_refused(till: Till) -> None:
    headers, body = till.true_notice(campaigns.place(till.unit, till.scene, 0))
    till.advance(seconds=302)
    before = till.digest()
    assert till.notify(_plain(headers), body).status == 401
    assert till.digest() == before


def test_without_the_signature_check_an_unsigned_notice_would_count(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    headers, body = till.true_notice(order)
    monkeypatch.setattr(GatewayEngine, "check", lambda *_: None)
    assert till.notify(*SPOILT["unsigned"](_plain(headers), body)).status == 204
    assert till.order(order).state == "paid"


def test_the_same_notice_fifty_times_in_parallel_has_one_effect(till: Till) -> None:
    till.stage.control("knobs", duplicate_notices=50)
    order = campaigns.place(till.unit, till.scene, 0)
    till.await_notice(till.pay(till.ask(order)), accepted=50)
    row = till.order(order)
    assert (row.state, row.paid_fen, row.roster_number) == ("paid", 2990, 1)
    (inbox,) = till.rows(GatewayEvent)
    assert inbox.deliveries >= 50  # more where the gateway lost patience with one and sent it again
    assert [entry.event for entry in till.rows(JournalEntry)] == ["payment_succeeded"]


def test_without_inbox_and_state_a_second_delivery_would_not_be_the_same(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers, body = till.true_notice(campaigns.place(till.unit, till.scene, 0))
    till.app.extensions["lintuan"] = replace(till.product, rush=None)  # the committer has a control of its own
    assert till.notify(_plain(headers), body).status == 204
    monkeypatch.setattr(paying, "_first_time", lambda *_: True)
    monkeypatch.setattr(payments, "classify", lambda *_: Arrival.COUNT)
    assert till.notify(_plain(headers), body).status != 204


def test_notices_in_another_order_than_their_causes_all_count(till: Till) -> None:
    till.stage.control("knobs", reorder_notices=2)
    orders = [campaigns.place(till.unit, till.scene, who) for who in range(3)]
    notices = [till.pay(till.ask(order, who), who) for who, order in enumerate(orders)]
    for notice in notices:
        till.await_notice(notice)
    assert {till.order(order).state for order in orders} == {"paid"}
    assert sorted(till.order(order).roster_number or 0 for order in orders) == [1, 2, 3]


def test_a_notice_whose_effect_could_not_be_committed_is_not_accepted_and_comes_again(till: Till) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    asked, failures = till.ask(order), iter([True, True])  # the committer's, then the plain path's

    @event.listens_for(till.unit.engine, "commit")
    def fail_twice(_connection: Connection) -> None:
        if next(failures, False):
            raise OSError("the disk is full")

    told = till.await_notice(till.pay(asked))
    assert told["attempts"] >= 2
    assert till.order(order).state == "paid"
    assert [row.deliveries for row in till.rows(GatewayEvent)] == [1]


def test_a_verified_payment_under_an_unknown_number_is_kept_for_people(till: Till) -> None:
    stray = {"total_fen": 4321, "person": till.names[0], "notify_url": f"{till.url}/hooks/wechatpay/pay"}
    number = f"stray{len(till.told)}x{till.clock.now().timestamp():.0f}{till.scene.campaign[-6:]}"
    told = till.stage.control("stray-payment", out_trade_no=number, **stray)
    till.await_notice(told["notice_id"])
    till.stage.control(f"notices/{told['notice_id']}/resend")
    till.await_notice(told["notice_id"], accepted=2)
    cases = till.rows(SuspenseCase)
    assert [(case.reason, case.received_fen, case.out_trade_no) for case in cases] == [("unknown_number", 4321, number)]
