"""Statements as payees and operators read them: the balance, the list, and every posting behind a sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from domain.actors import Role
from domain.ledger import Account
from domain.settlements import ACCOUNTS, PayeeKind
from models import (
    Campaign,
    JournalEntry,
    Leader,
    Merchant,
    Order,
    Payout,
    PickupPoint,
    Posting,
    Settlement,
    SettlementLine,
)
from services import payouts
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries import statement_words
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class Earnings:
    """What the acting payee has (fen): not yet payable, payable (may be below zero), on its way, and paid so far."""

    pending_fen: int
    payable_fen: int
    on_its_way_fen: int
    paid_fen: int


@dataclass(frozen=True)
class PayoutView:
    """How a statement's latest payout stands; `number` is the gateway's `out_bill_no`, `waiting` why it waits."""

    number: str
    state: str
    waiting: str
    fail_reason: str
    confirmable: bool
    asked_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class StatementView:
    """A statement in fen; `payee` names whose it is, `payout` None before the first transfer was asked for."""

    id: str
    kind: str
    payee: str
    payee_id: str
    state: str
    amount_fen: int
    since: datetime
    until: datetime
    drafted_by: str
    approved_by: str
    created_at: datetime
    payout: PayoutView | None


@dataclass(frozen=True)
class StatementLineView:
    """One posting: what happened when, to which order of which campaign, what it changed (fen) and why."""

    entry: str
    event: str
    at: datetime
    order: str | None
    campaign: str | None
    amount_fen: int
    reason: str


def earnings(ctx: Ctx) -> Earnings:
    """The acting leader's commission, or the fees of the points that the acting resident keeps."""
    ctx.require(Role.LEADER, Role.RESIDENT)
    kind = PayeeKind.LEADER if ctx.actor.role is Role.LEADER else PayeeKind.POINT
    if kind is PayeeKind.LEADER:
        owners = select(Leader.public_id).where(Leader.id == ctx.actor.id)
    else:
        owners = select(PickupPoint.public_id).where(PickupPoint.keeper_id == ctx.resident_id)
    mine = select(Posting.account, -func.sum(Posting.amount_fen)).where(
        Posting.owner.in_(owners), Posting.account.in_((Account.LEADER_PENDING, ACCOUNTS[kind]))
    )
    owed = {account: int(fen) for account, fen in ctx.session.execute(mine.group_by(Posting.account))}
    sums = (
        select(Payout.state, func.sum(Payout.amount_fen))
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .where(*payouts.own(ctx))
        .group_by(Payout.state)
    )
    sent = {state: int(fen) for state, fen in ctx.session.execute(sums)}
    return Earnings(
        pending_fen=owed.get(Account.LEADER_PENDING, 0),
        payable_fen=owed.get(ACCOUNTS[kind], 0),
        on_its_way_fen=sent.get("requested", 0) + sent.get("submitted", 0),
        paid_fen=sent.get("succeeded", 0),
    )


def own_statements(ctx: Ctx, page: Page) -> Slice[StatementView]:
    """The acting payee's statements, newest first."""
    return _statements(ctx, page, *payouts.own(ctx))


def all_statements(ctx: Ctx, page: Page, *, kind: str | None = None, state: str | None = None) -> Slice[StatementView]:
    """Everybody's statements, newest first; of one kind of payee or in one state when named."""
    ctx.require(Role.OPERATOR)
    wanted = [Settlement.payee_kind == kind] if kind else []
    return _statements(ctx, page, *wanted, *([Settlement.state == state] if state else []))


def statement(ctx: Ctx, settlement_id: str) -> StatementView:
    """One statement, the payee's own or, for an operator, anybody's; raises `NotFound`."""
    row = _find(ctx, settlement_id)
    return _views(ctx, [row])[0]


def lines(ctx: Ctx, settlement_id: str, page: Page) -> Slice[StatementLineView]:
    """Every posting behind a statement, oldest first; they sum to it. Raises `NotFound`."""
    row = _find(ctx, settlement_id)
    statement_ = (
        select(Posting, JournalEntry, Order.public_id, Campaign.public_id)
        .join(SettlementLine, SettlementLine.posting_id == Posting.id)
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .outerjoin(Order, Order.id == JournalEntry.order_id)
        .outerjoin(Campaign, Campaign.id == JournalEntry.campaign_id)
        .where(SettlementLine.settlement_id == row.id, Posting.id > (page.after[0] if page.after else 0))
        .order_by(Posting.id)
        .limit(page.limit + 1)
    )
    found = ctx.session.execute(statement_).all()
    why = statement_words.reasons(ctx, [(entry, row.payee, -posting.amount_fen) for posting, entry, _, _ in found])
    said = {posting.id: words for (posting, *_), words in zip(found, why, strict=True)}
    return sliced(found, page, lambda each: int(each[0].id), lambda each: _line(*each, said[each[0].id]))


def _line(posting: Posting, entry: JournalEntry, order: str | None, campaign: str | None, why: str
          ) -> StatementLineView:  # fmt: skip
    amount = -posting.amount_fen
    return StatementLineView(entry.public_id, entry.event, entry.posted_at, order, campaign, amount, why)


def _find(ctx: Ctx, settlement_id: str) -> Settlement:
    conditions = () if ctx.actor.role is Role.OPERATOR else payouts.own(ctx)
    return by_public_id(ctx, Settlement, settlement_id, *conditions)


def _statements(ctx: Ctx, page: Page, *conditions: Any) -> Slice[StatementView]:
    wanted = select(Settlement).where(older(Settlement.id, page), *conditions).order_by(Settlement.id.desc())
    rows = list(ctx.session.scalars(wanted.limit(page.limit + 1)))
    views = {view.id: view for view in _views(ctx, rows)}
    return sliced(rows, page, lambda row: row.id, lambda row: views[row.public_id])


def _views(ctx: Ctx, rows: list[Settlement]) -> list[StatementView]:
    """With names and latest payouts: five statements for any number of rows."""
    names = _names(ctx, {row.payee for row in rows})
    latest = _latest_payouts(ctx, [row.id for row in rows])
    return [
        StatementView(
            id=row.public_id, kind=row.payee_kind, payee=names.get(row.payee, ""), payee_id=row.payee, state=row.state,
            amount_fen=row.amount_fen, since=row.since, until=row.until, drafted_by=row.drafted_by,
            approved_by=row.approved_by, created_at=row.created_at, payout=latest.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _names(ctx: Ctx, owners: set[str]) -> dict[str, str]:
    sources = (
        select(Leader.public_id, Leader.display_name).where(Leader.public_id.in_(owners)),
        select(PickupPoint.public_id, PickupPoint.name).where(PickupPoint.public_id.in_(owners)),
        select(Merchant.public_id, Merchant.name).where(Merchant.public_id.in_(owners)),
    )
    return {owner: name for source in sources for owner, name in ctx.session.execute(source)}


def _latest_payouts(ctx: Ctx, settlements: list[int]) -> dict[int, PayoutView]:
    rows = ctx.session.scalars(
        select(Payout).where(Payout.settlement_id.in_(settlements)).order_by(Payout.id),
        execution_options={"populate_existing": True},
    )
    return {row.settlement_id: payout_view(row) for row in rows}


def payout_view(row: Payout) -> PayoutView:
    """A payout as its payee and operators see it."""
    return PayoutView(
        row.out_bill_no, row.state, row.waiting, row.fail_reason, bool(row.package_info), row.created_at,
        row.finished_at,
    )  # fmt: skip
