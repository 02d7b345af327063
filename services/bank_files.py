"""Paying merchants by bank: approved statements go out in one file, and its results come back all or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from domain import bank_files as rules
from domain.actors import Role
from domain.bank_files import BankResult
from domain.errors import Invalid, WrongState
from domain.ids import new_id
from domain.posting_rules import Event
from domain.settlements import PayeeKind
from models import BankFile, BankFileLine, Merchant, Settlement
from services import audit, ledger
from services.context import Ctx
from services.finding import by_public_id
from services.payees import unsealed
from services.settlements.payees import hold, payable
from services.transitions import lock, move
from services.writing import changed

PAYABLE = ("approved", "failed")
NO_ACCOUNT, LOW_BALANCE = "no_bank_account", "balance_too_low"


@dataclass(frozen=True)
class LeftOut:
    """A statement that cannot be paid now, and why: no_bank_account or balance_too_low."""

    settlement: str
    merchant: str
    reason: str


@dataclass(frozen=True)
class Export:
    """The file that was made, None when nothing could be paid, and what was left out of it."""

    file: str | None
    left_out: list[LeftOut]


def export(ctx: Ctx, wanted: Sequence[str] | None = None) -> Export:
    """Put merchants' approved (or failed) statements into one bank file and book them as on their way.

    All of them, or those `wanted`. Raises `NotFound`, and `WrongState` for a wanted one that is not to be paid.
    """
    ctx.require(Role.OPERATOR)
    paid: list[tuple[Settlement, str]] = []
    left_out = []
    for settlement in _chosen(ctx, wanted):
        hold(ctx, PayeeKind.MERCHANT, settlement.payee)
        lock(ctx, settlement)
        if settlement.state not in PAYABLE:
            if wanted is None:  # a rival was first
                continue
            raise WrongState(state=settlement.state, event="export")
        merchant = ctx.session.scalars(select(Merchant).where(Merchant.public_id == settlement.payee)).one()
        taken = sum(other.amount_fen for other, _ in paid if other.payee == settlement.payee)
        if merchant.bank_enc is None:
            left_out.append(LeftOut(settlement.public_id, merchant.name, NO_ACCOUNT))
        elif payable(ctx, PayeeKind.MERCHANT, settlement.payee) - taken < settlement.amount_fen:
            left_out.append(LeftOut(settlement.public_id, merchant.name, LOW_BALANCE))
        else:
            move(ctx, settlement, "retry" if settlement.state == "failed" else "pay_out")
            paid.append((settlement, merchant.bank_enc))
    return Export(_write_down(ctx, paid) if paid else None, left_out)


def _chosen(ctx: Ctx, wanted: Sequence[str] | None) -> list[Settlement]:
    """In the order in which everybody holds payees."""
    if wanted is None:
        due = select(Settlement).where(Settlement.payee_kind == PayeeKind.MERCHANT, Settlement.state.in_(PAYABLE))
        return list(ctx.session.scalars(due.order_by(Settlement.payee, Settlement.id)))
    merchants = Settlement.payee_kind == PayeeKind.MERCHANT
    found = [by_public_id(ctx, Settlement, number, merchants) for number in dict.fromkeys(wanted)]
    return sorted(found, key=lambda settlement: (settlement.payee, settlement.id))


def _write_down(ctx: Ctx, paid: Sequence[tuple[Settlement, str]]) -> str:
    file = BankFile(
        public_id=new_id("BankFile", ctx.now), made_by=ctx.actor.label, created_at=ctx.now,
        total_fen=sum(settlement.amount_fen for settlement, _ in paid),
    )  # fmt: skip
    ctx.session.add(file)
    ctx.session.flush()
    for settlement, sealed in paid:
        line = BankFileLine(
            bank_file_id=file.id, settlement_id=settlement.id, amount_fen=settlement.amount_fen, bank_enc=sealed
        )
        ctx.session.add(line)
        ctx.session.flush()
        owners = {"payee": settlement.payee}
        amounts = {"amount": settlement.amount_fen}
        ledger.post(ctx, Event.MERCHANT_PAID, f"bank_file_line:{line.id}", amounts, owners=owners)
    audit.record(ctx, "bank_file", file.id, "export")
    return file.public_id


def rows(ctx: Ctx, file_id: str) -> list[list[str | int]]:
    """The file's table, heading first, the same each time; that somebody read it is recorded. Raises `NotFound`."""
    ctx.require(Role.OPERATOR)
    file = by_public_id(ctx, BankFile, file_id)
    statement = (
        select(Settlement.public_id, Merchant.name, BankFileLine.bank_enc, BankFileLine.amount_fen)
        .join(Settlement, Settlement.id == BankFileLine.settlement_id)
        .join(Merchant, Merchant.public_id == Settlement.payee)
        .where(BankFileLine.bank_file_id == file.id)
        .order_by(BankFileLine.id)
    )
    table: list[list[str | int]] = [list(rules.COLUMNS)]
    for number, merchant, sealed, amount in ctx.session.execute(statement):
        table.append(rules.row(number, merchant, unsealed(ctx, sealed), amount))
    audit.record(ctx, "bank_file", file.id, "download")
    return table


def import_result(ctx: Ctx, file_id: str, table: Sequence[Sequence[Any]]) -> BankFile:
    """Book what the bank said of every statement of the file; the same answer again changes nothing.

    Raises `NotFound`; `Invalid` with what is wrong row by row, nothing booked; `WrongState` for another answer than
    the one that was booked.
    """
    ctx.require(Role.OPERATOR)
    file = by_public_id(ctx, BankFile, file_id)
    ctx.session.execute(select(BankFile.id).where(BankFile.id == file.id).with_for_update())
    ctx.session.refresh(file)
    lines = {settlement.public_id: (line, settlement) for line, settlement in _lines(ctx, file)}
    results, wrong = rules.read_back(table, {number: line.amount_fen for number, (line, _) in lines.items()})
    if wrong:
        raise Invalid("The result does not fit the file.", errors=wrong)
    if file.answered_at is not None:
        if any(line.result != results[number].result for number, (line, _) in lines.items()):
            raise WrongState(state="answered", event="import")
        return file
    for number, (line, settlement) in lines.items():
        _book(ctx, line, settlement, results[number])
    changed(ctx.session, update(BankFile).where(BankFile.id == file.id).values(answered_at=ctx.now))
    ctx.session.refresh(file)
    audit.record(ctx, "bank_file", file.id, "import")
    return file


def _lines(ctx: Ctx, file: BankFile) -> Sequence[Any]:
    statement = select(BankFileLine, Settlement).join(Settlement, Settlement.id == BankFileLine.settlement_id)
    mine = statement.where(BankFileLine.bank_file_id == file.id).order_by(BankFileLine.id)
    return ctx.session.execute(mine, execution_options={"populate_existing": True}).all()


def _book(ctx: Ctx, line: BankFileLine, settlement: Settlement, result: BankResult) -> None:
    said = {"result": result.result, "reason": result.reason}
    changed(ctx.session, update(BankFileLine).where(BankFileLine.id == line.id).values(**said))
    paid = result.result == "paid"
    event = Event.MERCHANT_CONFIRMED if paid else Event.MERCHANT_RETURNED
    owners = {"payee": settlement.payee}
    ledger.post(ctx, event, f"bank_file_line:{line.id}", {"amount": line.amount_fen}, owners=owners)
    move(ctx, settlement, "confirm" if paid else "fail", reason=result.reason)
