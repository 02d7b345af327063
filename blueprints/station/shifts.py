"""One's own drawer at the desk: open, close with a count, look at."""

from __future__ import annotations

from typing import Any

from blueprints.shared.cash_shapes import CountedSchema, ShiftQuery, ShiftSchema, ShiftStatementSchema, close_command
from blueprints.station.door import door
from domain.errors import NotFound, WrongState
from services.context import Ctx
from services.desk_money import shifts
from services.paging import Page, Slice
from services.queries import shifts as reading
from services.queries.shifts import ShiftShown, ShiftStatement


@door.post("/shifts", shows=ShiftSchema(), status=201)
def open_shift(ctx: Ctx) -> ShiftShown:
    """Open your drawer here, or find it open."""
    return reading.one(ctx, shifts.begin(ctx).public_id)


@door.get("/shifts", shows=ShiftSchema(), paged=True, query=ShiftQuery())
def my_shifts(ctx: Ctx, page: Page, query: dict[str, str]) -> Slice[ShiftShown]:
    """Your own drawers, newest first."""
    return reading.listed(ctx, page, **query)


@door.get("/shifts/<shift_id>", shows=ShiftStatementSchema(), refuses=[NotFound])
def shift_statement(ctx: Ctx, shift_id: str) -> ShiftStatement:
    """One of your drawers with every payment in it."""
    return reading.statement(ctx, shift_id)


@door.post("/shifts/<shift_id>/close", takes=CountedSchema(), shows=ShiftSchema(), refuses=[NotFound, WrongState])
def close_shift(ctx: Ctx, shift_id: str, body: dict[str, Any]) -> ShiftShown:
    """Close your drawer with what you counted; a difference needs a reason."""
    return reading.one(ctx, shifts.close(ctx, close_command(shift_id, body)).public_id)
