"""Reading WeChat Pay's fund-flow bill of the basic account. Source: WeChat Pay v3, fund-flow bill format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from integrations.wechatpay.bill_lines import BadLine, Fields, Layout
from services.ports import FundFlowRow

_HEADER = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,"
    "业务凭证号"
)
_SUMMARY = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
_DIRECTIONS: dict[str, Literal["in", "out"]] = {"收入": "in", "支出": "out"}


def _totals(told: Fields) -> tuple[int, ...]:
    counts = [told.count(column) for column in ("资金流水总笔数", "收入笔数", "支出笔数")]
    return (*counts, told.fen("收入金额"), told.fen("支出金额"))


def _sums(rows: Sequence[FundFlowRow]) -> tuple[int, ...]:
    income, outgo = ([row.amount_fen for row in rows if row.direction == way] for way in ("in", "out"))
    return (len(rows), len(income), len(outgo), sum(income), sum(outgo))


def _row(fields: Fields) -> FundFlowRow:
    direction = _DIRECTIONS.get(fields.text("收支类型"))
    if direction is None:
        raise BadLine("收支类型既不是收入也不是支出")
    amount = fields.fen("收支金额(元)")
    if amount < 0:
        raise BadLine("收支金额(元)是负数")
    return FundFlowRow(
        line=fields.line,
        booked_at=fields.moment("记账时间"),
        business_no=fields.number("微信支付业务单号"),
        flow_no=fields.text("资金流水单号"),
        business_name=fields.text("业务名称"),
        business_type=fields.text("业务类型"),
        direction=direction,
        amount_fen=amount,
        balance_fen=fields.fen("账户结余(元)"),
        applicant=fields.text("资金变更提交申请人"),
        note=fields.text("备注"),
        voucher_no=fields.number("业务凭证号"),
    )


FUND_FLOW = Layout(_HEADER, _SUMMARY, _row, _totals, _sums)
