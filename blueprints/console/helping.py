"""Who helps to sell whose campaign, and goods that went astray at a desk without the network."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from blueprints.console.door import door
from blueprints.console.forms import ReasonForm, wanted
from blueprints.shared.schemas import Taken, Text
from domain.operators import Duty
from domain.state_tables import HELP_SELL
from services import help_selling
from services.context import Ctx
from services.paging import Page
from services.pickup import losses as cases
from services.queries import help_sells as help_lists
from services.queries import losses as loss_lists


class LossQuery(Taken):
    """Those that are still open, or all."""

    open_only = fields.String(validate=validate.OneOf(["", "1"]), load_default="")


class CloseForm(Taken):
    """What became of it."""

    remark = Text(200, required=True)


@door.page("/help-sells", query=wanted(HELP_SELL, campaign=40), paged=True)
def help_sells(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Everybody's help with another's campaign, newest first."""
    return {"part": help_lists.every(ctx, page, **query), "query": query, "states": HELP_SELL.states}


@door.act("/help-sells/<public_id>/end", duty=Duty.CAMPAIGNS, takes=ReasonForm())
def end_help(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Let somebody help no longer; orders placed before keep their helper."""
    help_selling.end(ctx, public_id, body["reason"])
    return "/console/help-sells"


@door.page("/losses", query=LossQuery(), paged=True)
def losses(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Goods that left a desk without the network and that no order had left, newest first."""
    return {"part": loss_lists.many(ctx, page, open_only=bool(query["open_only"])), "query": query}


@door.act("/losses/<public_id>/close", duty=Duty.CLAIMS, takes=CloseForm())
def close_loss(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Say what became of a case and close it."""
    cases.close(ctx, public_id, body["remark"])
    return "/console/losses?open_only=1"
