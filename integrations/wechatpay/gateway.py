"""WeChat Pay v3, direct merchant, JSAPI, as `services.ports.PaymentGateway`: wechatpayv3 behind our guard."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wechatpayv3 import WeChatPay, WeChatPayType

from integrations.inbound import json_object
from integrations.wechatpay import shapes, statements, transfers
from integrations.wechatpay.bill import TRADE_BILL
from integrations.wechatpay.engine import GatewayEngine
from integrations.wechatpay.fund_flow import FUND_FLOW
from integrations.wechatpay.replies import number, owned, reply, understood
from integrations.wechatpay.signing import payer_text
from services.ports import (
    BadNotice,
    FundFlowBill,
    GatewayRefund,
    Identity,
    Notice,
    PrepayRequest,
    RefundRequest,
    Trade,
    TradeBill,
    Transfer,
    TransferRequest,
    Unknown,
)

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DESCRIPTION_BYTES = 127
_REASON_BYTES = 80


class WeChatPayGateway:
    """Every call is signed with our clock's time and answered by a verified reply, or raises an `OutsideError`."""

    def __init__(
        self,
        base_url: str,
        appid: str,
        mchid: str,
        serial: str,
        private_key_pem: str,
        apiv3_key: str,
        public_key_id: str,
        public_key_pem: str,
        notify_url_pay: str,
        notify_url_refund: str,
        notify_url_transfer: str,
        clock: Callable[[], datetime],
        timeout: float = 8.0,
    ) -> None:
        self._appid, self._mchid = appid, mchid
        self._notify_url_pay, self._notify_url_refund = notify_url_pay, notify_url_refund
        self._notify_url_transfer = notify_url_transfer
        self._clock = clock
        self._engine = GatewayEngine(
            base_url, mchid, serial, private_key_pem, apiv3_key, public_key_id, public_key_pem, clock, timeout
        )
        self._pay = WeChatPay(
            WeChatPayType.JSAPI,
            mchid,
            private_key_pem,
            serial,
            appid,
            apiv3_key,
            public_key=public_key_pem,
            public_key_id=public_key_id,
        )
        self._pay._core = self._engine

    def identity(self) -> Identity:
        """Our merchant number and app."""
        return Identity(self._mchid, self._appid)

    def prepay(self, request: PrepayRequest) -> str:
        """Place the order at the gateway and return its `prepay_id`; safe to repeat with the same values."""
        told = reply(
            self._pay.pay(
                _fitting(request.description, _DESCRIPTION_BYTES),
                number(request.out_trade_no),
                {"total": request.amount_fen, "currency": "CNY"},
                payer={"openid": request.payer_openid},
                time_expire=request.expires_at.astimezone(_SHANGHAI).isoformat(timespec="seconds"),
                notify_url=self._notify_url_pay,
            )
        )
        prepay_id = told.get("prepay_id")
        if not isinstance(prepay_id, str) or not prepay_id:
            raise Unknown("gateway prepay: the reply lacks prepay_id")
        return prepay_id

    def payer_params(self, prepay_id: str) -> dict[str, str]:
        """The signed parameters for `wx.requestPayment` (timeStamp, nonceStr, package, signType, paySign, appId)."""
        timestamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16).upper()
        package = f"prepay_id={prepay_id}"
        return {
            "appId": self._appid,
            "timeStamp": timestamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": self._engine.sign_text(payer_text(self._appid, timestamp, nonce, package).decode()),
        }

    def query(self, out_trade_no: str) -> Trade:
        """The trade as the gateway sees it; raises `Refused` with code "ORDER_NOT_EXIST" for an unknown one."""
        told = reply(self._pay.query(out_trade_no=number(out_trade_no)))
        owner = {"mchid": self._mchid, "appid": self._appid, "out_trade_no": out_trade_no}
        return understood("trade", lambda: owned(told, owner, shapes.trade))

    def close(self, out_trade_no: str) -> None:
        """Ask the gateway to close an unpaid trade; raises `Refused` when it was paid. Query afterwards."""
        self._pay.close(number(out_trade_no))

    def refund(self, request: RefundRequest) -> GatewayRefund:
        """Ask for a refund; raises `Refused` (code "NOT_ENOUGH" when the account lacks funds) and its siblings."""
        told = reply(
            self._pay.refund(
                number(request.out_refund_no),
                {"refund": request.refund_fen, "total": request.total_fen, "currency": "CNY"},
                out_trade_no=number(request.out_trade_no),
                reason=_fitting(request.reason, _REASON_BYTES),
                notify_url=self._notify_url_refund,
            )
        )
        return self._refund(told, {"out_refund_no": request.out_refund_no, "out_trade_no": request.out_trade_no})

    def query_refund(self, out_refund_no: str) -> GatewayRefund:
        """The refund as the gateway sees it; raises `Refused` with code "RESOURCE_NOT_EXISTS" for an unknown one."""
        told = reply(self._pay.query_refund(number(out_refund_no)))
        return self._refund(told, {"out_refund_no": out_refund_no})

    def transfer(self, request: TransferRequest) -> Transfer:
        """Ask for a payout; raises `Refused` (code "NOT_ENOUGH" when the account lacks funds) and its siblings."""
        return transfers.ask(self._pay, request, self._notify_url_transfer)

    def query_transfer(self, out_bill_no: str) -> Transfer:
        """The transfer as the gateway sees it; raises `Refused` with code "NOT_FOUND" for an unknown one."""
        return transfers.query(self._pay, out_bill_no)

    def cancel_transfer(self, out_bill_no: str) -> Transfer:
        """Ask for an unconfirmed transfer back; raises `Refused` when it is too late or ("NOT_FOUND") unknown."""
        return transfers.cancel(self._pay, out_bill_no)

    def transfer_params(self, package_info: str) -> dict[str, str]:
        """The parameters for `wx.requestMerchantTransfer` (mchId, appId, package)."""
        return {"mchId": self._mchid, "appId": self._appid, "package": package_info}

    def trade_bill(self, day: date) -> TradeBill | None:
        """A day's trade bill, None when nothing was traded; raises `Unreachable` while it is being written."""
        found = statements.fetch(self._engine, lambda: self._pay.trade_bill(day.isoformat(), "ALL", "GZIP"))
        if found is None:
            return None
        read = TRADE_BILL.parse(found.content)
        return TradeBill(read.rows, read.faults, found.hash_matches, read.adds_up, found.sha256, found.content)

    def fund_flow_bill(self, day: date) -> FundFlowBill | None:
        """A day's movements of the basic account; None and errors as `trade_bill`."""
        found = statements.fetch(self._engine, lambda: self._pay.fundflow_bill(day.isoformat(), "BASIC", "GZIP"))
        if found is None:
            return None
        read = FUND_FLOW.parse(found.content)
        return FundFlowBill(read.rows, read.faults, found.hash_matches, read.adds_up, found.sha256, found.content)

    def read_notice(self, headers: dict[str, str], body: bytes) -> Notice:
        """Verify (signature, +-300 s, known key, our merchant and app) and decrypt; raises `BadNotice`, no network."""
        envelope, resource = self.open_notice(headers, body)
        try:
            return self._notice(str(envelope["id"]), str(envelope["event_type"]), resource)
        except shapes.BadShape as error:
            raise BadNotice(str(error)) from None

    def open_notice(self, headers: dict[str, str], body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        """A verified callback as (envelope, decrypted resource), of whatever kind; raises `BadNotice`, no network."""
        self._engine.check(headers, body)
        envelope = json_object(body)
        resource = envelope.get("resource")
        if not isinstance(resource, dict) or resource.get("algorithm") != "AEAD_AES_256_GCM":
            raise BadNotice("callback holds no encrypted resource")
        if not all(isinstance(envelope.get(name), str) and envelope[name] for name in ("id", "event_type")):
            raise BadNotice("callback lacks its id or event_type")
        return envelope, json_object(self._engine.open_resource(resource))

    def _notice(self, event_id: str, event_type: str, resource: dict[str, Any]) -> Notice:
        if event_type == "TRANSACTION.SUCCESS":
            owner = {"mchid": self._mchid, "appid": self._appid, "trade_state": "SUCCESS"}
            return Notice(event_id, event_type, trade=owned(resource, owner, shapes.trade))
        kind, _, state = event_type.partition(".")
        if kind == "REFUND":
            owner = {"mchid": self._mchid, "refund_status": state}
            told = owned(resource, owner, lambda data: shapes.refund(data, "refund_status"))
            return Notice(event_id, event_type, refund=told)
        if event_type == "MCHTRANSFER.BILL.FINISHED":
            return Notice(event_id, event_type, transfer=transfers.from_notice(resource, self._mchid))
        raise BadNotice("callback is of a kind we did not ask for")

    def _refund(self, told: dict[str, Any], owner: dict[str, str]) -> GatewayRefund:
        return understood("refund", lambda: owned(told, owner, lambda data: shapes.refund(data, "status")))


def _fitting(text: str, limit: int) -> str:
    """`text` cut to `limit` bytes of UTF-8 without splitting a character."""
    return text.encode()[:limit].decode(errors="ignore")
