"""Merchants are paid by bank file: what waits, the files, and the bank's answer brought back."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, request

from blueprints.console.door import door
from blueprints.shared.schemas import Taken, Text
from domain.actors import Actor
from domain.errors import Invalid, WrongState
from domain.operators import Duty
from services import bank_files as files
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import bank_files as flows
from services.paging import Page
from services.queries import bank_files as reads

UPLOAD_BYTES = 6_000_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FAULTS = (
    (r"row (\d+)", r"第 \1 行"), (r"the columns are not (.+)", r"表头应为 \1"),
    (r"(.+) is not (.+) or (.+)", r"\1应为\2或\3"),
    (r"(.+) is not (.+)", r"\1应为 \2"), (r"the statement stands twice", "结算单重复"),
    (r"no such statement in this file", "不在这份文件里"), (r"the statement is missing", "缺这张结算单"),
)  # fmt: skip
"""What `domain/bank_files.py` finds wrong with a filled-in file, and how people say it."""


class ExportForm(Taken):
    """One statement; every payable one unless named."""

    statement = Text(40, load_default="")


@door.page("/bank-files", paged=True)
def bank_files(ctx: Ctx, page: Page) -> dict[str, Any]:
    """All bank files, newest first, and what would go into the next one."""
    waiting = reads.waiting(ctx)
    return {
        "part": reads.bank_files(ctx, page),
        "waiting": waiting,
        "ready": [row for row in waiting if not row.trouble],
    }


@door.page("/bank-files/<public_id>")
def bank_file(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One bank file with the bank's answers."""
    return {"file": reads.bank_file(ctx, public_id), "history_of": reads.history(ctx, public_id)}


@door.act("/bank-files", duty=Duty.MONEY, takes=ExportForm())
def export_bank_file(ctx: Ctx, body: dict[str, str]) -> str:
    """Put one statement, or all that can be paid, into a file for the bank."""
    made = files.export(ctx, [body["statement"]] if body["statement"] else None).file
    if made is None:
        raise WrongState(state="nothing to pay", event="export")
    return f"/console/bank-files/{made}"


@door.file("/bank-files/<public_id>/workbook", duty=Duty.MONEY)
def bank_workbook(product: Lintuan, actor: Actor, public_id: str) -> Response:
    """The file as xlsx, with bank accounts; who took it is on record."""
    content = flows.download(product.unit, product.outside, actor, public_id)
    headers = {"Content-Disposition": f'attachment; filename="{public_id}.xlsx"', "X-Content-Type-Options": "nosniff"}
    return Response(content, 200, headers, content_type=_XLSX)


@door.act("/bank-files/<public_id>/result", duty=Duty.MONEY, flow=True, upload_bytes=UPLOAD_BYTES)
def import_bank_result(product: Lintuan, actor: Actor, public_id: str) -> str:
    """Bring the filled-in file back; all of it is booked, or nothing."""
    upload = request.files.get("file")
    if upload is None:
        raise Invalid("Choose the workbook.", field="file")
    try:
        flows.import_result(product.unit, product.outside, actor, public_id, upload.read())
    except Invalid as error:
        if "errors" not in error.facts:
            raise
        raise Invalid(errors=_in_words(error.facts["errors"])) from None
    return f"/console/bank-files/{public_id}"


def _in_words(wrong: Any) -> dict[str, list[str]]:
    """What is wrong, row by row, as the page of a refusal names it."""
    return {f"{_word(row)}：{'，'.join(_word(fault) for fault in faults)}": [] for row, faults in wrong.items()}


def _word(text: str) -> str:
    return next((found.expand(words) for fault, words in _FAULTS if (found := re.fullmatch(fault, text))), text)
