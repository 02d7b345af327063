"""The operator's word on a leader who helps to sell what must not go on."""

from __future__ import annotations

from collections.abc import Mapping

from blueprints.admin.door import door
from blueprints.shared.help_sell_shapes import EndHelpSchema, HelpSellSchema
from domain.errors import NotFound, WrongState
from services import help_selling
from services.context import Ctx
from services.queries import help_sells
from services.queries.help_sells import HelpSellView


@door.post("/help-sells/<help_sell_id>/end", takes=EndHelpSchema(), shows=HelpSellSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def end_help(ctx: Ctx, help_sell_id: str, body: Mapping[str, str]) -> HelpSellView:
    """Let somebody help no longer; orders placed before keep their helper."""
    return help_sells.one(ctx, help_selling.end(ctx, help_sell_id, body["reason"]).public_id)
