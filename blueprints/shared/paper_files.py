"""Papers over HTTP: a page that may load nothing, or a workbook to keep."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from blueprints.shared.schemas import Taken, public_id
from services.flows.papers import XLSX, PaperFile
from services.papers import printing
from services.papers.table import PaperKind

KINDS = tuple(str(kind) for kind in PaperKind)


class PaperQuerySchema(Taken):
    """One pickup point of the campaign, or all."""

    point_id = public_id(load_default="")


def answer(paper: PaperFile) -> Response:
    """The response of a paper; never kept, because it names people."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if paper.format == "xlsx":
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(paper.name)}.xlsx"
        return Response(paper.content, 200, headers, content_type=XLSX)
    headers["Content-Security-Policy"] = printing.policy_of(paper.kind)
    return Response(paper.content, 200, headers, content_type=printing.CONTENT_TYPE)
