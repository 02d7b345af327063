"""Bank files as operators read them: sums and results, never an account number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.actors import Role
from domain.settlements import PayeeKind
from models import BankFile, BankFileLine, Merchant, Settlement
from services.bank_files import LOW_BALANCE, NO_ACCOUNT, PAYABLE
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries import console_history
from services.queries.console_history import Done
from services.queries.pages import older, sliced
from services.settlements.payees import payable


@dataclass(frozen=True)
class BankFileLineView:
    """One statement of a bank file; `result` is "" until the bank's answer was imported, then paid or returned."""

    statement: str
    merchant: str
    amount_fen: int
    result: str
    reason: str


@dataclass(frozen=True)
class BankFileView:
    """A bank file; its lines only when one file is looked at."""

    id: str
    total_fen: int
    made_by: str
    created_at: datetime
    answered_at: datetime | None
    lines: list[BankFileLineView]


@dataclass(frozen=True)
class Waiting:
    """A merchant's statement that a bank file may pay; `trouble` is why it would be left out now, else ""."""

    statement: str
    merchant: str
    state: str
    amount_fen: int
    trouble: str


def waiting(ctx: Ctx) -> list[Waiting]:
    """Merchants' statements that are to be paid, in the order of a file: a statement, and one for each merchant."""
    ctx.require(Role.OPERATOR)
    due = (
        select(Settlement, Merchant)
        .join(Merchant, Merchant.public_id == Settlement.payee)
        .where(Settlement.payee_kind == PayeeKind.MERCHANT, Settlement.state.in_(PAYABLE))
        .order_by(Settlement.payee, Settlement.id)
    )
    left: dict[str, int] = {}
    found = []
    for row, merchant in ctx.session.execute(due):
        if row.payee not in left:
            left[row.payee] = payable(ctx, PayeeKind.MERCHANT, row.payee)
        trouble = NO_ACCOUNT if merchant.bank_enc is None else ""
        if not trouble and left[row.payee] < row.amount_fen:
            trouble = LOW_BALANCE
        left[row.payee] -= 0 if trouble else row.amount_fen
        found.append(Waiting(row.public_id, merchant.name, row.state, row.amount_fen, trouble))
    return found


def bank_files(ctx: Ctx, page: Page) -> Slice[BankFileView]:
    """All bank files, newest first: one statement."""
    ctx.require(Role.OPERATOR)
    statement = select(BankFile).where(older(BankFile.id, page)).order_by(BankFile.id.desc()).limit(page.limit + 1)
    return sliced(ctx.session.scalars(statement).all(), page, lambda row: row.id, lambda row: _view(row, []))


def bank_file(ctx: Ctx, file_id: str) -> BankFileView:
    """One bank file with what the bank said of each statement; raises `NotFound`."""
    ctx.require(Role.OPERATOR)
    row = by_public_id(ctx, BankFile, file_id)
    statement = (
        select(Settlement.public_id, Merchant.name, BankFileLine.amount_fen, BankFileLine.result, BankFileLine.reason)
        .join(Settlement, Settlement.id == BankFileLine.settlement_id)
        .join(Merchant, Merchant.public_id == Settlement.payee)
        .where(BankFileLine.bank_file_id == row.id)
        .order_by(BankFileLine.id)
    )
    return _view(row, [BankFileLineView(*line) for line in ctx.session.execute(statement)])


def history(ctx: Ctx, file_id: str) -> list[Done]:
    """Who made, took and answered a bank file; raises `NotFound`."""
    return console_history.of(ctx, "bank_file", [by_public_id(ctx, BankFile, file_id).id])


def _view(row: BankFile, lines: list[BankFileLineView]) -> BankFileView:
    return BankFileView(row.public_id, row.total_fen, row.made_by, row.created_at, row.answered_at, lines)
