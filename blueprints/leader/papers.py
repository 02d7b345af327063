"""What a leader prints or keeps: papers at once, long ones as exports in the background."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from blueprints.leader.door import door
from blueprints.shared.paper_files import KINDS, PaperQuerySchema, answer
from blueprints.shared.schemas import Shown, Taken, public_id
from domain.actors import Actor
from domain.errors import NotFound, PaperTooLong, WrongState
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import papers
from services.papers import exports
from services.papers.exports import FORMATS, ExportShown
from services.papers.making import AskPaper


class AskExportSchema(Taken):
    """Which paper of which campaign, as what; of one of its points, or of all."""

    campaign_id = public_id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    format = fields.String(required=True, validate=validate.OneOf(FORMATS))
    point_id = public_id(load_default="")


class ExportSchema(Shown):
    """A paper on its way; its file is there when `state` is ready, for some days."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    format = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "waiting, making, ready or failed"})
    progress = fields.Integer(required=True, metadata={"description": "percent"})
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


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
    return exports.ask(ctx, AskPaper(body["kind"], body["campaign_id"], body["point_id"]), body["format"])


@door.get("/exports/<export_id>", shows=ExportSchema(), refuses=[NotFound])
def show_export(ctx: Ctx, export_id: str) -> ExportShown:
    """How far an own export has come."""
    return exports.shown(ctx, export_id)


@door.get("/exports/<export_id>/file", flow=True, status=200, refuses=[NotFound, WrongState])
def fetch_export(product: Lintuan, actor: Actor, export_id: str) -> Response:
    """The file of an own export."""
    return answer(papers.exported(product, actor, export_id))
