"""What asks for a paper and tells of one, for leaders and for desks alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from blueprints.shared.paper_files import KINDS
from blueprints.shared.product import lintuan
from blueprints.shared.schemas import Shown, Taken, public_id
from services.papers.exports import FORMATS
from services.papers.links import MadeLink
from services.papers.making import AskPaper


class DeskExportSchema(Taken):
    """Which paper of this desk, as what."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    format = fields.String(required=True, validate=validate.OneOf(FORMATS))


class AskExportSchema(DeskExportSchema):
    """Which paper of which campaign, as what; of one of its points, or of all."""

    campaign_id = public_id(required=True)
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


class DeskLinkSchema(Taken):
    """A paper of this desk by its kind, or an export that is ready."""

    kind = fields.String(load_default="", validate=validate.OneOf(["", *KINDS]))
    export_id = public_id(load_default="")

    @validates_schema
    def _one_of_them(self, data: Mapping[str, Any], **_: object) -> None:
        if bool(data["kind"]) == bool(data["export_id"]):
            raise ValidationError("Give a kind or an export.", "kind")


class AskLinkSchema(DeskLinkSchema):
    """A paper of a campaign by its kind, of one of its points or of all; or an export that is ready."""

    campaign_id = public_id(load_default="")
    point_id = public_id(load_default="")


class LinkSchema(Shown):
    """An address that opens the paper once, in any browser, before it is too late."""

    url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


def asked_paper(body: Mapping[str, Any]) -> AskPaper:
    """The paper that a body asks for."""
    return AskPaper(body["kind"], body.get("campaign_id", ""), body.get("point_id", ""))


def address(made: MadeLink) -> dict[str, Any]:
    """A link as `LinkSchema` shows it."""
    base = lintuan().settings.public_url.rstrip("/")
    return {"url": f"{base}/m/papers/{made.token}", "expires_at": made.expires_at}
