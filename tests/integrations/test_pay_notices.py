"""The guard before WeChat Pay's callbacks: what it lets through, what it refuses, and that it never calls out."""

from __future__ import annotations

import base64
import socket
from datetime import UTC, datetime
from typing import Any, Never

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from services.ports import BadNotice, GatewayRefund, Notice, Trade
from tests.integrations.pay_keys import (
    APIV3_KEY,
    APPID,
    KEY_ID,
    MCHID,
    NOW,
    SERIAL,
    gateway,
    made_refund,
    merchant_key,
    notice,
    paid_trade,
    platform_key,
    private_pem,
    public_pem,
    signed,
)

STAMP = int(NOW.timestamp())


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even loopback: a callback must never make us call anybody."""

    def refuse(*_: object, **__: object) -> Never:
        raise AssertionError("a callback made us open a connection")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def read(body: bytes, headers: dict[str, str] | None = None) -> Notice:
    return gateway().read_notice(signed(body) if headers is None else headers, body)


def refused(body: bytes, headers: dict[str, str] | None = None) -> BadNotice:
    with pytest.raises(BadNotice) as caught:
        read(body, headers)
    return caught.value


def test_a_payment_is_told() -> None:
    assert read(notice(paid_trade())) == Notice(
        event_id="EV-2018022511223320873",
        event_type="TRANSACTION.SUCCESS",
        trade=Trade(
            out_trade_no="pay_01m7",
            state="SUCCESS",
            transaction_id="4200001234202611220000000001",
            total_fen=2990,
            payer_fen=2890,
            success_at=datetime(2026, 11, 22, 4, 5, tzinfo=UTC),
            payer_openid="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        ),
    )


@pytest.mark.parametrize("state", ["SUCCESS", "ABNORMAL", "CLOSED"])
def test_a_refund_is_told(state: str) -> None:
    at = {"success_time": "2026-11-22T12:05:00+08:00"} if state == "SUCCESS" else {}
    told = read(notice(made_refund(mchid=MCHID, refund_status=state, **at), f"REFUND.{state}"))
    assert told.trade is None
    assert told.refund == GatewayRefund(
        out_refund_no="rfd_01m7",
        out_trade_no="pay_01m7",
        state=state,  # type: ignore[arg-type]  # the parameter is one of the three
        refund_fen=990,
        payer_refund_fen=957,
        success_at=datetime(2026, 11, 22, 4, 5, tzinfo=UTC) if at else None,
    )


def test_header_names_are_read_in_any_case() -> None:
    body = notice(paid_trade())
    assert read(body, {name.upper(): value for name, value in signed(body).items()}).trade


@pytest.mark.parametrize("offset", [-300, 300])
def test_a_notice_just_inside_the_window_is_read(offset: int) -> None:
    body = notice(paid_trade())
    assert read(body, signed(body, timestamp=str(STAMP + offset))).trade


@pytest.mark.parametrize("offset", [-301, 301, -86_400])
def test_a_stale_notice_is_refused_though_well_signed(offset: int) -> None:
    body = notice(paid_trade())
    assert "five minutes" in str(refused(body, signed(body, timestamp=str(STAMP + offset))))


def test_the_shifted_development_clock_decides_what_is_stale() -> None:
    body = notice(paid_trade())
    tomorrow = gateway(clock=lambda: datetime.fromtimestamp(STAMP + 86_400, UTC))
    assert tomorrow.read_notice(signed(body, timestamp=str(STAMP + 86_400)), body).trade
    with pytest.raises(BadNotice):
        tomorrow.read_notice(signed(body), body)


@pytest.mark.parametrize("missing", ["Timestamp", "Nonce", "Serial", "Signature", "Signature-Type"])
def test_a_notice_that_lacks_a_header_is_refused(missing: str) -> None:
    body = notice(paid_trade())
    headers = signed(body)
    del headers[f"Wechatpay-{missing}"]
    assert missing in str(refused(body, headers))


def test_an_altered_notice_is_refused() -> None:
    body = notice(paid_trade())
    assert "signature" in str(refused(body.replace(b"EV-2018", b"EV-2019"), signed(body)))
    assert "signature" in str(refused(body + b" ", signed(body)))


@pytest.mark.parametrize("serial", ["PUB_KEY_ID_0000000000000000", "F5765756002FDD77", "invalid serial number"])
def test_a_notice_from_an_unknown_key_is_refused(serial: str) -> None:
    body = notice(paid_trade())
    assert "unknown key" in str(refused(body, signed(body, serial=serial)))


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "invalid base64 signature"},
        {"signature": base64.b64encode(b"0" * 256).decode()},
        {"signature_type": "WECHATPAY2-SM2-WITH-SM3"},
        {"timestamp": "yesterday"},
        {"timestamp": "-5"},
        {"timestamp": "٣"},
        {"timestamp": "9" * 5000},
    ],
)
def test_malformed_headers_are_refused(change: dict[str, str]) -> None:
    body = notice(paid_trade())
    assert not refused(body, signed(body, **change)).probe


def test_the_gateways_signature_test_is_refused_without_alarm() -> None:
    body = notice(paid_trade())
    assert refused(body, signed(body, signature="WECHATPAY/SIGNTEST/a0b1c2")).probe


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b"{}",
        b'{"id": "1", "event_type": "TRANSACTION.SUCCESS", "resource": []}',
        b'{"id": "1", "event_type": "TRANSACTION.SUCCESS", "resource": {"algorithm": "AEAD_AES_256_GCM"}}',
        notice(paid_trade(), id=""),
        notice(paid_trade(), id=7),
        notice(paid_trade(), event_type=None),
        notice(paid_trade(), resource={"algorithm": "none"}),
        notice(paid_trade(), resource={"algorithm": "AEAD_AES_256_GCM", "nonce": "short", "ciphertext": "AAAA"}),
        notice(paid_trade(), resource={"algorithm": "AEAD_AES_256_GCM", "nonce": 1, "ciphertext": {}}),
        notice([]),
        notice(None),
    ],
)
def test_well_signed_nonsense_is_refused(body: bytes) -> None:
    refused(body)


@pytest.mark.parametrize(
    "change",
    [
        {"mchid": "1900000002"},
        {"mchid": None},
        {"appid": "wxother"},
        {"trade_state": "NOTPAY"},
        {"trade_state": ["SUCCESS"]},
        {"out_trade_no": None},
        {"out_trade_no": 5},
        {"transaction_id": ""},
        {"success_time": "yesterday"},
        {"success_time": "2026-11-22T12:05:00"},
        {"amount": None},
        {"amount": [2990]},
        {"amount": {"total": "2990"}},
        {"amount": {"total": 29.9}},
        {"amount": {"total": True}},
        {"amount": {"total": -1}},
        {"amount": {"total": 10**30}},
        {"payer": "someone"},
    ],
)
def test_a_payment_that_is_not_ours_or_not_whole_is_refused(change: dict[str, Any]) -> None:
    refused(notice(paid_trade(**change)))


@pytest.mark.parametrize("event_type", ["REFUND.SUCCESS", "REFUND.", "PAYSCORE.USER_PAID", "transaction.success"])
def test_an_event_that_does_not_fit_its_content_is_refused(event_type: str) -> None:
    refused(notice(paid_trade(), event_type))


def test_a_notice_sealed_under_another_key_is_refused() -> None:
    body = notice(paid_trade())
    with pytest.raises(BadNotice, match="decrypt"):
        gateway(apiv3_key="f" * 32).read_notice(signed(body), body)


def test_the_vendors_own_callback_takes_what_the_guard_refuses() -> None:
    """The control: without the guard a day-old notice passes and an unknown serial makes it call out."""
    body = notice(paid_trade())
    unguarded = WeChatPay(
        WeChatPayType.JSAPI,
        MCHID,
        private_pem(merchant_key()),
        SERIAL,
        APPID,
        APIV3_KEY,
        public_key=public_pem(platform_key()),
        public_key_id=KEY_ID,
    )
    old = signed(body, timestamp=str(STAMP - 86_400))
    assert unguarded.callback(old, body)["resource"]["appid"] == APPID
    with pytest.raises(AssertionError, match="open a connection"):
        unguarded.callback(signed(body, serial="F5765756002FDD77"), body)
