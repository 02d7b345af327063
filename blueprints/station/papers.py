"""What a desk prints or keeps: everything that waits or is still to come here, of all campaigns."""

from __future__ import annotations

from typing import Any

from flask import Response

from blueprints.shared.paper_files import answer
from blueprints.shared.paper_shapes import (
    DeskExportSchema,
    DeskLinkSchema,
    ExportSchema,
    LinkSchema,
    address,
    asked_paper,
)
from blueprints.station.door import door
from domain.actors import Actor
from domain.errors import NotFound, PaperTooLong, WrongState
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import papers
from services.papers import exports, links
from services.papers.exports import ExportShown
from services.papers.making import AskPaper


@door.get("/papers/<kind>.<format_>", flow=True, status=200, refuses=[NotFound, PaperTooLong])
def desk_paper(product: Lintuan, actor: Actor, kind: str, format_: str) -> Response:
    """A paper of this point: pick-list, points, slips, labels or roster, as html to be printed or as xlsx."""
    return answer(papers.at_once(product, actor, AskPaper(kind), format_))


@door.post("/exports", takes=DeskExportSchema(), shows=ExportSchema(), status=201, refuses=[NotFound])
def ask_export(ctx: Ctx, body: dict[str, Any]) -> ExportShown:
    """Have a paper of this desk made in the background; all who work here may fetch it."""
    return exports.ask(ctx, asked_paper(body), body["format"])


@door.get("/exports/<export_id>", shows=ExportSchema(), refuses=[NotFound])
def show_export(ctx: Ctx, export_id: str) -> ExportShown:
    """How far an export of this desk has come."""
    return exports.shown(ctx, export_id)


@door.get("/exports/<export_id>/file", flow=True, status=200, refuses=[NotFound, WrongState])
def fetch_export(product: Lintuan, actor: Actor, export_id: str) -> Response:
    """The file of an export of this desk."""
    return answer(papers.exported(product, actor, export_id))


@door.post("/paper-links", takes=DeskLinkSchema(), shows=LinkSchema(), status=201,
           refuses=[NotFound, PaperTooLong, WrongState])  # fmt: skip
def link_paper(ctx: Ctx, body: dict[str, Any]) -> dict[str, Any]:
    """An address that opens a paper of this desk once within minutes, at whatever computer the printer stands."""
    return address(links.make(ctx, asked_paper(body), body["export_id"]))
