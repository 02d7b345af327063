"""A leader's commission: the balance, the statements with every line explained, withdrawing; and suppliers' banks."""

from __future__ import annotations

from marshmallow import fields

from blueprints.leader.door import door
from blueprints.shared.schemas import Shown, Taken, Text, public_id
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
from services.payees import MaskedAccount, SetBankAccount
from services.queries import settlements as reads
from services.queries.commissions import CommissionLine, commissions
from services.queries.settlements import Earnings, StatementLineView, StatementView


class SetBankAccountSchema(Taken):
    """Where a supplier is paid; the account's digits may be grouped by spaces."""

    makes = SetBankAccount
    bank = Text(60, required=True)
    account = Text(48, required=True)
    holder = Text(60, required=True)


class BankAccountSchema(Shown):
    """Where a supplier is paid, masked."""

    bank = fields.String(required=True)
    account = fields.String(required=True)
    holder = fields.String(required=True)


class CommissionLineSchema(Shown):
    """One line's commission, as the books owe it to me; `why` tells how it was reckoned and each entry about it."""

    order_id = fields.String(required=True)
    number = fields.Integer(required=True, allow_none=True)
    item = fields.String(required=True)
    net_fen = fields.Integer(required=True)
    rate_bps = fields.Integer(required=True)
    commission_fen = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"description": "pending, released or none"})
    why = fields.String(required=True)


class CommissionsQuery(Taken):
    """One own campaign, or everything."""

    campaign_id = public_id(load_default=None)


@door.get("/earnings", shows=EarningsSchema())
def earnings(ctx: Ctx) -> Earnings:
    """My commission: pending, payable, on its way, paid."""
    return reads.earnings(ctx)


@door.get("/commissions", shows=CommissionLineSchema(), paged=True, query=CommissionsQuery(), refuses=[NotFound])
def commission_lines(ctx: Ctx, page: Page, query: dict[str, str | None]) -> Slice[CommissionLine]:
    """My commission line by line, newest first, each with its reason."""
    return commissions(ctx, page, query["campaign_id"])


@door.get("/statements", shows=StatementSchema(), paged=True)
def statements(ctx: Ctx, page: Page) -> Slice[StatementView]:
    """My statements, newest first."""
    return reads.own_statements(ctx, page)


@door.get("/statements/<statement_id>", shows=StatementSchema(), refuses=[NotFound])
def statement(ctx: Ctx, statement_id: str) -> StatementView:
    """One of them."""
    return reads.statement(ctx, statement_id)


@door.get("/statements/<statement_id>/lines", shows=StatementLineSchema(), paged=True, refuses=[NotFound])
def statement_lines(ctx: Ctx, statement_id: str, page: Page) -> Slice[StatementLineView]:
    """Every posting behind the sum, oldest first, each with its reason; they add up to it."""
    return reads.lines(ctx, statement_id, page)


@door.post(
    "/statements/<statement_id>/withdrawal",
    shows=WithdrawalSchema(),
    status=201,
    flow=True,
    idempotent=True,
    refuses=[NotFound, WrongState, BalanceTooLow, PayoutTooSmall, RealNameMissing],
)
def withdraw(product: Lintuan, actor: Actor, statement_id: str) -> Withdrawal:
    """Have an approved statement paid to my WeChat, or go on with it; I confirm it there within a day."""
    return payouts.withdraw(product.unit, product.outside, actor, statement_id)


@door.post("/statements/<statement_id>/withdrawal/cancel", shows=StatementSchema(), flow=True,
           refuses=[NotFound, WrongState])  # fmt: skip
def cancel_withdrawal(product: Lintuan, actor: Actor, statement_id: str) -> StatementView:
    """Take a withdrawal back that I have not confirmed; it is owed to me again once the gateway says so."""
    return payouts.cancel(product.unit, product.outside, actor, statement_id)


@door.put("/merchants/<merchant_id>/bank-account", takes=SetBankAccountSchema(), shows=BankAccountSchema(),
          refuses=[NotFound])  # fmt: skip
def set_bank_account(ctx: Ctx, merchant_id: str, body: SetBankAccount) -> MaskedAccount:
    """Say where one of my suppliers is paid; kept sealed, shown masked."""
    return payees.set_bank_account(ctx, merchant_id, body)


@door.get("/merchants/<merchant_id>/bank-account", shows=BankAccountSchema(), refuses=[NotFound])
def bank_account(ctx: Ctx, merchant_id: str) -> MaskedAccount:
    """Where one of my suppliers is paid, masked."""
    return payees.bank_account_shown(ctx, merchant_id)
