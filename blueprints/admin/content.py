"""What the platform was not sure of, in the operator's hands: let others see it, or not."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown, Taken, Text
from domain.actors import Actor
from domain.content import Subject
from domain.errors import NotFound, WrongState
from domain.state_tables import CONTENT_CHECK
from services.assembly import Lintuan
from services.content_safety import deciding
from services.context import Ctx
from services.flows import content_safety
from services.paging import Page, Slice
from services.queries import content_checks as reads
from services.queries.content_checks import CheckShown


class CheckSchema(Shown):
    """One text or picture; the words are there only while they wait."""

    id = fields.String(required=True)
    subject = fields.String(required=True, metadata={"description": ", ".join(Subject)})
    state = fields.String(required=True)
    author = fields.String(required=True, metadata={"description": "the resident's id"})
    words = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    picture = fields.Boolean(required=True, metadata={"description": "whether there is a picture to look at"})
    label = fields.Integer(required=True, metadata={"description": "what the platform found; 100 is nothing"})
    trouble = fields.String(required=True)
    attempts = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)


class CheckQuerySchema(Taken):
    """Checks in one state, or all."""

    state = fields.String(validate=validate.OneOf(CONTENT_CHECK.states))


class RefusalSchema(Taken):
    """Why nobody may see it."""

    reason = Text(255, required=True)


@door.get("/content-checks", shows=CheckSchema(), query=CheckQuerySchema(), paged=True)
def list_content_checks(ctx: Ctx, query: dict[str, Any], page: Page) -> Slice[CheckShown]:
    """What was kept back, newest first; those in review wait for somebody."""
    return reads.checks(ctx, page, query.get("state"))


@door.get("/content-checks/<check_id>/picture", flow=True, status=200, refuses=[NotFound])
def see_checked_picture(product: Lintuan, actor: Actor, check_id: str) -> Response:
    """The picture that a check is about."""
    content, content_type = content_safety.picture_for_operator(product, actor, check_id)
    return Response(content, 200, {"Cache-Control": "no-store"}, content_type=content_type)


@door.post("/content-checks/<check_id>/pass", shows=CheckSchema(), refuses=[NotFound, WrongState])
def pass_content(ctx: Ctx, check_id: str) -> CheckShown:
    """Let others see it."""
    deciding.pass_by_hand(ctx, check_id)
    return reads.check(ctx, check_id)


@door.post("/content-checks/<check_id>/refuse", takes=RefusalSchema(), shows=CheckSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def refuse_content(ctx: Ctx, check_id: str, body: dict[str, str]) -> CheckShown:
    """Let nobody see it; its author is told kindly, without the reason."""
    deciding.refuse_by_hand(ctx, check_id, body["reason"])
    return reads.check(ctx, check_id)
