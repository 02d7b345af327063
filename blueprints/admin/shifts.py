"""Drawers of every point, and the cash that an operator receives."""

from __future__ import annotations

from blueprints.admin.door import door
from blueprints.shared.cash_shapes import ShiftQuery, ShiftSchema, ShiftStatementSchema
from domain.errors import NotFound, WrongState
from services.context import Ctx
from services.desk_money import shifts
from services.paging import Page, Slice
from services.queries import shifts as reading
from services.queries.shifts import ShiftShown, ShiftStatement


@door.get("/shifts", shows=ShiftSchema(), paged=True, query=ShiftQuery())
def list_shifts(ctx: Ctx, page: Page, query: dict[str, str]) -> Slice[ShiftShown]:
    """All drawers, newest first; of one point or in one state when asked."""
    return reading.listed(ctx, page, **query)


@door.get("/shifts/<shift_id>", shows=ShiftStatementSchema(), refuses=[NotFound])
def shift_statement(ctx: Ctx, shift_id: str) -> ShiftStatement:
    """A drawer with every payment in it."""
    return reading.statement(ctx, shift_id)


@door.post("/shifts/<shift_id>/receive", shows=ShiftSchema(), refuses=[NotFound, WrongState])
def receive_shift(ctx: Ctx, shift_id: str) -> ShiftShown:
    """Confirm that the cash of a closed drawer has been received."""
    return reading.one(ctx, shifts.receive(ctx, shift_id).public_id)
