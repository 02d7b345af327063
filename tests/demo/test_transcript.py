"""Columns stay straight under wide characters, and rows end where a reader expects."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest

from demo.transcript import CLOSING, WIDTH, Transcript, clock, day, flat, pad, width, wrap, yuan


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("大闸蟹", 6), ("¥58.00/只", 9), ("🦀", 2), ("e\u0301", 1), ("王**", 4), ("，", 2)],
)
def test_a_text_takes_its_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_padding_counts_columns_and_not_characters() -> None:
    assert width(pad("李姐", 10)) == width(pad("abcd", 10)) == 10


@pytest.mark.parametrize("columns", range(12, 60))
def test_no_row_is_too_wide_and_no_word_is_lost(columns: int) -> None:
    text = "周五大闸蟹 + 红颜草莓 · ¥58.00/只 · 已达 6 人，截团时确认 · [接龙] [看详情]：南门驿站、2号楼便利店。"
    rows = wrap(text, columns, 2)
    assert all(width(row) <= columns for row in rows)
    assert "".join("".join(rows).split()) == "".join(text.split())
    assert not any(row.strip()[0] in CLOSING for row in rows)


def test_a_word_longer_than_a_row_is_cut() -> None:
    assert "".join(row.strip() for row in wrap("x" * 50, 20, 2)) == "x" * 50


def test_links_keep_their_label_only() -> None:
    assert (
        flat("点这里付款（http://127.0.0.1:1/m/orders/ord_1）（10:35 前有效）\n\n再见")
        == "点这里付款 ↗（10:35 前有效） · 再见"
    )


def test_a_bare_address_leaves_no_gap_behind() -> None:
    assert flat("点这里付款 http://127.0.0.1:1/m/orders/ord_1 （10:35 前有效）") == "点这里付款 ↗（10:35 前有效）"


def test_a_chat_line_hangs_under_its_speaker() -> None:
    out = StringIO()
    Transcript(out).chat("3号楼团购群", [{"from": "小邻", "text": "大闸蟹 " * 20}])
    first, second, *_ = out.getvalue().splitlines()
    assert "小邻  大闸蟹" in first
    assert width(second) - width(second.lstrip()) == width(first[: first.index("大闸蟹")])
    assert all(width(row) <= WIDTH for row in (first, second))


def test_times_are_shanghai_times() -> None:
    moment = datetime(2026, 11, 26, 12, 0, 5, tzinfo=UTC)
    assert (clock(moment), day(moment)) == ("20:00:05", "周四 20:00")


@pytest.mark.parametrize(("fen", "shown"), [(0, "¥0.00"), (5, "¥0.05"), (148260, "¥1,482.60"), (-1, "-¥0.01")])
def test_money_is_shown_to_the_fen(fen: int, shown: str) -> None:
    assert yuan(fen) == shown
