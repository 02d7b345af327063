"""The bank file for merchants: its columns, a row out, and a filled-in row read back without trusting it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHEET = "商家付款"
COLUMNS = ("结算单号", "商家", "开户行", "账号", "户名", "金额(元)", "金额(分)", "附言", "结果", "原因")
RESULTS = {"成功": "paid", "失败": "returned"}
_NUMBER, _YUAN, _FEN, _RESULT, _REASON = (
    COLUMNS.index(n) for n in ("结算单号", "金额(元)", "金额(分)", "结果", "原因")
)
_MONEY = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?")
_MOST_REASON = 200


@dataclass(frozen=True)
class BankAccount:
    """Where a merchant is paid."""

    bank: str
    account: str
    holder: str


@dataclass(frozen=True)
class BankResult:
    """What the bank said of one statement: paid or returned, and why."""

    result: str
    reason: str


def yuan_text(fen: int) -> str:
    """`1280` -> `12.80`, as banks read it."""
    return f"{fen // 100}.{fen % 100:02d}"


def row(statement: str, merchant: str, to: BankAccount, amount_fen: int) -> list[str | int]:
    """One row of the file; the last two columns are the bank's."""
    remark = f"邻团货款 {statement[-8:]}"
    return [statement, merchant, to.bank, to.account, to.holder, yuan_text(amount_fen), amount_fen, remark, "", ""]


def read_back(
    rows: Sequence[Sequence[Any]], expected: Mapping[str, int]
) -> tuple[dict[str, BankResult], dict[str, list[str]]]:
    """The result per statement, and what is wrong by row (`row 3`) or by missing statement; one of them is empty.

    `expected` is fen by statement. Number by number and sum by sum: every statement once, with its own sum.
    """
    if not rows or _texts(rows[0])[: _RESULT + 1] != list(COLUMNS[: _RESULT + 1]):
        return {}, {"row 1": [f"the columns are not {'、'.join(COLUMNS)}"]}
    found: dict[str, BankResult] = {}
    wrong: dict[str, list[str]] = {}
    for place, cells in enumerate(rows[1:], 2):
        texts = _texts(cells)
        if not any(texts):
            continue
        number = texts[_NUMBER]
        faults = ["the statement stands twice"] if number in found else _faults(texts, expected)
        found[number] = BankResult(RESULTS.get(texts[_RESULT], ""), texts[_REASON][:_MOST_REASON])
        if faults:
            wrong[f"row {place}"] = faults
    for number in expected.keys() - found.keys():
        wrong[number] = ["the statement is missing"]
    return ({}, wrong) if wrong else (found, {})


def _faults(texts: Sequence[str], expected: Mapping[str, int]) -> list[str]:
    fen = expected.get(texts[_NUMBER])
    if fen is None:
        return ["no such statement in this file"]
    faults = []
    if _fen(texts[_YUAN]) != fen:
        faults.append(f"{COLUMNS[_YUAN]} is not {yuan_text(fen)}")
    if texts[_FEN] != str(fen):
        faults.append(f"{COLUMNS[_FEN]} is not {fen}")
    if texts[_RESULT] not in RESULTS:
        faults.append(f"{COLUMNS[_RESULT]} is not {' or '.join(RESULTS)}")
    return faults


def _texts(cells: Sequence[Any]) -> list[str]:
    """Cells as trimmed texts, one per column; spreadsheets turn whole numbers into 12.0."""
    texts = ["" if cell is None else str(cell).strip() for cell in cells[: len(COLUMNS)]]
    texts = [
        text.removesuffix(".0") if isinstance(cell, float) else text for text, cell in zip(texts, cells, strict=False)
    ]
    return texts + [""] * (len(COLUMNS) - len(texts))


def _fen(text: str) -> int | None:
    """`12.8` -> 1280, without ever being a float."""
    match = _MONEY.fullmatch(text.removeprefix("¥").replace(",", ""))
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None
