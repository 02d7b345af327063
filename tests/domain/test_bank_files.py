"""A bank file read back: every statement once with its own sum and a known result, or a list of what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from domain.bank_files import COLUMNS, BankAccount, read_back, row, yuan_text

FEN = {"stm_a": 1280, "stm_b": 5}


def answered(**results: str) -> list[list[Any]]:
    """The file of two statements, filled in as the bank does; paid unless told otherwise."""
    to = BankAccount("招商银行", "621483012345", "果园")
    rows: list[list[Any]] = [list(COLUMNS)]
    for number, fen in FEN.items():
        rows.append([*row(number, "果园", to, fen)[:8], results.get(number, "成功"), "账号不符"])
    return rows


def faults(rows: list[list[Any]]) -> dict[str, list[str]]:
    found, wrong = read_back(rows, FEN)
    assert bool(found) != bool(wrong)
    return wrong


def test_every_statement_has_its_result() -> None:
    found, wrong = read_back([*answered(stm_b="失败"), [], [None, ""]], FEN)
    assert wrong == {}
    assert {number: said.result for number, said in found.items()} == {"stm_a": "paid", "stm_b": "returned"}
    assert found["stm_b"].reason == "账号不符"


@pytest.mark.parametrize("yuan", ["12.80", "12.8", 12.8, "¥12.80", " 12.80 "])
@pytest.mark.parametrize("fen", [1280, 1280.0, "1280"])
def test_what_a_spreadsheet_makes_of_a_sum_is_understood(yuan: Any, fen: Any) -> None:
    rows = answered()
    rows[1][5], rows[1][6] = yuan, fen
    assert faults(rows) == {}


@pytest.mark.parametrize("yuan", ["12.81", "1280", "-12.80", "12.800", "12,8", "", None, "1e3", float("nan")])
def test_another_sum_is_told_by_its_row(yuan: Any) -> None:
    rows = answered()
    rows[1][5] = yuan
    assert faults(rows) == {"row 2": ["金额(元) is not 12.80"]}


def test_everything_wrong_is_told_at_once_and_nothing_is_found() -> None:
    rows = answered(stm_a="处理中")
    rows[2][6] = 6
    rows.append(rows[1])
    rows.append(["stm_c", "", "", "", "", "1.00", 100, "", "成功"])
    assert faults(rows) == {
        "row 2": ["结果 is not 成功 or 失败"],
        "row 3": ["金额(分) is not 5"],
        "row 4": ["the statement stands twice"],
        "row 5": ["no such statement in this file"],
    }


def test_a_missing_statement_and_a_foreign_table_are_told() -> None:
    assert faults(answered()[:2]) == {"stm_b": ["the statement is missing"]}
    assert list(faults([["a", "b"]])) == ["row 1"]
    assert list(faults([])) == ["row 1"]


def test_yuan_are_written_with_two_digits() -> None:
    assert [yuan_text(fen) for fen in (5, 1280, 100_000)] == ["0.05", "12.80", "1000.00"]
