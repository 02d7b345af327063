"""The only way a state moves: compare-and-set on the row, checked against its table, with one audit record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from domain import state_tables as tables
from domain.errors import Forbidden, WrongState
from domain.lifecycle import Machine
from models import (
    BillCase,
    Campaign,
    Claim,
    ContentCheck,
    Delivery,
    Export,
    HelpSell,
    Leader,
    Offer,
    Order,
    OutboxMessage,
    Payment,
    Payout,
    PickupCode,
    PickupPass,
    PickupStaff,
    Proposal,
    Refund,
    Settlement,
    Shift,
    ShippingUpload,
    SuspenseCase,
)
from models.base import Stated
from services import audit
from services.context import Ctx
from services.writing import changed

MACHINES: dict[type[Stated], Machine] = {
    Campaign: tables.CAMPAIGN, Offer: tables.OFFER, Order: tables.ORDER, Payment: tables.PAYMENT,
    Refund: tables.REFUND, PickupCode: tables.PICKUP_CODE, Delivery: tables.DELIVERY,
    OutboxMessage: tables.OUTBOX, Leader: tables.LEADER, PickupStaff: tables.STAFF, SuspenseCase: tables.SUSPENSE,
    Claim: tables.CLAIM, Settlement: tables.SETTLEMENT, Payout: tables.PAYOUT, Proposal: tables.PROPOSAL,
    Shift: tables.SHIFT, BillCase: tables.BILL_CASE, HelpSell: tables.HELP_SELL, ShippingUpload: tables.SHIPPING,
    Export: tables.EXPORT, ContentCheck: tables.CONTENT_CHECK,
    PickupPass: tables.PICKUP_PASS,
}  # fmt: skip


def try_move(ctx: Ctx, row: Stated, event: str, *, reason: str = "", where: Any = None, **values: Any) -> bool:
    """Move `row` by `event` and set `values` with it, if it still stands where `event` may begin.

    `where` is a further condition of the UPDATE. Returns False, changing nothing, when another was first.
    Raises `Forbidden` when the table does not let the actor's role do this. The row in memory is refreshed.
    """
    table = type(row)
    machine = MACHINES[table]
    rule = machine.moves[event]
    if ctx.actor.role not in rule.by:
        raise Forbidden
    before = row.state
    sources = (before,) if before in rule.sources else rule.sources
    statement = update(table).where(table.id == row.id, table.state.in_(sources)).values(state=rule.target, **values)
    if where is not None:
        statement = statement.where(where)
    moved = changed(ctx.session, statement) == 1
    ctx.session.refresh(row)
    if moved and machine.name != "outbox_message":
        audit.record(ctx, machine.name, row.id, event, states=(before, rule.target), reason=reason)
    return moved


def move(ctx: Ctx, row: Stated, event: str, *, reason: str = "", where: Any = None, **values: Any) -> None:
    """As `try_move`, but raises `WrongState` when the row has moved on."""
    if not try_move(ctx, row, event, reason=reason, where=where, **values):
        raise WrongState(state=row.state, event=event)


def move_all(ctx: Ctx, table: type[Stated], event: str, *where: Any, reason: str = "", **values: Any) -> list[int]:
    """Move every row of `table` that meets `where` and stands where `event` may begin; returns the ids that moved.

    One UPDATE per source state. Rows already in memory keep their old values until they are refreshed.
    """
    machine = MACHINES[table]
    rule = machine.moves[event]
    if ctx.actor.role not in rule.by:
        raise Forbidden
    ctx.session.flush()
    moved: list[int] = []
    for source in rule.sources:
        statement = update(table).where(table.state == source, *where).values(state=rule.target, **values)
        options = {"synchronize_session": False}
        ids = list(ctx.session.scalars(statement.returning(table.id), execution_options=options))
        audit.record_all(ctx, machine.name, ids, event, states=(source, rule.target), reason=reason)
        moved += ids
    return moved


def lock(ctx: Ctx, row: Stated) -> None:
    """Hold the row against rivals until the transaction ends, and see it as it is now.

    Rows that only refer to it may still be written: who does so holds locks that the holder may be about to need.
    """
    table = type(row)
    ctx.session.flush()
    ctx.session.execute(select(table.id).where(table.id == row.id).with_for_update(key_share=True))
    ctx.session.refresh(row)
