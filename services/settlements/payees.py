"""The payees of statements: their rows, who is paid for them, and what they are owed at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from domain.ledger import Account
from domain.settlements import ACCOUNTS, PayeeKind
from models import Leader, Merchant, PickupPoint, Posting
from services.context import Ctx

TABLES: dict[PayeeKind, Any] = {
    PayeeKind.LEADER: Leader,
    PayeeKind.POINT: PickupPoint,
    PayeeKind.MERCHANT: Merchant,
}


@dataclass(frozen=True)
class Payee:
    """Whose postings: `owner` is the public id they carry, `resident_id` who is paid by transfer (None: by bank)."""

    kind: PayeeKind
    owner: str
    resident_id: int | None = None


def hold(ctx: Ctx, kind: PayeeKind, owner: str, *, wait: bool = True) -> Payee | None:
    """Keep rivals from drafting for or paying this payee until the transaction ends.

    None when there is no such payee, or, without `wait`, when a rival holds it. The row stays usable as a reference.
    """
    table = TABLES[kind]
    person = {PayeeKind.LEADER: Leader.resident_id, PayeeKind.POINT: PickupPoint.keeper_id}.get(kind)
    mine = select(table.id, table.id if person is None else person).where(table.public_id == owner)
    ctx.session.flush()
    row = ctx.session.execute(mine.with_for_update(key_share=True, skip_locked=not wait)).one_or_none()
    if row is None:
        return None
    return Payee(kind, owner, None if person is None else row[1])


def balance(ctx: Ctx, account: Account, owner: str) -> int:
    """What an owner is owed on an account (fen); below zero when returns outweigh earnings."""
    ctx.session.flush()
    owed = select(func.coalesce(-func.sum(Posting.amount_fen), 0))
    return int(ctx.session.scalars(owed.where(Posting.account == account, Posting.owner == owner)).one())


def payable(ctx: Ctx, kind: PayeeKind, owner: str) -> int:
    """What this payee could be paid now (fen)."""
    return balance(ctx, ACCOUNTS[kind], owner)
