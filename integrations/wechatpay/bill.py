"""Reading WeChat Pay's trade bill, kind ALL. Source: WeChat Pay v3, trade bill format."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.wechatpay.bill_lines import BadLine, Fields, Layout
from services.ports import BillRow

_HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
_SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"


def _totals(told: Fields) -> tuple[int, ...]:
    money = ("应结订单总金额", "退款总金额", "手续费总金额", "订单总金额", "申请退款总金额")
    return (told.count("总交易单数"), *(told.fen(column) for column in money))


def _sums(rows: Sequence[BillRow]) -> tuple[int, ...]:
    return (
        len(rows),
        sum(row.settlement_fen for row in rows),
        sum(row.refund_fen for row in rows),
        sum(row.fee_fen for row in rows),
        sum(row.total_fen for row in rows),
        sum(row.requested_refund_fen for row in rows),
    )


def _row(fields: Fields) -> BillRow:
    if fields.text("货币种类") != "CNY":
        raise BadLine("货币种类不是人民币")
    return BillRow(
        line=fields.line,
        traded_at=fields.moment("交易时间"),
        appid=fields.text("公众账号ID"),
        mchid=fields.text("商户号"),
        transaction_id=fields.text("微信订单号"),
        out_trade_no=fields.text("商户订单号"),
        trade_state=fields.text("交易状态"),
        total_fen=fields.fen("订单金额"),
        settlement_fen=fields.fen("应结订单金额"),
        coupon_fen=fields.fen("代金券金额"),
        refund_id=fields.number("微信退款单号"),
        out_refund_no=fields.number("商户退款单号"),
        refund_fen=fields.fen("退款金额"),
        requested_refund_fen=fields.fen("申请退款金额"),
        refund_state=fields.text("退款状态"),
        fee_fen=fields.fen("手续费"),
    )


TRADE_BILL = Layout(_HEADER, _SUMMARY, _row, _totals, _sums)
