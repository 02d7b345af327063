"""Reading WeChat Pay's trade bill: UTF-8 with a mark, each field after a backtick, amounts in yuan.

Source: WeChat Pay v3, trade bill format, kind ALL. A product name may hold a comma and is not quoted, so rows are
split on comma and backtick together; whatever does not fit its column is an error, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
_COLUMNS = {name: index for index, name in enumerate(_HEADER.split(","))}
_SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"


class BadBill(ValueError):
    """The file is not a trade bill as documented; the text names the line."""


@dataclass(frozen=True)
class BillRow:
    """One payment or one refund; `out_refund_no` is "" for a payment; money in fen."""

    traded_at: datetime
    appid: str
    mchid: str
    transaction_id: str
    out_trade_no: str
    trade_state: str
    total_fen: int
    settlement_fen: int
    refund_id: str
    out_refund_no: str
    refund_fen: int
    refund_state: str
    fee_fen: int


@dataclass(frozen=True)
class Bill:
    """The rows and the gateway's own totals: number of rows, settled, refunded and fee, money in fen."""

    rows: tuple[BillRow, ...]
    row_count: int
    settlement_fen: int
    refund_fen: int
    fee_fen: int

    def adds_up(self) -> bool:
        """Whether the rows make the totals; false for a bill that was cut or altered."""
        return (self.row_count, self.settlement_fen, self.refund_fen, self.fee_fen) == (
            len(self.rows),
            sum(row.settlement_fen for row in self.rows),
            sum(row.refund_fen for row in self.rows),
            sum(row.fee_fen for row in self.rows),
        )


def read_bill(content: bytes) -> Bill:
    """Parse the unzipped file; raises `BadBill`."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadBill("not UTF-8") from None
    if len(lines) < 3 or lines[0] != _HEADER or lines[-2] != _SUMMARY:
        raise BadBill("header or summary is missing")
    total = _fields(lines[-1], len(_SUMMARY.split(",")), len(lines))
    return Bill(
        rows=tuple(_row(line, number) for number, line in enumerate(lines[1:-2], 2)),
        row_count=_whole(_number(total[0], len(lines)), len(lines)),
        settlement_fen=_fen(total[1], len(lines)),
        refund_fen=_fen(total[2], len(lines)),
        fee_fen=_fen(total[4], len(lines)),
    )


def _row(line: str, number: int) -> BillRow:
    values = _fields(line, len(_COLUMNS), number)
    field = {name: values[index] for name, index in _COLUMNS.items()}
    if field["货币种类"] != "CNY":
        raise BadBill(f"line {number}: not in CNY")
    refund = field["商户退款单号"]
    return BillRow(
        traded_at=_time(field["交易时间"], number),
        appid=field["公众账号ID"],
        mchid=field["商户号"],
        transaction_id=field["微信订单号"],
        out_trade_no=field["商户订单号"],
        trade_state=field["交易状态"],
        total_fen=_fen(field["订单金额"], number),
        settlement_fen=_fen(field["应结订单金额"], number),
        refund_id="" if field["微信退款单号"] == "0" else field["微信退款单号"],
        out_refund_no="" if refund == "0" else refund,
        refund_fen=_fen(field["退款金额"], number),
        refund_state=field["退款状态"],
        fee_fen=_fen(field["手续费"], number),
    )


def _fields(line: str, count: int, number: int) -> list[str]:
    values = line.removeprefix("`").split(",`")
    if not line.startswith("`") or len(values) != count:
        raise BadBill(f"line {number}: not {count} fields after backticks")
    return values


def _fen(yuan: str, line: int) -> int:
    """Yuan with decimals as whole fen; the fee column has five decimals of which only two may be used."""
    return _whole(_number(yuan, line) * 100, line)


def _number(text: str, line: int) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise BadBill(f"line {line}: not a number") from None
    if not value.is_finite():
        raise BadBill(f"line {line}: not a number")
    return value


def _whole(value: Decimal, line: int) -> int:
    if value != value.to_integral_value():
        raise BadBill(f"line {line}: not a whole number")
    return int(value)


def _time(text: str, line: int) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_SHANGHAI).astimezone(UTC)
    except ValueError:
        raise BadBill(f"line {line}: not a time") from None
