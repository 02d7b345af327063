"""A pretend payment gateway: it keeps the port's promises in memory, and a test plays the people in front of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from services.ports import (
    BadNotice,
    FundFlowBill,
    GatewayRefund,
    Identity,
    Notice,
    OutsideError,
    PrepayRequest,
    RefundRequest,
    Refused,
    Trade,
    TradeBill,
    Transfer,
    TransferRequest,
    Unreachable,
)

B = TypeVar("B")


@dataclass
class PretendGateway:
    """Trades, refunds and transfers in memory, and the bills that a test puts there.

    A test pays with `pay`, settles refunds with `finish_refund` and transfers with `finish_transfer`. `fails` is
    raised instead of doing a thing; `loses` after a transfer was made, as when the answer is lost; `refuses_transfer`
    instead of making one.
    """

    trades: dict[str, Trade] = field(default_factory=dict)
    refunds: dict[str, GatewayRefund] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    transfer_requests: dict[str, TransferRequest] = field(default_factory=dict)
    trade_bills: dict[date, TradeBill] = field(default_factory=dict)
    fund_flow_bills: dict[date, FundFlowBill] = field(default_factory=dict)
    bills_are_written: bool = True
    asked: Counter[str] = field(default_factory=Counter)
    fails: OutsideError | None = None
    loses: OutsideError | None = None
    refuses_transfer: OutsideError | None = None

    def identity(self) -> Identity:
        """Who the pretend bills are for."""
        return Identity("1900000001", "wx0123456789abcdef")

    def prepay(self, request: PrepayRequest) -> str:
        """A prepay id; the trade waits for `pay`."""
        self._called("prepay")
        self.trades.setdefault(
            request.out_trade_no, Trade(request.out_trade_no, "NOTPAY", None, request.amount_fen, None, None)
        )
        return f"wx-prepay-{request.out_trade_no}"

    def payer_params(self, prepay_id: str) -> dict[str, str]:
        """What the app would be given."""
        return {"package": f"prepay_id={prepay_id}", "paySign": "pretend"}

    def pay(self, out_trade_no: str, at: datetime, total_fen: int | None = None, payer_fen: int | None = None) -> Trade:
        """The person pays; a coupon makes `payer_fen` smaller, a wrong sum another `total_fen`."""
        trade = self.trades[out_trade_no]
        total = trade.total_fen if total_fen is None else total_fen
        self.trades[out_trade_no] = replace(
            trade, state="SUCCESS", transaction_id=f"42{out_trade_no[-26:]}", total_fen=total,
            payer_fen=total if payer_fen is None else payer_fen, success_at=at,
        )  # fmt: skip
        return self.trades[out_trade_no]

    def query(self, out_trade_no: str) -> Trade:
        """The trade, or `Refused` ORDER_NOT_EXIST."""
        self._called("query")
        if out_trade_no not in self.trades:
            raise Refused("no such trade", code="ORDER_NOT_EXIST")
        return self.trades[out_trade_no]

    def close(self, out_trade_no: str) -> None:
        """Closed, unless it was paid."""
        self._called("close")
        trade = self.trades.get(out_trade_no)
        if trade is None:
            raise Refused("no such trade", code="ORDER_NOT_EXIST")
        if trade.state == "SUCCESS":
            raise Refused("paid", code="ORDERPAID")
        self.trades[out_trade_no] = replace(trade, state="CLOSED")

    def refund(self, request: RefundRequest) -> GatewayRefund:
        """Accepted and PROCESSING; the same number again gives the same refund."""
        self._called("refund")
        fresh = GatewayRefund(request.out_refund_no, request.out_trade_no, "PROCESSING", request.refund_fen, None, None)
        return self.refunds.setdefault(request.out_refund_no, fresh)

    def finish_refund(self, out_refund_no: str, at: datetime) -> GatewayRefund:
        """The money reaches the payer."""
        refund = self.refunds[out_refund_no]
        self.refunds[out_refund_no] = replace(
            refund, state="SUCCESS", payer_refund_fen=refund.refund_fen, success_at=at
        )
        return self.refunds[out_refund_no]

    def query_refund(self, out_refund_no: str) -> GatewayRefund:
        """The refund, or `Refused` RESOURCE_NOT_EXISTS."""
        self._called("query_refund")
        if out_refund_no not in self.refunds:
            raise Refused("no such refund", code="RESOURCE_NOT_EXISTS")
        return self.refunds[out_refund_no]

    def transfer(self, request: TransferRequest) -> Transfer:
        """Accepted and waiting for the payee; the same number again gives the same transfer, if nothing changed."""
        self._called("transfer")
        if self.refuses_transfer is not None and request.out_bill_no not in self.transfers:
            raise self.refuses_transfer
        first = self.transfer_requests.setdefault(request.out_bill_no, request)
        if first != request:
            raise Refused("the number is taken", code="ALREADY_EXISTS")
        made = self.transfers.setdefault(
            request.out_bill_no,
            Transfer(
                request.out_bill_no, "WAIT_USER_CONFIRM", request.amount_fen, f"13{request.out_bill_no[-26:]}",
                f"package-{request.out_bill_no}", "", request.openid,
            ),
        )  # fmt: skip
        if self.loses is not None:
            raise self.loses
        return made

    def finish_transfer(self, out_bill_no: str, confirmed: bool = True, fail_reason: str = "") -> Transfer:
        """The payee confirms, or 24 hours pass (a cancelled one ends CANCELLED)."""
        transfer = self.transfers[out_bill_no]
        ended = replace(transfer, state="SUCCESS" if confirmed else "FAIL", package_info="", fail_reason=fail_reason)
        if transfer.state == "CANCELING":
            ended = replace(ended, state="CANCELLED")
        self.transfers[out_bill_no] = ended
        return ended

    def query_transfer(self, out_bill_no: str) -> Transfer:
        """The transfer, or `Refused` NOT_FOUND."""
        self._called("query_transfer")
        if out_bill_no not in self.transfers:
            raise Refused("no such transfer", code="NOT_FOUND")
        return self.transfers[out_bill_no]

    def cancel_transfer(self, out_bill_no: str) -> Transfer:
        """CANCELING while the payee has not confirmed; `finish_transfer` ends it."""
        self._called("cancel_transfer")
        transfer = self.transfers.get(out_bill_no)
        if transfer is None:
            raise Refused("no such transfer", code="NOT_FOUND")
        if transfer.state not in ("ACCEPTED", "WAIT_USER_CONFIRM", "CANCELING"):
            raise Refused("too late", code="INVALID_REQUEST")
        self.transfers[out_bill_no] = replace(transfer, state="CANCELING", package_info="")
        return self.transfers[out_bill_no]

    def transfer_params(self, package_info: str) -> dict[str, str]:
        """What the app would be given."""
        return {"mchId": "1900000001", "appId": "wx0123456789abcdef", "package": package_info}

    def trade_bill(self, day: date) -> TradeBill | None:
        """The bill a test put there."""
        return self._bill("trade_bill", self.trade_bills.get(day))

    def fund_flow_bill(self, day: date) -> FundFlowBill | None:
        """The bill a test put there."""
        return self._bill("fund_flow_bill", self.fund_flow_bills.get(day))

    def _bill(self, what: str, bill: B) -> B:
        self._called(what)
        if not self.bills_are_written:
            raise Unreachable("the bill is being written", code="STATEMENT_CREATING")
        return bill

    def read_notice(self, headers: dict[str, str], body: bytes) -> Notice:
        """Nothing is signed by the pretend gateway, so nothing is believed; true notices are the real adapter's."""
        raise BadNotice("not signed")

    def _called(self, what: str) -> None:
        self.asked[what] += 1
        if self.fails is not None:
            raise self.fails
