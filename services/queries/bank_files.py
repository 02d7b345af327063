"""Bank files as operators read them: sums and results, never an account number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.actors import Role
from models import BankFile, BankFileLine, Merchant, Settlement
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries.pages import older, sliced


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


def _view(row: BankFile, lines: list[BankFileLineView]) -> BankFileView:
    return BankFileView(row.public_id, row.total_fen, row.made_by, row.created_at, row.answered_at, lines)
