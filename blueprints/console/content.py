"""What people wrote or uploaded and the platform was not sure of: let others see it, or not."""

from __future__ import annotations

from typing import Any

from flask import Response

from blueprints.console.door import door
from blueprints.console.forms import ReasonForm, wanted
from domain.actors import Actor
from domain.operators import Duty
from domain.state_tables import CONTENT_CHECK
from services.assembly import Lintuan
from services.content_safety import deciding
from services.context import Ctx
from services.flows import content_safety
from services.paging import Page
from services.queries import content_checks as reads

LIST = "/console/content-checks?state=review"


@door.page("/content-checks", query=wanted(CONTENT_CHECK), paged=True)
def content_checks(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """What was kept back, newest first; those in review wait for somebody."""
    return {"part": reads.checks(ctx, page, query["state"] or None), "query": query, "states": CONTENT_CHECK.states}


@door.file("/content-checks/<public_id>/picture", duty=Duty.CAMPAIGNS)
def checked_picture(product: Lintuan, actor: Actor, public_id: str) -> Response:
    """The picture that a check is about."""
    content, content_type = content_safety.picture_for_operator(product, actor, public_id)
    return Response(content, 200, content_type=content_type)


@door.act("/content-checks/<public_id>/pass", duty=Duty.CAMPAIGNS)
def pass_content(ctx: Ctx, public_id: str) -> str:
    """Let others see it."""
    deciding.pass_by_hand(ctx, public_id)
    return LIST


@door.act("/content-checks/<public_id>/refuse", duty=Duty.CAMPAIGNS, takes=ReasonForm())
def refuse_content(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Let nobody see it."""
    deciding.refuse_by_hand(ctx, public_id, body["reason"])
    return LIST
