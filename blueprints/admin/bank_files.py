"""Operators pay merchants by bank file: made, downloaded, and its result brought back."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from marshmallow import fields, validate

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown, Taken, public_id
from domain.actors import Actor
from domain.errors import Invalid, NotFound, WrongState
from services import bank_files
from services.assembly import Lintuan
from services.bank_files import Export
from services.context import Ctx
from services.flows import bank_files as flows
from services.paging import Page, Slice
from services.queries import bank_files as reads
from services.queries.bank_files import BankFileView

UPLOAD_BYTES = 6_000_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportSchema(Taken):
    """Which statements; all that may be paid unless named."""

    statements = fields.List(public_id(), validate=validate.Length(1, 500), load_default=None)


class LeftOutSchema(Shown):
    """A statement that cannot be paid now: no_bank_account or balance_too_low."""

    settlement = fields.String(required=True)
    merchant = fields.String(required=True)
    reason = fields.String(required=True)


class ExportedSchema(Shown):
    """The file, null when nothing could be paid, and what was left out."""

    file = fields.String(required=True, allow_none=True)
    left_out = fields.List(fields.Nested(LeftOutSchema()), required=True)


class BankFileLineSchema(Shown):
    """One statement of the file; `result` is empty until the bank's answer came: then paid or returned."""

    statement = fields.String(required=True)
    merchant = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    result = fields.String(required=True)
    reason = fields.String(required=True)


class BankFileSchema(Shown):
    """A bank file; lists show it without its lines."""

    id = fields.String(required=True)
    total_fen = fields.Integer(required=True)
    made_by = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    lines = fields.List(fields.Nested(BankFileLineSchema()), required=True)


@door.post("/bank-files", takes=ExportSchema(), shows=ExportedSchema(), status=201, idempotent=True,
           refuses=[NotFound, WrongState])  # fmt: skip
def export_bank_file(ctx: Ctx, body: dict[str, Any]) -> Export:
    """Put merchants' approved statements into a file for the bank."""
    return bank_files.export(ctx, body["statements"])


@door.get("/bank-files", shows=BankFileSchema(), paged=True)
def list_bank_files(ctx: Ctx, page: Page) -> Slice[BankFileView]:
    """All bank files, newest first."""
    return reads.bank_files(ctx, page)


@door.get("/bank-files/<bank_file_id>", shows=BankFileSchema(), refuses=[NotFound])
def show_bank_file(ctx: Ctx, bank_file_id: str) -> BankFileView:
    """One bank file with the bank's answers."""
    return reads.bank_file(ctx, bank_file_id)


@door.get("/bank-files/<bank_file_id>/workbook", flow=True, status=200, refuses=[NotFound])
def download_bank_file(product: Lintuan, actor: Actor, bank_file_id: str) -> Response:
    """The file as xlsx, with bank accounts; each download is recorded."""
    content = flows.download(product.unit, product.outside, actor, bank_file_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{bank_file_id}.xlsx"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, 200, headers, content_type=_XLSX)


@door.post("/bank-files/<bank_file_id>/result", shows=BankFileSchema(), flow=True, upload_bytes=UPLOAD_BYTES,
           refuses=[NotFound, WrongState, Invalid])  # fmt: skip
def import_bank_result(product: Lintuan, actor: Actor, bank_file_id: str) -> BankFileView:
    """Bring the filled-in file back: multipart/form-data with the file `file`; all of it is booked, or nothing."""
    upload = request.files.get("file")
    if upload is None:
        raise Invalid("Send the workbook as multipart/form-data.", field="file")
    flows.import_result(product.unit, product.outside, actor, bank_file_id, upload.read())
    with product.unit.reading(actor) as ctx:
        return reads.bank_file(ctx, bank_file_id)
