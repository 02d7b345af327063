"""Spreadsheets as `services.ports.Workbooks`: XlsxWriter writes, openpyxl reads, and neither is trusted with strangers.

openpyxl takes every text that begins with = for a formula, so it does not write; it reads what people upload, behind
bounds on size, on what it unpacks to and on rows and columns, and with defusedxml, which it uses once installed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from services.ports import Cell

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
MAX_PARTS = 200
MAX_SHEETS = 20
MAX_ROWS = 20_000
MAX_COLUMNS = 100
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_EXACT = 10**15  # beyond this a spreadsheet's numbers lose their last digits
_CELL_CHARACTERS = 32_767
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_BORN = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet knows no zones; fixed, so that equal cells make equal bytes
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


class WorkbookRefused(ValueError):
    """The upload is not read; `code` is too_large or not_a_workbook."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class XlsxWorkbooks:
    """Keeps nothing between calls."""

    def write(self, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
        """A workbook; every text stays a text, never a formula or a link, and equal cells make equal bytes.

        Raises ValueError for a sheet name that spreadsheets do not allow, a text above 32 767 characters or a number
        that is none.
        """
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import XlsxWriterException

        out = BytesIO()
        book = Workbook(out, _PLAIN)
        book.set_properties({"created": _BORN})
        formats = {
            "armed": book.add_format({"quote_prefix": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        try:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for row, values in enumerate(rows):
                    for column, value in enumerate(values):
                        _put(sheet, row, column, value, formats)
            book.close()
        except XlsxWriterException as error:
            raise ValueError(str(error)) from None
        return out.getvalue()

    def read(self, content: bytes) -> dict[str, list[list[Any]]]:
        """The cells (str, int, float, bool, date, datetime or None) without trailing empty rows and cells.

        Formulas are read as the values last saved with them. At most 5 MB, 32 MB unpacked, 20 sheets of 20 000 rows
        and 100 columns. Raises `WorkbookRefused`.
        """
        if len(content) > MAX_BYTES:
            raise WorkbookRefused("too_large")
        try:
            _measure(content)
            return _cells(content)
        except (WorkbookRefused, MemoryError):
            raise
        except Exception:  # the reader meets broken files with many kinds of error, and all mean the same
            raise WorkbookRefused("not_a_workbook") from None


def _put(sheet: Any, row: int, column: int, value: Cell, formats: Mapping[str, Any]) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and abs(value) < _EXACT:
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(_SHANGHAI).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["day"])
    elif value is not None:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("not a number")
        text = str(value)
        if len(text) > _CELL_CHARACTERS:
            raise ValueError("a cell holds 32767 characters at most")
        sheet.write_string(row, column, text, formats["armed"] if text.startswith(_FORMULA_SIGNS) else None)


def _measure(content: bytes) -> None:
    """Refuse a zip bomb by its own directory; unpacking never exceeds what the directory says."""
    with ZipFile(BytesIO(content)) as parts:
        found = parts.infolist()
    if len(found) > MAX_PARTS or sum(part.file_size for part in found) > MAX_UNPACKED_BYTES:
        raise WorkbookRefused("too_large")


def _cells(content: bytes) -> dict[str, list[list[Any]]]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        if len(book.sheetnames) > MAX_SHEETS:
            raise WorkbookRefused("too_large")
        return dict(_sheets(book))
    finally:
        book.close()


def _sheets(book: Workbook) -> Iterator[tuple[str, list[list[Any]]]]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what the file says of its own size is not to be believed
        rows: list[list[Any]] = []
        for values in sheet.iter_rows(values_only=True):
            row = _without_tail(list(values), lambda value: value is None or value == "")
            rows.append(row)
            if len(row) > MAX_COLUMNS or len(rows) > MAX_ROWS:
                raise WorkbookRefused("too_large")
        yield str(sheet.title), _without_tail(rows, lambda row: not row)


def _without_tail(items: list[Any], empty: Any) -> list[Any]:
    while items and empty(items[-1]):
        items.pop()
    return items
