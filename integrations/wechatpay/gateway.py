"""WeChat Pay v3, direct merchant, JSAPI, as `services.ports.PaymentGateway`: wechatpayv3 behind our guard."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from wechatpayv3 import WeChatPay, WeChatPayType

from integrations.inbound import json_object
from integrations.wechatpay import shapes
from integrations.wechatpay.engine import GatewayEngine
from integrations.wechatpay.signing import payer_text
from services.ports import BadNotice, GatewayRefund, Notice, PrepayRequest, RefundRequest, Refused, Trade, Unknown

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_NUMBER = re.compile(r"[0-9A-Za-z_-]{6,64}")  # path arguments are not encoded by wechatpayv3
_DESCRIPTION_BYTES = 127
_REASON_BYTES = 80

T = TypeVar("T")


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
        clock: Callable[[], datetime],
        timeout: float = 8.0,
    ) -> None:
        self._appid, self._mchid = appid, mchid
        self._notify_url_pay, self._notify_url_refund = notify_url_pay, notify_url_refund
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

    def prepay(self, request: PrepayRequest) -> str:
        """Place the order at the gateway and return its `prepay_id`; safe to repeat with the same values."""
        reply = _reply(
            self._pay.pay(
                _fitting(request.description, _DESCRIPTION_BYTES),
                _number(request.out_trade_no),
                {"total": request.amount_fen, "currency": "CNY"},
                payer={"openid": request.payer_openid},
                time_expire=request.expires_at.astimezone(_SHANGHAI).isoformat(timespec="seconds"),
                notify_url=self._notify_url_pay,
            )
        )
        prepay_id = reply.get("prepay_id")
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
        reply = _reply(self._pay.query(out_trade_no=_number(out_trade_no)))
        owner = {"mchid": self._mchid, "appid": self._appid, "out_trade_no": out_trade_no}
        return _understood("trade", lambda: _owned(reply, owner, shapes.trade))

    def close(self, out_trade_no: str) -> None:
        """Ask the gateway to close an unpaid trade; raises `Refused` when it was paid. Query afterwards."""
        self._pay.close(_number(out_trade_no))

    def refund(self, request: RefundRequest) -> GatewayRefund:
        """Ask for a refund; raises `Refused` (code "NOT_ENOUGH" when the account lacks funds) and its siblings."""
        reply = _reply(
            self._pay.refund(
                _number(request.out_refund_no),
                {"refund": request.refund_fen, "total": request.total_fen, "currency": "CNY"},
                out_trade_no=_number(request.out_trade_no),
                reason=_fitting(request.reason, _REASON_BYTES),
                notify_url=self._notify_url_refund,
            )
        )
        return self._refund(reply, {"out_refund_no": request.out_refund_no, "out_trade_no": request.out_trade_no})

    def query_refund(self, out_refund_no: str) -> GatewayRefund:
        """The refund as the gateway sees it; raises `Refused` with code "RESOURCE_NOT_EXISTS" for an unknown one."""
        reply = _reply(self._pay.query_refund(_number(out_refund_no)))
        return self._refund(reply, {"out_refund_no": out_refund_no})

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
            return Notice(event_id, event_type, trade=_owned(resource, owner, shapes.trade))
        kind, _, state = event_type.partition(".")
        if kind == "REFUND":
            owner = {"mchid": self._mchid, "refund_status": state}
            told = _owned(resource, owner, lambda data: shapes.refund(data, "refund_status"))
            return Notice(event_id, event_type, refund=told)
        raise BadNotice("callback is of a kind we did not ask for")

    def _refund(self, reply: dict[str, Any], owner: dict[str, str]) -> GatewayRefund:
        return _understood("refund", lambda: _owned(reply, owner, lambda data: shapes.refund(data, "status")))


def _owned(data: dict[str, Any], owner: dict[str, str], read: Callable[[dict[str, Any]], T]) -> T:
    shapes.check_owner(data, **owner)
    return read(data)


def _understood(what: str, read: Callable[[], T]) -> T:
    """A verified reply that we cannot read leaves the fate of the call unknown."""
    try:
        return read()
    except shapes.BadShape as error:
        raise Unknown(f"gateway {what}: {error}") from None


def _reply(answer: tuple[int, str]) -> dict[str, Any]:
    try:
        return json_object(answer[1])
    except BadNotice:
        failure = Unknown("gateway: the reply is not a JSON object")
    raise failure


def _number(value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise Refused("an order or refund number holds letters, digits, _ and - only")
    return value


def _fitting(text: str, limit: int) -> str:
    """`text` cut to `limit` bytes of UTF-8 without splitting a character."""
    return text.encode()[:limit].decode(errors="ignore")
