"""Spreadsheets: texts stay texts on the way out, and nothing a stranger uploads can hurt on the way in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from integrations import workbooks
from integrations.workbooks import WorkbookRefused, XlsxWorkbooks
from services.ports import Cell

BOOKS = XlsxWorkbooks()
OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 512
ARMED = ["=1+1", '=HYPERLINK("http://a.invalid")', "+1", "-1", "@SUM(A1)", "\t=1", "https://a.invalid", "007",
         "\n=1", "＝1+1", "＋1", "－1", "＠A"]  # fmt: skip


def refused(content: bytes) -> str:
    with pytest.raises(WorkbookRefused) as caught:
        BOOKS.read(content)
    return caught.value.code


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def altered(change: Callable[[dict[str, bytes]], Any], rows: Any = (("a", 1),)) -> bytes:
    """A good workbook whose parts `change` may rewrite."""
    files = parts(BOOKS.write({"s": rows}))
    change(files)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return out.getvalue()


def test_what_is_written_is_read_again() -> None:
    rows: list[list[Cell]] = [
        ["收款人", "金额", "日期", "备注"],
        ["张三", 12.8, date(2026, 11, 22), ""],
        [None, -5, datetime(2026, 11, 22, 4, 5, 6, tzinfo=UTC), "x"],
        [True, 10**16, 0, None],
    ]
    assert BOOKS.read(BOOKS.write({"打款": rows, "空": []})) == {
        "打款": [
            ["收款人", "金额", "日期", "备注"],
            ["张三", 12.8, datetime(2026, 11, 22)],  # noqa: DTZ001 - a spreadsheet knows no zones
            [None, -5, datetime(2026, 11, 22, 12, 5, 6), "x"],  # noqa: DTZ001 - a spreadsheet knows no zones
            [True, "10000000000000000", 0],
        ],
        "空": [],
    }


@pytest.mark.parametrize("text", ARMED)
def test_a_text_never_becomes_a_formula_or_a_link(text: str) -> None:
    content = BOOKS.write({"s": [[text]]})
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet
    assert re.search(rb'<c r="A1"[^>]* t="s"', sheet)
    assert BOOKS.read(content) == {"s": [[text]]}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r\n=", "\n=", "＝", "＋", "－", "＠"])
def test_an_armed_text_is_still_a_text_after_somebody_edits_its_cell(sign: str) -> None:
    sheet = parts(BOOKS.write({"s": [[f"{sign}1+1"]]}))["xl/worksheets/sheet1.xml"]
    assert re.search(rb'<c r="A1" s="1"', sheet), sheet
    assert b"quotePrefix" in parts(BOOKS.write({"s": [["=1+1"]]}))["xl/styles.xml"]


def test_a_plain_text_is_not_armed() -> None:
    assert b's="1"' not in parts(BOOKS.write({"s": [["草莓 1+1"]]}))["xl/worksheets/sheet1.xml"]


def test_the_other_writer_would_make_a_formula_of_it() -> None:
    """The control: the library that reads would write the same text as a formula."""
    book, out = Workbook(), BytesIO()
    assert book.active is not None
    book.active["A1"] = "=1+1"
    book.save(out)
    assert b"<f>1+1</f>" in parts(out.getvalue())["xl/worksheets/sheet1.xml"]


def test_equal_cells_make_equal_bytes() -> None:
    assert BOOKS.write({"s": [["a", 1]]}) == BOOKS.write({"s": [["a", 1]]})


@pytest.mark.parametrize(
    "sheets", [{"a/b": [["x"]]}, {"n" * 32: [["x"]]}, {"s": [["x" * 32_768]]}, {"s": [[float("nan")]]}]
)
def test_what_a_spreadsheet_cannot_hold_is_refused(sheets: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        BOOKS.write(sheets)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04", OLD_FORMAT])
def test_something_else_is_no_workbook(content: bytes) -> None:
    assert refused(content) == "not_a_workbook"


def test_a_zip_of_something_else_is_no_workbook() -> None:
    assert refused(altered(lambda files: files.pop("[Content_Types].xml"))) == "not_a_workbook"
    assert refused(altered(lambda files: files.pop("xl/workbook.xml"))) == "not_a_workbook"


def test_a_torn_workbook_is_none() -> None:
    content = BOOKS.write({"s": [["a", 1]]})
    assert refused(content[: len(content) // 2]) == "not_a_workbook"
    broken = altered(lambda files: files.update({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}))
    assert refused(broken) == "not_a_workbook"


def test_a_file_above_five_megabytes_is_not_opened() -> None:
    assert refused(b"0" * (workbooks.MAX_BYTES + 1)) == "too_large"


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = altered(lambda files: files.update({"xl/media/image1.png": b"0" * (workbooks.MAX_UNPACKED_BYTES + 1)}))
    assert len(bomb) < 100_000
    assert refused(bomb) == "too_large"
    many = altered(lambda files: files.update({f"xl/media/{n}": b"" for n in range(workbooks.MAX_PARTS)}))
    assert refused(many) == "too_large"


def test_an_entity_bomb_is_not_expanded() -> None:
    laugh = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'

    def plant(files: dict[str, bytes]) -> None:
        strings = files["xl/sharedStrings.xml"].replace(b"<t>a</t>", b"<t>&b;</t>")
        assert b"&b;" in strings
        head, _, rest = strings.partition(b"?>")
        files["xl/sharedStrings.xml"] = head + b"?>" + laugh + rest

    assert refused(altered(plant)) == "not_a_workbook"


def _moved(cell: str, row: str) -> bytes:
    def move(files: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        files[name] = files[name].replace(b'r="A1"', f'r="{cell}"'.encode()).replace(b'row r="1"', row.encode())

    return altered(move, [["a"]])


def test_one_cell_far_out_is_too_large() -> None:
    assert refused(_moved("A9999999", 'row r="9999999"')) == "too_large"
    assert refused(_moved("XFD1", 'row r="1"')) == "too_large"


def test_a_file_that_lies_about_its_size_is_read_by_its_cells() -> None:
    def lie(files: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        files[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', files[name])

    assert BOOKS.read(altered(lie)) == {"s": [["a", 1]]}


def test_as_many_rows_as_allowed_and_no_more() -> None:
    rows = [["a"]] * workbooks.MAX_ROWS
    assert len(BOOKS.read(BOOKS.write({"s": rows}))["s"]) == workbooks.MAX_ROWS
    assert refused(BOOKS.write({"s": [*rows, ["a"]]})) == "too_large"


def test_too_many_sheets_are_too_large() -> None:
    assert refused(BOOKS.write({f"s{n}": [] for n in range(workbooks.MAX_SHEETS + 1)})) == "too_large"
