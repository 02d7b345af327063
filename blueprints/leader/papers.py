"""What a leader prints or keeps: papers at once, long ones as exports in the background."""

from __future__ import annotations

from typing import Any

from flask import Response

from blueprints.leader.door import door
from blueprints.shared.paper_files import PaperQuerySchema, answer
from blueprints.shared.paper_shapes import (
    AskExportSchema,
    AskLinkSchema,
    ExportSchema,
    LinkSchema,
    address,
    asked_paper,
)
from domain.actors import Actor
from domain.errors import NotFound, PaperTooLong, WrongState
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import papers
from services.papers import exports, links
from services.papers.exports import ExportShown
from services.papers.making import AskPaper


@door.get("/campaigns/<campaign_id>/papers/<kind>.<format_>", flow=True, status=200, query=PaperQuerySchema(),
          refuses=[NotFound, PaperTooLong])  # fmt: skip
def campaign_paper(
    product: Lintuan, actor: Actor, campaign_id: str, kind: str, format_: str, query: dict[str, str]
) -> Response:
    """A paper of an own campaign: pick-list, points, slips, labels or roster, as html to be printed or as xlsx."""
    asked = AskPaper(kind, campaign_id, query["point_id"])
    return answer(papers.at_once(product, actor, asked, format_))


@door.post("/exports", takes=AskExportSchema(), shows=ExportSchema(), status=201, refuses=[NotFound])
def ask_export(ctx: Ctx, body: dict[str, Any]) -> ExportShown:
    """Have a paper made in the background; the same one that is on its way is shown instead of a second."""
    return exports.ask(ctx, asked_paper(body), body["format"])


@door.get("/exports/<export_id>", shows=ExportSchema(), refuses=[NotFound])
def show_export(ctx: Ctx, export_id: str) -> ExportShown:
    """How far an own export has come."""
    return exports.shown(ctx, export_id)


@door.get("/exports/<export_id>/file", flow=True, status=200, refuses=[NotFound, WrongState])
def fetch_export(product: Lintuan, actor: Actor, export_id: str) -> Response:
    """The file of an own export."""
    return answer(papers.exported(product, actor, export_id))


@door.post("/paper-links", takes=AskLinkSchema(), shows=LinkSchema(), status=201,
           refuses=[NotFound, PaperTooLong, WrongState])  # fmt: skip
def link_paper(ctx: Ctx, body: dict[str, Any]) -> dict[str, Any]:
    """An address that opens a paper once within minutes, at whatever computer the printer stands."""
    return address(links.make(ctx, asked_paper(body), body["export_id"]))
