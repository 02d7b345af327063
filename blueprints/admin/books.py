"""The operator reads the books and proves the invariants."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown
from services import invariants
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import books
from services.queries.books import Balance, PaymentRow, RefundRow


class BookedPaymentSchema(Shown):
    """A payment; `id` is its out_trade_no, `notices` how often its success was told."""

    id = fields.String()
    order = fields.String()
    state = fields.String()
    counted = fields.Boolean()
    transaction_id = fields.String(allow_none=True)
    amount_fen = fields.Integer()
    received_fen = fields.Integer()
    settled_fen = fields.Integer()
    refund_decided_fen = fields.Integer()
    notices = fields.Integer()
    succeeded_at = fields.AwareDateTime(allow_none=True)


class BookedRefundSchema(Shown):
    """A refund; `id` is its out_refund_no, `channel` the gateway or how two people paid it."""

    id = fields.String()
    payment = fields.String()
    state = fields.String()
    amount_fen = fields.Integer()
    settled_fen = fields.Integer()
    reason = fields.String()
    waiting = fields.String()
    channel = fields.String()


class BalanceSchema(Shown):
    """One account of one owner, debit positive."""

    account = fields.String()
    owner = fields.String()
    amount_fen = fields.Integer()


class LedgerSchema(Shown):
    """All balances; `sum_fen` is zero."""

    balances = fields.List(fields.Nested(BalanceSchema()))
    sum_fen = fields.Integer()


class BreachSchema(Shown):
    """A rule that does not hold, with a row that shows it (ids and sums only)."""

    rule = fields.String()
    row = fields.String()


class ProofSchema(Shown):
    """How many rules were asked, and every breach."""

    rules = fields.Integer()
    breaches = fields.List(fields.Nested(BreachSchema()))


@dataclass(frozen=True)
class _Ledger:
    balances: list[Balance]
    sum_fen: int


@dataclass(frozen=True)
class _Proof:
    rules: int
    breaches: list[invariants.Breach]


@door.get("/payments", shows=BookedPaymentSchema(), paged=True)
def list_payments(ctx: Ctx, page: Page) -> Slice[PaymentRow]:
    """Every payment, oldest first."""
    return books.payments(ctx, page)


@door.get("/refunds", shows=BookedRefundSchema(), paged=True)
def list_refunds(ctx: Ctx, page: Page) -> Slice[RefundRow]:
    """Every refund, oldest first."""
    return books.refunds(ctx, page)


@door.get("/ledger", shows=LedgerSchema())
def show_ledger(ctx: Ctx) -> _Ledger:
    """The balance of every account."""
    rows = books.balances(ctx)
    return _Ledger(rows, sum(row.amount_fen for row in rows))


@door.get("/invariants", shows=ProofSchema())
def prove_invariants(ctx: Ctx) -> _Proof:
    """Ask every invariant of the domain; an empty list of breaches is the proof."""
    return _Proof(len(invariants.ALL), invariants.check(ctx))
