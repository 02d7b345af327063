"""Every cell of every state table, tried on a real row: it moves exactly where the table says, and for whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from domain.actors import SYSTEM, Actor, Role
from domain.errors import Forbidden, WrongState
from domain.ids import new_id
from models import (
    AuditRecord,
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
    OrderLine,
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
from services import ordering, outbox, transitions
from services.context import Ctx
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import buyer, scene, wanted


class Undo(Exception):
    """Leaves the transaction without a trace."""


def _order(ctx: Ctx) -> Order:
    stage = scene(ctx)
    return ordering.place(ctx.acting_as(buyer(stage.buyers[0])), wanted(stage))


def _payment(ctx: Ctx) -> Payment:
    order = _order(ctx)
    return Payment(
        public_id=new_id("Payment", ctx.now), order_id=order.id, payer_id=order.resident_id, amount_fen=100,
        expires_at=ctx.now, asked_at=ctx.now, created_at=ctx.now, state="created",
    )  # fmt: skip


def _saved(ctx: Ctx, row: Stated) -> Stated:
    ctx.session.add(row)
    ctx.session.flush()
    return row


def _refund(ctx: Ctx) -> Refund:
    payment = _saved(ctx, _payment(ctx))
    return Refund(
        public_id=new_id("Refund", ctx.now), payment_id=payment.id, amount_fen=1, reason="buyer", due_at=ctx.now,
        created_at=ctx.now, state="requested",
    )  # fmt: skip


def _code(ctx: Ctx) -> PickupCode:
    order = _order(ctx)
    return PickupCode(
        public_id=new_id("PickupCode", ctx.now), order_id=order.id, point_id=order.point_id, code="12345678",
        created_at=ctx.now, state="issued",
    )  # fmt: skip


def _delivery(ctx: Ctx) -> Delivery:
    stage = scene(ctx)
    return Delivery(
        public_id=new_id("Delivery", ctx.now), campaign_id=stage.campaign_id, point_id=stage.point_id, batch=1,
        created_at=ctx.now, state="planned",
    )  # fmt: skip


def _message(ctx: Ctx) -> OutboxMessage:
    outbox.enqueue(ctx, "test", "test:1", {})
    return ctx.session.scalars(select(OutboxMessage)).one()


def _case(ctx: Ctx) -> SuspenseCase:
    return SuspenseCase(
        public_id=new_id("SuspenseCase", ctx.now), out_trade_no="x", transaction_id="t", received_fen=1, settled_fen=1,
        reason="test", detail="", created_at=ctx.now, state="open",
    )  # fmt: skip


def _claim(ctx: Ctx) -> Claim:
    order = _order(ctx)
    line = ctx.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).one()
    return Claim(
        public_id=new_id("Claim", ctx.now), order_line_id=line.id, order_id=order.id, resident_id=order.resident_id,
        campaign_id=order.campaign_id, reason="bad", asked_units=1, asked_fen=1, created_at=ctx.now, state="asked",
    )  # fmt: skip


def _settlement(ctx: Ctx) -> Settlement:
    return Settlement(
        public_id=new_id("Settlement", ctx.now), payee_kind="leader", payee="led_x", since=ctx.now, until=ctx.now,
        amount_fen=1, drafted_by="clock:0", created_at=ctx.now, state="draft",
    )  # fmt: skip


def _payout(ctx: Ctx) -> Payout:
    settlement = _saved(ctx, _settlement(ctx))
    return Payout(
        public_id=new_id("Payout", ctx.now), out_bill_no="pyt1", settlement_id=settlement.id,
        resident_id=people.resident(ctx).id, amount_fen=1, due_at=ctx.now, created_at=ctx.now, state="requested",
    )  # fmt: skip


def _proposal(ctx: Ctx) -> Proposal:
    return Proposal(
        public_id=new_id("Proposal", ctx.now), kind="test", subject_id=1, plan={}, reason="",
        proposed_by=people.operator(ctx).id, created_at=ctx.now, state="proposed",
    )  # fmt: skip


def _shift(ctx: Ctx) -> Shift:
    return Shift(
        public_id=new_id("Shift", ctx.now), point_id=scene(ctx).point_id, by_label="staff:1", by_name="小林",
        opened_at=ctx.now, state="open",
    )  # fmt: skip


def _bill_case(ctx: Ctx) -> BillCase:
    return BillCase(
        public_id=new_id("BillCase", ctx.now), day=ctx.now.date(), difference="amount", source="trade",
        subject="x", detail="", created_at=ctx.now, state="open",
    )  # fmt: skip


def _help_sell(ctx: Ctx) -> HelpSell:
    stage = scene(ctx)
    return HelpSell(
        public_id=new_id("HelpSell", ctx.now), campaign_id=stage.campaign_id, leader_id=stage.leader_id, share_bps=1,
        created_at=ctx.now, state="active",
    )  # fmt: skip


def _shipping(ctx: Ctx) -> ShippingUpload:
    payment = _saved(ctx, _payment(ctx))
    return ShippingUpload(
        payment_id=payment.id, logistics="pickup", item_desc="x", due_at=ctx.now, created_at=ctx.now, state="pending"
    )


def _pass(ctx: Ctx) -> PickupPass:
    return PickupPass(
        public_id=new_id("PickupPass", ctx.now), order_id=_order(ctx).id, token_hash="x", label="小张",
        expires_at=ctx.now, created_at=ctx.now, state="issued",
    )  # fmt: skip


def _export(ctx: Ctx) -> Export:
    stage = scene(ctx)
    return Export(
        public_id=new_id("Export", ctx.now), leader_id=stage.leader_id, campaign_id=stage.campaign_id, kind="roster",
        format="html", created_at=ctx.now, expires_at=ctx.now, state="waiting",
    )  # fmt: skip


def _check(ctx: Ctx) -> ContentCheck:
    return ContentCheck(
        public_id=new_id("ContentCheck", ctx.now), subject="nickname", row_id=1, resident_id=people.resident(ctx).id,
        due_at=ctx.now, created_at=ctx.now, state="waiting",
    )  # fmt: skip


MAKERS: dict[type[Stated], Callable[[Ctx], Stated]] = {
    Campaign: lambda ctx: ctx.session.get_one(Campaign, scene(ctx).campaign_id),
    Offer: lambda ctx: ctx.session.scalars(select(Offer).where(Offer.campaign_id == scene(ctx).campaign_id)).one(),
    Order: _order, Payment: _payment, Refund: _refund, PickupCode: _code, Delivery: _delivery,
    OutboxMessage: _message, SuspenseCase: _case, Claim: _claim, Settlement: _settlement, Payout: _payout,
    Proposal: _proposal, Shift: _shift, BillCase: _bill_case, HelpSell: _help_sell, ShippingUpload: _shipping,
    Leader: people.leader, PickupPass: _pass, Export: _export, ContentCheck: _check,
    PickupStaff: lambda ctx: people.staff(ctx, people.point(ctx, people.leader(ctx))),
}  # fmt: skip


@pytest.mark.parametrize("table", transitions.MACHINES, ids=lambda table: table.__name__)
def test_a_row_moves_exactly_where_its_table_says(unit: Transactions, table: type[Stated]) -> None:
    machine = transitions.MACHINES[table]
    with pytest.raises(Undo), unit(SYSTEM) as ctx:
        row = _saved(ctx, MAKERS[table](ctx))
        for state in machine.states:
            for event, rule in machine.moves.items():
                _put(ctx, row, state)
                actor = Actor(sorted(rule.by)[0])
                assert transitions.try_move(ctx.acting_as(actor), row, event) is (state in rule.sources)
                assert row.state == (rule.target if state in rule.sources else state)
        raise Undo


@pytest.mark.parametrize("table", transitions.MACHINES, ids=lambda table: table.__name__)
def test_nobody_moves_a_row_whom_its_table_does_not_name(unit: Transactions, table: type[Stated]) -> None:
    machine = transitions.MACHINES[table]
    with pytest.raises(Undo), unit(SYSTEM) as ctx:
        row = _saved(ctx, MAKERS[table](ctx))
        for event, rule in machine.moves.items():
            for role in set(Role) - rule.by:
                with pytest.raises(Forbidden):
                    transitions.try_move(ctx.acting_as(Actor(role)), row, event)
        raise Undo


def test_a_move_that_comes_second_is_told_where_the_row_stands(unit: Transactions) -> None:
    with pytest.raises(Undo), unit(SYSTEM) as ctx:
        row = _saved(ctx, people.leader(ctx, state="applied"))
        operator = ctx.acting_as(Actor(Role.OPERATOR, 1))
        transitions.move(operator, row, "approve", reason="known to us")
        with pytest.raises(WrongState) as refusal:
            transitions.move(operator, row, "reject")
        assert refusal.value.facts == {"state": "approved", "event": "reject"}
        records = ctx.session.scalars(select(AuditRecord).where(AuditRecord.subject == "leader")).all()
        assert [(r.event, r.from_state, r.to_state, r.reason) for r in records] == [
            ("approve", "applied", "approved", "known to us")
        ]
        raise Undo


def _put(ctx: Ctx, row: Stated, state: str) -> None:
    table = type(row)
    ctx.session.execute(update(table).where(table.id == row.id).values(state=state))
    ctx.session.refresh(row)
