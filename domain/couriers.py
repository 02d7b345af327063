"""Courier companies by the code that the platform's shipping information wants, and what people call them."""

from __future__ import annotations

from collections.abc import Mapping

COURIERS: Mapping[str, str] = {
    "SF": "顺丰速运", "ZTO": "中通快递", "YTO": "圆通速递", "STO": "申通快递", "YD": "韵达速递", "JTSD": "极兔速递",
    "JD": "京东快递", "EMS": "EMS", "YZPY": "邮政快递包裹", "DBL": "德邦快递",
}  # fmt: skip
