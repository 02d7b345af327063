"""Giving each of the gateway's answers about a payout its one effect, in whatever order answers come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from domain.money import yuan
from domain.posting_rules import Event
from domain.settlements import WITHDRAWAL_AMOUNT, PayeeKind
from models import Payout, Resident, Settlement
from services import audit, ledger, transitions
from services.context import Ctx
from services.payouts import Claim
from services.ports import Transfer
from services.writing import changed

ENDED_UNPAID = ("FAIL", "CANCELLED")
ASK_SOON, ASK_LATER, PATIENCE = timedelta(seconds=20), timedelta(minutes=5), timedelta(minutes=10)


def book(ctx: Ctx, answer: Transfer) -> None:
    """Book a verified answer about a transfer. The actor is the gateway.

    An unknown number, another sum or another person than was asked raises an alert and changes nothing.
    """
    number = select(Payout).where(Payout.out_bill_no == answer.out_bill_no)
    payout = ctx.session.scalars(number).one_or_none()
    if payout is None:
        detail = f"网关提到一笔不属于我方的转账：{answer.out_bill_no}"
        audit.alert(ctx, "unknown_transfer", f"transfer:{answer.out_bill_no}", detail)
        return
    settlement = ctx.session.get_one(Settlement, payout.settlement_id)
    transitions.lock(ctx, settlement)
    transitions.lock(ctx, payout)
    if not _is_ours(ctx, payout, answer):
        detail = "网关回的金额或收款人与申请的不同，没有入账。"
        audit.alert(ctx, "transfer_differs", f"payout:{payout.id}", detail)
    elif answer.state == "SUCCESS":
        _succeed(ctx, settlement, payout, answer)
    elif answer.state in ENDED_UNPAID:
        _fail(ctx, settlement, payout, answer.fail_reason or answer.state)
    else:
        _on_its_way(ctx, payout, answer)


def _is_ours(ctx: Ctx, payout: Payout, answer: Transfer) -> bool:
    openid = ctx.session.get_one(Resident, payout.resident_id).openid
    return answer.amount_fen in (None, payout.amount_fen) and answer.openid in ("", openid)


def _on_its_way(ctx: Ctx, payout: Payout, answer: Transfer) -> None:
    known: dict[str, Any] = {
        "package_info": answer.package_info,
        "transfer_bill_no": answer.transfer_bill_no or payout.transfer_bill_no,
        "waiting": "",
        "lease_until": None,
    }
    if payout.state == "requested":
        soon = ctx.now if payout.cancel_asked_at else ctx.now + ASK_SOON
        transitions.move(ctx, payout, "submit", due_at=soon, **known)
    elif payout.state == "submitted":
        changed(ctx.session, update(Payout).where(Payout.id == payout.id).values(**known))
        ctx.session.refresh(payout)


def _succeed(ctx: Ctx, settlement: Settlement, payout: Payout, answer: Transfer) -> None:
    number = answer.transfer_bill_no or payout.transfer_bill_no
    if transitions.try_move(ctx, payout, "succeed", transfer_bill_no=number, **_ended(ctx)):
        owners = {"payee": settlement.payee}
        amounts = {"amount": payout.amount_fen}
        ledger.post(ctx, Event.WITHDRAWAL_PAID, f"payout:{payout.id}", amounts, owners=owners)
        transitions.move(ctx, settlement, "confirm")
    elif payout.state == "failed":  # money has left that the books say is owed: only people can put that right
        detail = f"打款 {yuan(payout.amount_fen)} 已按失败结束，网关却又付出了。"
        audit.alert(ctx, "transfer_paid_late", f"payout:{payout.id}", detail)


def _ended(ctx: Ctx) -> dict[str, Any]:
    return {"finished_at": ctx.now, "package_info": "", "waiting": "", "lease_until": None}


def _fail(ctx: Ctx, settlement: Settlement, payout: Payout, reason: str) -> None:
    """It ended unpaid: the sum is owed again, and only now another number may be asked for."""
    if not transitions.try_move(ctx, payout, "fail", reason=reason, fail_reason=reason[:255], **_ended(ctx)):
        return
    amounts = {WITHDRAWAL_AMOUNT[PayeeKind(settlement.payee_kind)]: payout.amount_fen}
    owners = {"payee": settlement.payee}
    ledger.post(ctx, Event.WITHDRAWAL_RETURNED, f"payout:{payout.id}", amounts, owners=owners)
    transitions.move(ctx, settlement, "fail", reason=reason)


def fail_unheard(ctx: Ctx, claim: Claim, reason: str) -> None:
    """The gateway refuses it and has never heard of its number, and no request can still be on its way.

    It stays as it is when another process has claimed it since: that one's request may be.
    """
    payout = ctx.session.get_one(Payout, claim.payout_id)
    settlement = ctx.session.get_one(Settlement, payout.settlement_id)
    transitions.lock(ctx, settlement)
    transitions.lock(ctx, payout)
    if payout.state == "requested" and payout.attempts == claim.attempt:
        _fail(ctx, settlement, payout, reason)


def due_for_asking(ctx: Ctx, limit: int = 50) -> list[tuple[int, str]]:
    """Payouts at the gateway whose end has not been told, with their numbers."""
    due = select(Payout.id, Payout.out_bill_no).where(Payout.state == "submitted", Payout.due_at <= ctx.now)
    rows = ctx.session.execute(due.order_by(Payout.due_at, Payout.id).limit(limit)).all()
    return [(row.id, row.out_bill_no) for row in rows]


def claim_asking(ctx: Ctx, payout_id: int) -> bool | None:
    """Take the turn of asking: None when another has it, else whether the payee wants the payout back."""
    payout = ctx.session.get_one(Payout, payout_id, populate_existing=True)
    young = ctx.now - (payout.sent_at or payout.created_at) < PATIENCE or payout.cancel_asked_at is not None
    mine = update(Payout).where(Payout.id == payout_id, Payout.state == "submitted", Payout.due_at <= ctx.now)
    if not changed(ctx.session, mine.values(due_at=ctx.now + (ASK_SOON if young else ASK_LATER))):
        return None
    return payout.cancel_asked_at is not None
