"""The trade bill: a day's payments and refunds, read by day from the orders and refunds themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sandbox.context import Sandbox
from sandbox.pay import fees
from sandbox.pay.bills import layout

HEADS = {
    "ALL": (
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
        "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
        "手续费,费率,订单金额,申请退款金额,费率备注"
    ),
    "SUCCESS": (
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
        "应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注"
    ),
    "REFUND": (
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
        "应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,"
        "退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
    ),
}
SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_PAYMENTS = (
    "SELECT success_at AS at, transaction_id, out_trade_no, openid, description, attach, payer_fen AS settled_fen,"
    " total_fen, total_fen - payer_fen AS coupon_fen, fee_fen FROM pay_orders"
)
_REFUNDS = (
    "SELECT r.success_at AS at, o.transaction_id, r.out_trade_no, o.openid, o.description, o.attach, r.refund_id,"
    " r.out_refund_no, r.payer_refund_fen, r.refund_fen, -r.fee_back_fen AS fee_fen, r.created_at AS asked_at"
    " FROM pay_refunds r JOIN pay_orders o ON o.out_trade_no = r.out_trade_no"
)


@dataclass(frozen=True)
class Trade:
    """One row of the bill; a refund has an `out_refund_no`. `fee_fen` is negative where it was given back."""

    at: int
    mchid: str
    transaction_id: str
    out_trade_no: str
    openid: str
    description: str
    attach: str
    fee_fen: int
    settled_fen: int = 0
    total_fen: int = 0
    coupon_fen: int = 0
    state: str = "SUCCESS"
    refund_id: str = "0"
    out_refund_no: str = "0"
    payer_refund_fen: int = 0
    refund_fen: int = 0
    refund_state: str = ""
    asked_at: int = 0

    @property
    def is_refund(self) -> bool:
        """Whether the row is a refund's."""
        return self.out_refund_no != "0"

    @property
    def number(self) -> str:
        """The merchant's own number of what the row is about."""
        return self.out_refund_no if self.is_refund else self.out_trade_no


def of_day(box: Sandbox, day: date) -> list[Trade]:
    """The true rows of a Shanghai day, oldest first."""
    first, end = layout.bounds(day)
    where = "WHERE {0}success_at >= ? AND {0}success_at < ? ORDER BY {0}success_at, {0}rowid"
    payments = box.store.all(f"{_PAYMENTS} {where.format('')}", first, end)
    refunds = box.store.all(f"{_REFUNDS} {where.format('r.')}", first, end)
    rows = [_trade(box, row) for row in payments] + [_trade(box, row, refund=True) for row in refunds]
    return sorted(rows, key=lambda trade: trade.at)


def one(box: Sandbox, number: str, *, refund: bool) -> Trade | None:
    """The true row of a payment or refund by the merchant's number."""
    query = f"{_REFUNDS} WHERE r.out_refund_no = ?" if refund else f"{_PAYMENTS} WHERE out_trade_no = ?"
    row = box.store.one(query, number)
    return None if row is None else _trade(box, row, refund=refund)


def chosen(trades: Sequence[Trade], bill_type: str) -> list[Trade]:
    """Those that stand in a bill of that type."""
    return [trade for trade in trades if bill_type == "ALL" or trade.is_refund == (bill_type == "REFUND")]


def line(box: Sandbox, trade: Trade, bill_type: str) -> str:
    """One row as text."""
    fields = {
        "交易时间": layout.moment(trade.at),
        "公众账号ID": box.credentials.words.wxa_appid,
        "商户号": trade.mchid,
        "特约商户号": "0",
        "设备号": "",
        "微信订单号": trade.transaction_id,
        "商户订单号": trade.out_trade_no,
        "用户标识": trade.openid,
        "交易类型": "JSAPI",
        "交易状态": trade.state,
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        "应结订单金额": layout.yuan(trade.settled_fen),
        "代金券金额": layout.yuan(trade.coupon_fen),
        "退款申请时间": layout.moment(trade.asked_at),
        "退款成功时间": layout.moment(trade.at),
        "微信退款单号": trade.refund_id,
        "商户退款单号": trade.out_refund_no,
        "退款金额": layout.yuan(trade.payer_refund_fen),
        "充值券退款金额": layout.yuan(0),
        "退款类型": "ORIGINAL" if trade.is_refund else "",
        "退款状态": trade.refund_state,
        "商品名称": trade.description,
        "商户数据包": trade.attach,
        "手续费": layout.yuan(trade.fee_fen, 5),
        "费率": fees.RATE,
        "订单金额": layout.yuan(trade.total_fen),
        "申请退款金额": layout.yuan(trade.refund_fen),
        "费率备注": "",
    }
    return layout.line([fields[column] for column in HEADS[bill_type].split(",")])


def summary(trades: Sequence[Trade]) -> list[str]:
    """The last row: how many, and the sums."""
    return [
        str(len(trades)),
        layout.yuan(sum(trade.settled_fen for trade in trades)),
        layout.yuan(sum(trade.payer_refund_fen for trade in trades)),
        layout.yuan(0),
        layout.yuan(sum(trade.fee_fen for trade in trades), 5),
        layout.yuan(sum(trade.total_fen for trade in trades)),
        layout.yuan(sum(trade.refund_fen for trade in trades)),
    ]


def _trade(box: Sandbox, row: sqlite3.Row, *, refund: bool = False) -> Trade:
    trade = Trade(mchid=box.credentials.words.mchid, **dict(row))
    return replace(trade, state="REFUND", refund_state="SUCCESS") if refund else trade
