"""Operators draft and approve statements, and name who keeps a point."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from blueprints.admin.door import door
from blueprints.shared.schemas import At, Fen, Shown, Taken, public_id
from blueprints.shared.statement_shapes import StatementLineSchema, StatementSchema
from domain.errors import NotFound, SamePerson, WrongState
from domain.settlements import PayeeKind
from domain.state_tables import SETTLEMENT
from models import PickupPoint
from services import payees
from services.context import Ctx
from services.paging import Page, Slice
from services.payees import SetKeeper
from services.queries import settlements as reads
from services.queries.settlements import StatementLineView, StatementView
from services.settlements import approving, drafting

MOST_FEE_FEN = 10_000


class DraftSchema(Taken):
    """Up to when; now unless told."""

    until = At(load_default=None)


class DraftedSchema(Shown):
    """The statements drafted now."""

    statements = fields.List(fields.Nested(StatementSchema()), required=True)


class StatementQuerySchema(Taken):
    """One kind of payee, one state, or all."""

    kind = fields.String(validate=validate.OneOf([kind.value for kind in PayeeKind]), load_default=None)
    state = fields.String(validate=validate.OneOf(SETTLEMENT.states), load_default=None)


class SetKeeperSchema(Taken):
    """A resident (null for nobody) and the fee per order handed over."""

    makes = SetKeeper
    keeper = public_id(required=True, allow_none=True)
    fee_fen = Fen(most=MOST_FEE_FEN, required=True)


class KeptPointSchema(Shown):
    """A point and its keeper's fee."""

    id = fields.String(attribute="public_id", required=True)
    name = fields.String(required=True)
    has_keeper = fields.Function(lambda point: point.keeper_id is not None, metadata={"type": "boolean"})
    fee_fen = fields.Integer(required=True)


@door.post("/statements/draft", takes=DraftSchema(), shows=DraftedSchema(), status=201)
def draft_statements(ctx: Ctx, body: dict[str, datetime | None]) -> dict[str, list[StatementView]]:
    """Draft a statement for every payee to whom something is owed."""
    drafted = drafting.draft(ctx, body["until"] or ctx.now)
    return {"statements": [reads.statement(ctx, each.public_id) for each in drafted]}


@door.get("/statements", shows=StatementSchema(), query=StatementQuerySchema(), paged=True)
def list_statements(ctx: Ctx, query: dict[str, Any], page: Page) -> Slice[StatementView]:
    """Everybody's statements, newest first."""
    return reads.all_statements(ctx, page, **query)


@door.get("/statements/<statement_id>", shows=StatementSchema(), refuses=[NotFound])
def show_statement(ctx: Ctx, statement_id: str) -> StatementView:
    """One statement."""
    return reads.statement(ctx, statement_id)


@door.get("/statements/<statement_id>/lines", shows=StatementLineSchema(), paged=True, refuses=[NotFound])
def statement_lines(ctx: Ctx, statement_id: str, page: Page) -> Slice[StatementLineView]:
    """Every posting behind the sum, oldest first."""
    return reads.lines(ctx, statement_id, page)


@door.post("/statements/<statement_id>/approve", shows=StatementSchema(), refuses=[NotFound, WrongState, SamePerson])
def approve_statement(ctx: Ctx, statement_id: str) -> StatementView:
    """Approve what another operator, or the clock, has drafted."""
    approving.approve(ctx, statement_id)
    return reads.statement(ctx, statement_id)


@door.put("/points/<point_id>/keeper", takes=SetKeeperSchema(), shows=KeptPointSchema(), refuses=[NotFound])
def set_keeper(ctx: Ctx, point_id: str, body: SetKeeper) -> PickupPoint:
    """Name a point's keeper and fee; what the keeper before has earned is drafted as a statement of theirs."""
    return payees.set_keeper(ctx, point_id, body)
