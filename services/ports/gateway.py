"""What the core asks of the payment gateway: being paid, paying back, paying out, and its bills."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from services.ports.bills import FundFlowBill, TradeBill


@dataclass(frozen=True)
class Identity:
    """Who we are to the gateway, as its bills name us."""

    mchid: str
    appid: str


@dataclass(frozen=True)
class PrepayRequest:
    """One attempt to be paid: `out_trade_no` is the Payment's public id, `amount_fen` >= 1."""

    out_trade_no: str
    amount_fen: int
    description: str
    payer_openid: str
    expires_at: datetime


@dataclass(frozen=True)
class Trade:
    """The gateway's view of a trade. `state` is its own word; money in fen; absent values None.

    `total_fen` is what was asked, `payer_fen` what left the payer's pocket (coupons make it smaller).
    """

    out_trade_no: str
    state: Literal["NOTPAY", "SUCCESS", "REFUND", "CLOSED", "USERPAYING", "REVOKED", "PAYERROR", "ACCEPT"]
    transaction_id: str | None
    total_fen: int | None
    payer_fen: int | None
    success_at: datetime | None
    payer_openid: str | None = None


@dataclass(frozen=True)
class RefundRequest:
    """One refund of `refund_fen` out of a trade of `total_fen`; the number is never changed on a retry."""

    out_trade_no: str
    out_refund_no: str
    refund_fen: int
    total_fen: int
    reason: str


@dataclass(frozen=True)
class GatewayRefund:
    """The gateway's view of a refund; `payer_refund_fen` is what reaches the payer's pocket."""

    out_refund_no: str
    out_trade_no: str
    state: Literal["PROCESSING", "SUCCESS", "CLOSED", "ABNORMAL"]
    refund_fen: int
    payer_refund_fen: int | None
    success_at: datetime | None


@dataclass(frozen=True)
class TransferRequest:
    """One payout to a person as commission (scene 1005); letters and digits only in `out_bill_no`, at most 32.

    `amount_fen` >= 10. `real_name` is required from 200 000 fen and never sent below 30; it goes out encrypted.
    `remark`, `position` (岗位类型) and `work` (报酬说明) are cut to 32 characters.
    """

    out_bill_no: str
    openid: str
    amount_fen: int
    remark: str
    position: str
    work: str
    real_name: str = field(default="", repr=False)


@dataclass(frozen=True)
class Transfer:
    """The gateway's view of a transfer; what it did not tell is None or "".

    `package_info` is told while the payee may confirm (WAIT_USER_CONFIRM); SUCCESS, FAIL and CANCELLED are final.
    """

    out_bill_no: str
    state: Literal[
        "ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM", "TRANSFERING", "SUCCESS", "FAIL", "CANCELING", "CANCELLED"
    ]
    amount_fen: int | None = None
    transfer_bill_no: str = ""
    package_info: str = ""
    fail_reason: str = ""
    openid: str = ""


@dataclass(frozen=True)
class Notice:
    """A verified, decrypted callback of the gateway: exactly one of `trade`, `refund` and `transfer` is set."""

    event_id: str
    event_type: str
    trade: Trade | None = None
    refund: GatewayRefund | None = None
    transfer: Transfer | None = None

    @property
    def number(self) -> str:
        """The number that we gave to what the notice is about."""
        if self.trade:
            return self.trade.out_trade_no
        if self.refund:
            return self.refund.out_refund_no
        return self.transfer.out_bill_no if self.transfer else ""


class PaymentGateway(Protocol):
    """WeChat Pay v3, direct merchant, JSAPI (wechat.md section 2)."""

    def identity(self) -> Identity:
        """Our merchant number and app; no network."""

    def prepay(self, request: PrepayRequest) -> str:
        """Place the order at the gateway and return its `prepay_id`; safe to repeat with the same values."""

    def payer_params(self, prepay_id: str) -> dict[str, str]:
        """The signed parameters for `wx.requestPayment` (timeStamp, nonceStr, package, signType, paySign, appId)."""

    def query(self, out_trade_no: str) -> Trade:
        """The trade as the gateway sees it; raises `Refused` with code "ORDER_NOT_EXIST" for an unknown one."""

    def close(self, out_trade_no: str) -> None:
        """Ask the gateway to close an unpaid trade; raises `Refused` when it was paid. Query afterwards."""

    def refund(self, request: RefundRequest) -> GatewayRefund:
        """Ask for a refund; raises `Refused` ("NOT_ENOUGH": the account lacks funds), `Unknown`, `Unreachable`."""

    def query_refund(self, out_refund_no: str) -> GatewayRefund:
        """The refund as the gateway sees it; raises `Refused` with code "RESOURCE_NOT_EXISTS" for an unknown one."""

    def read_notice(self, headers: dict[str, str], body: bytes) -> Notice:
        """Verify (signature, +-300 s, known key, our merchant and app) and decrypt; raises `BadNotice`, no network."""

    def transfer(self, request: TransferRequest) -> Transfer:
        """Ask for a payout; the payee confirms it in WeChat within 24 h, or it fails by itself.

        The same number with the same values gives the same transfer. On any failure `query_transfer` before anything
        else, and never a second number. Raises `Refused` ("NOT_ENOUGH": the account lacks funds) and its siblings.
        """

    def query_transfer(self, out_bill_no: str) -> Transfer:
        """The transfer as the gateway sees it; raises `Refused` with code "NOT_FOUND" for an unknown one."""

    def cancel_transfer(self, out_bill_no: str) -> Transfer:
        """Ask for a transfer back that was not confirmed (CANCELING, later CANCELLED).

        Raises `Refused` when it is too late, with code "NOT_FOUND" for an unknown one.
        """

    def transfer_params(self, package_info: str) -> dict[str, str]:
        """The parameters for `wx.requestMerchantTransfer` (mchId, appId, package)."""

    def trade_bill(self, day: date) -> TradeBill | None:
        """A day's trade bill (Shanghai date), None when nothing was traded.

        A spoilt file is returned with its faults and a false `hash_matches`, never raised. Raises `Unreachable`
        with code "STATEMENT_CREATING" while the gateway is still writing it (until about 10:00 the next day).
        """

    def fund_flow_bill(self, day: date) -> FundFlowBill | None:
        """A day's movements of the basic account; None and errors as `trade_bill`."""
