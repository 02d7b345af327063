"""The fund flow bill: a day's movements of the merchant's account."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from sandbox.context import Sandbox
from sandbox.pay.bills import layout

HEAD = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,"
    "资金变更提交申请人,备注,业务凭证号"
)
SUMMARY = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"


def of_day(box: Sandbox, day: date) -> list[sqlite3.Row]:
    """The movements of a Shanghai day, in the order in which they were written."""
    return box.store.all("SELECT * FROM pay_flows WHERE at >= ? AND at < ? ORDER BY id", *layout.bounds(day))


def file(box: Sandbox, rows: Sequence[sqlite3.Row]) -> bytes:
    """The bill."""
    came = [row["amount_fen"] for row in rows if row["amount_fen"] > 0]
    left = [-row["amount_fen"] for row in rows if row["amount_fen"] < 0]
    summary = [str(len(rows)), str(len(came)), layout.yuan(sum(came)), str(len(left)), layout.yuan(sum(left))]
    return layout.file(HEAD, [_line(box, row) for row in rows], SUMMARY, summary)


def _line(box: Sandbox, row: sqlite3.Row) -> str:
    return layout.line(
        [
            layout.moment(row["at"]),
            row["business_no"],
            row["flow_no"],
            row["name"],
            row["kind"],
            "收入" if row["amount_fen"] > 0 else "支出",
            layout.yuan(abs(row["amount_fen"])),
            layout.yuan(row["balance_fen"]),
            f"{box.credentials.words.mchid}API",
            row["remark"],
            row["number"],
        ]
    )
