"""Bank files as workbooks: the rows are read or booked in a transaction, the workbook is made or read outside of it."""

from __future__ import annotations

from domain.actors import Actor
from domain.bank_files import SHEET
from domain.errors import Invalid
from services import bank_files
from services.context import Unit
from services.ports import Outside


def download(unit: Unit, outside: Outside, actor: Actor, file_id: str) -> bytes:
    """The bank file as xlsx, the same cells each time; the download is recorded. Raises `NotFound`."""
    with unit(actor) as ctx:
        table = bank_files.rows(ctx, file_id)
    return outside.workbooks.write({SHEET: table})


def import_result(unit: Unit, outside: Outside, actor: Actor, file_id: str, content: bytes) -> str:
    """Book the bank's result from the filled-in workbook; returns the file's id.

    Raises as `bank_files.import_result`, and `Invalid` for what is no workbook or has no such sheet.
    """
    try:
        sheets = outside.workbooks.read(content)
    except ValueError as refusal:
        raise Invalid("is too large" if str(refusal) == "too_large" else "is no workbook", field="file") from None
    table = sheets.get(SHEET)
    if table is None:
        raise Invalid(f"has no sheet {SHEET}", field="file")
    with unit(actor) as ctx:
        return bank_files.import_result(ctx, file_id, table).public_id
