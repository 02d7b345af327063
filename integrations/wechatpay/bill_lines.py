"""What WeChat Pay's bills have in common: UTF-8 with a mark, each field after a backtick, amounts in yuan, a summary.

A name may hold a comma and is not quoted, so rows are split on comma and backtick together. Whatever does not fit its
column is a fault of that line, never a guess, and the other lines stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from services.ports import BillFault

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_MARK = b"\xef\xbb\xbf"
_NUMBER = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,10})?")

T = TypeVar("T")


class BadLine(ValueError):
    """A field does not fit its column; the text says how, and holds nothing of the field."""


@dataclass(frozen=True)
class Fields:
    """One row by column name; each reader raises `BadLine`."""

    line: int
    values: dict[str, str]

    def text(self, column: str) -> str:
        """As given."""
        return self.values[column]

    def number(self, column: str) -> str:
        """A number of ours or the gateway's; bills write 0 (or nothing) where there is none."""
        value = self.values[column]
        return "" if value == "0" else value

    def fen(self, column: str) -> int:
        """Yuan with decimals as whole fen; the fee column has five decimals of which only two may be used."""
        return self._whole(column, 100)

    def count(self, column: str) -> int:
        """A whole number (some bills write it as `45.0`)."""
        return self._whole(column, 1)

    def moment(self, column: str) -> datetime:
        """Shanghai wall time as aware UTC."""
        try:
            return datetime.strptime(self.values[column], "%Y-%m-%d %H:%M:%S").replace(tzinfo=_SHANGHAI).astimezone(UTC)
        except ValueError:
            raise BadLine(f"{column}不是时间") from None

    def _whole(self, column: str, factor: int) -> int:
        text = self.values[column]
        if not _NUMBER.fullmatch(text):
            raise BadLine(f"{column}不是数")
        value = Decimal(text) * factor
        if value != int(value):
            raise BadLine(f"{column}不是整数" if factor == 1 else f"{column}不到整分")
        return int(value)


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """The rows that could be read, the faults, and whether the rows make the gateway's own totals."""

    rows: tuple[T, ...]
    faults: tuple[BillFault, ...]
    adds_up: bool


@dataclass(frozen=True)
class Layout(Generic[T]):
    """The headers of the rows and of the summary, how a row is read, what the summary says and what rows make."""

    header: str
    summary: str
    read: Callable[[Fields], T]
    totals: Callable[[Fields], tuple[int, ...]]
    sums: Callable[[Sequence[T]], tuple[int, ...]]

    def parse(self, content: bytes) -> Parsed[T]:
        """Read the unzipped file; never raises."""
        lines = dict(_lines(content))
        ends = next((number for number, line in lines.items() if line == self.summary.encode()), len(lines) + 1)
        faults = list(self._frame_faults(lines, ends))
        rows: list[T] = []
        if lines.get(1) == self.header.encode():
            for number in range(2, ends):
                _keep(rows, faults, number, lines[number], self.header, self.read)
        totals: list[tuple[int, ...]] = []
        if ends + 1 in lines:
            _keep(totals, faults, ends + 1, lines[ends + 1], self.summary, self.totals)
        faults.sort(key=lambda fault: fault.line)
        return Parsed(tuple(rows), tuple(faults), not faults and totals == [self.sums(rows)])

    def _frame_faults(self, lines: dict[int, bytes], ends: int) -> Iterator[BillFault]:
        if lines.get(1) != self.header.encode():
            yield BillFault(1, "表头不是这种账单的")
        if ends + 1 not in lines:
            yield BillFault(max(len(lines), 1), "缺少合计")
        for number in range(ends + 2, len(lines) + 1):
            yield BillFault(number, "合计之后还有一行")


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbered from 1; only the gateway's own line ends count, and brackets of either width are one in a header."""
    for number, ended in enumerate(content.removeprefix(_MARK).rstrip(b"\r\n").split(b"\n"), 1):
        line = ended.removesuffix(b"\r")
        yield number, line if line.startswith(b"`") else line.replace("（".encode(), b"(").replace("）".encode(), b")")


def _keep(
    into: list[T], faults: list[BillFault], number: int, line: bytes, header: str, read: Callable[[Fields], T]
) -> None:
    try:
        into.append(read(_fields(number, line, header.split(","))))
    except BadLine as error:
        faults.append(BillFault(number, str(error)))


def _fields(number: int, line: bytes, columns: list[str]) -> Fields:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise BadLine("不是 UTF-8 文字") from None
    if "\0" in text:
        raise BadLine("含有零字节")  # which a database would refuse, and the whole file with it
    values = text.removeprefix("`").split(",`")
    if not text.startswith("`") or len(values) != len(columns):
        raise BadLine(f"不是 {len(columns)} 个以反引号开头的字段")
    return Fields(number, dict(zip(columns, values, strict=True)))
