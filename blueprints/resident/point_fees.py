"""The fees of the points that a resident keeps, withdrawing them, and the real name that larger payouts carry."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.schemas import Shown, Taken, Text
from blueprints.shared.statement_shapes import (
    EarningsSchema,
    StatementLineSchema,
    StatementSchema,
    WithdrawalSchema,
)
from domain.actors import Actor
from domain.errors import BalanceTooLow, NotFound, PayoutTooSmall, RealNameMissing, WrongState
from services import payees
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import payouts
from services.flows.payouts import Withdrawal
from services.paging import Page, Slice
from services.queries import settlements as reads
from services.queries.settlements import Earnings, StatementLineView, StatementView


class RealNameSchema(Taken):
    """My name as WeChat Pay knows it."""

    name = Text(30, least=2, required=True)


class MaskedNameSchema(Shown):
    """My real name, masked; empty when none was entered."""

    name = fields.String(required=True)


@door.get("/point-earnings", shows=EarningsSchema())
def point_earnings(ctx: Ctx) -> Earnings:
    """My fees as a keeper of pickup points: payable, on their way, paid."""
    return reads.earnings(ctx)


@door.get("/point-statements", shows=StatementSchema(), paged=True)
def point_statements(ctx: Ctx, page: Page) -> Slice[StatementView]:
    """Statements of my fees, newest first."""
    return reads.own_statements(ctx, page)


@door.get("/point-statements/<statement_id>", shows=StatementSchema(), refuses=[NotFound])
def point_statement(ctx: Ctx, statement_id: str) -> StatementView:
    """One of them."""
    return reads.statement(ctx, statement_id)


@door.get("/point-statements/<statement_id>/lines", shows=StatementLineSchema(), paged=True, refuses=[NotFound])
def point_statement_lines(ctx: Ctx, statement_id: str, page: Page) -> Slice[StatementLineView]:
    """Every posting behind the sum, oldest first, each with its reason; they add up to it."""
    return reads.lines(ctx, statement_id, page)


@door.post(
    "/point-statements/<statement_id>/withdrawal",
    shows=WithdrawalSchema(),
    status=201,
    flow=True,
    idempotent=True,
    refuses=[NotFound, WrongState, BalanceTooLow, PayoutTooSmall, RealNameMissing],
)
def point_withdraw(product: Lintuan, actor: Actor, statement_id: str) -> Withdrawal:
    """Have an approved statement paid to my WeChat, or go on with it; I confirm it there within a day."""
    return payouts.withdraw(product.unit, product.outside, actor, statement_id)


@door.post("/point-statements/<statement_id>/withdrawal/cancel", shows=StatementSchema(), flow=True,
           refuses=[NotFound, WrongState])  # fmt: skip
def point_cancel_withdrawal(product: Lintuan, actor: Actor, statement_id: str) -> StatementView:
    """Take a withdrawal back that I have not confirmed; it is owed to me again once the gateway says so."""
    return payouts.cancel(product.unit, product.outside, actor, statement_id)


@door.put("/me/real-name", takes=RealNameSchema(), shows=MaskedNameSchema(), refuses=[WrongState])
def set_real_name(ctx: Ctx, body: Mapping[str, str]) -> dict[str, str]:
    """Enter my real name; kept sealed, sent only with payouts that must carry it."""
    return {"name": payees.set_real_name(ctx, body["name"])}


@door.get("/me/real-name", shows=MaskedNameSchema())
def real_name(ctx: Ctx) -> dict[str, str]:
    """My real name, masked."""
    return {"name": payees.real_name_shown(ctx)}
