"""Loss cases of every campaign: goods that a desk handed out without the network and that no order had left."""

from __future__ import annotations

from blueprints.admin.door import door
from blueprints.shared.loss_shapes import CloseLossSchema, LossesQuery, LossSchema
from domain.errors import NotFound, WrongState
from services.context import Ctx
from services.paging import Page, Slice
from services.pickup import losses
from services.queries import losses as reading
from services.queries.losses import LossShown


@door.get("/losses", shows=LossSchema(), paged=True, query=LossesQuery())
def list_losses(ctx: Ctx, page: Page, query: dict[str, bool]) -> Slice[LossShown]:
    """Cases of every campaign, newest first."""
    return reading.many(ctx, page, **query)


@door.post("/losses/<case_id>/close", takes=CloseLossSchema(), shows=LossSchema(), refuses=[NotFound, WrongState])
def close_loss(ctx: Ctx, case_id: str, body: dict[str, str]) -> LossShown:
    """Say what became of a case and close it."""
    losses.close(ctx, case_id, body["remark"])
    return reading.one(ctx, case_id)
