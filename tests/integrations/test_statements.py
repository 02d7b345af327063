"""Fetching a day's bill: asked for, downloaded from nowhere else, unzipped within bounds, compared and read."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from integrations.wechatpay import statements
from integrations.wechatpay.gateway import WeChatPayGateway
from services.ports import OutsideError, Refused, Unknown, Unreachable
from tests.integrations.local_server import Answer, Asked, LocalServer, json_answer
from tests.integrations.pay_keys import gateway
from tests.integrations.test_bills import flows, trades
from tests.integrations.test_pay_calls import check_signature, signed_answer

DAY = date(2026, 11, 21)
FILE = "/v3/billdownload/file?token=HR2Q&tartype=gzip"
CALLS: dict[str, Callable[[WeChatPayGateway], Any]] = {
    "trade_bill": lambda pay: pay.trade_bill(DAY),
    "fund_flow_bill": lambda pay: pay.fund_flow_bill(DAY),
}
either_bill = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


class Bank:
    """Scripts the server: an application for a bill is granted with `granted`, the file is `file`."""

    def __init__(self, server: LocalServer, plain: bytes, file: bytes | None = None, **granted: Any) -> None:
        self.file = Answer(200, gzip.compress(plain) if file is None else file)
        digest = hashlib.sha1(plain, usedforsecurity=False).hexdigest()
        address = f"https://api.mch.weixin.qq.com{FILE}"
        self.granted = {"hash_type": "SHA1", "hash_value": digest, "download_url": address, **granted}
        self.server = server
        server.answer = self.answer

    def answer(self, asked: Asked) -> Answer:
        return self.file if asked.path == "/v3/billdownload/file" else signed_answer(self.granted)

    def pay(self, **changes: Any) -> WeChatPayGateway:
        return gateway(self.server.url, **changes)


def test_a_trade_bill_is_fetched_and_read(server: LocalServer) -> None:
    plain = trades(tail="`3.0,`0.03,`0.02,`0.0,`0.01,`0.03,`0.02")
    bill = Bank(server, plain).pay().trade_bill(DAY)
    assert bill is not None
    assert (len(bill.rows), bill.faults, bill.hash_matches, bill.adds_up) == (3, (), True, True)
    assert (bill.content, bill.content_sha256) == (plain, hashlib.sha256(plain).hexdigest())
    applied, downloaded = server.asked
    assert applied.target == "/v3/bill/tradebill?bill_date=2026-11-21&bill_type=ALL&tar_type=GZIP"
    assert downloaded.target == FILE
    for asked in (applied, downloaded):
        check_signature(asked)


def test_a_fund_flow_bill_is_fetched_and_read(server: LocalServer) -> None:
    bill = Bank(server, flows()).pay().fund_flow_bill(DAY)
    assert bill is not None
    assert (len(bill.rows), bill.faults, bill.hash_matches, bill.adds_up) == (2, (), True, True)
    assert server.asked[0].target == "/v3/bill/fundflowbill?bill_date=2026-11-21&account_type=BASIC&tar_type=GZIP"


def test_a_file_that_came_plain_is_read_as_well(server: LocalServer) -> None:
    bill = Bank(server, flows(), flows()).pay().fund_flow_bill(DAY)
    assert bill is not None
    assert bill.hash_matches


def test_a_file_unzipped_on_the_way_is_read_as_well(server: LocalServer) -> None:
    bank = Bank(server, flows())
    bank.file = Answer(200, bank.file.body, {"Content-Encoding": "gzip"})
    bill = bank.pay().fund_flow_bill(DAY)
    assert bill is not None
    assert bill.hash_matches


@pytest.mark.parametrize("change", [{"hash_value": "0" * 40}, {"hash_value": None}, {"hash_type": "MD5"}])
def test_another_hash_is_told_and_the_bill_is_still_there(server: LocalServer, change: dict[str, Any]) -> None:
    bill = Bank(server, flows(), **change).pay().fund_flow_bill(DAY)
    assert bill is not None
    assert not bill.hash_matches
    assert len(bill.rows) == 2


def test_a_spoilt_line_comes_with_its_number_and_the_other_lines(server: LocalServer) -> None:
    bill = Bank(server, trades().replace(b"`0.01000", b"`0.00600")).pay().trade_bill(DAY)
    assert bill is not None
    assert [fault.line for fault in bill.faults] == [4]
    assert (len(bill.rows), bill.hash_matches, bill.adds_up) == (2, True, False)


@pytest.mark.parametrize("spoil", [lambda zipped: zipped[:-9], lambda zipped: zipped[:20] + b"\xff" * 40])
def test_a_file_that_does_not_unzip_is_kept_as_it_came(server: LocalServer, spoil: Callable[[bytes], bytes]) -> None:
    came = spoil(gzip.compress(flows(), mtime=0))
    bill = Bank(server, flows(), came).pay().fund_flow_bill(DAY)
    assert bill is not None
    assert (bill.content, bill.rows, bill.hash_matches, bill.adds_up) == (came, (), False, False)
    assert bill.faults[0].line == 1


@either_bill
def test_a_day_without_business_has_no_bill(server: LocalServer, call: Callable[..., Any]) -> None:
    server.answer = lambda _: json_answer({"code": "NO_STATEMENT_EXIST", "message": "账单文件不存在"}, 400)
    assert call(gateway(server.url)) is None


@either_bill
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "STATEMENT_CREATING", Unreachable),
        (400, "PARAM_ERROR", Refused),
        (403, "NO_AUTH", Refused),
        (429, "FREQUENCY_LIMITED", Unreachable),
        (500, "SYSTEM_ERROR", Unknown),
    ],
)
def test_each_no_to_a_bill_is_read(
    server: LocalServer, call: Callable[..., Any], status: int, code: str, kind: type[OutsideError]
) -> None:
    server.answer = lambda _: json_answer({"code": code, "message": ""}, status)
    with pytest.raises(OutsideError) as caught:
        call(gateway(server.url))
    assert (type(caught.value), caught.value.code) == (kind, code)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (Answer(403, b'{"code": "NO_AUTH"}'), Refused),
        (Answer(500, b""), Unknown),
        (Answer(drop=True), Unknown),
        (Answer(hang=True), Unknown),
        (Answer(302, b"", {"Location": "http://127.0.0.1:1/"}), Unknown),
    ],
)
def test_each_failed_download_is_read(server: LocalServer, file: Answer, kind: type[OutsideError]) -> None:
    bank = Bank(server, flows())
    bank.file = file
    with pytest.raises(OutsideError) as caught:
        bank.pay(timeout=file.patience).fund_flow_bill(DAY)
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    "address", [None, 5, "", "file:///etc/passwd", "https://evil.invalid/steal", "http://[", "http://a/v3/\nx", FILE]
)
def test_an_address_that_is_none_is_not_followed(server: LocalServer, address: Any) -> None:
    with pytest.raises(Unknown):
        Bank(server, flows(), download_url=address).pay().fund_flow_bill(DAY)
    assert len(server.asked) == 1


def test_an_address_elsewhere_is_asked_of_the_gateway_we_know(server: LocalServer) -> None:
    assert Bank(server, flows(), download_url=f"https://evil.invalid{FILE}").pay().fund_flow_bill(DAY)
    assert server.asked[1].target == FILE


def test_a_file_beyond_all_bounds_is_not_taken(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_PLAIN_BYTES", 100)
    with pytest.raises(Refused):
        Bank(server, flows()).pay().fund_flow_bill(DAY)
    monkeypatch.setattr(statements, "_ZIPPED_BYTES", 50)
    with pytest.raises(Refused, match="more than 50 bytes"):
        Bank(server, flows()).pay().fund_flow_bill(DAY)
