"""The moves of a claim, whoever makes them: state, deadline, money and notices change together."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from domain.aftersales import Bearer, due_at, leaders_part, suppliers_part
from domain.errors import Invalid
from domain.money import yuan
from domain.posting_rules import Event
from domain.state_tables import CLAIM
from models import Claim, OrderLine
from services import audit, commissions, ledger, refunds, suppliers, transitions
from services.aftersales import telling, worth
from services.aftersales.holding import Case
from services.content_safety import claims as held_words
from services.context import Ctx


def accept(ctx: Ctx, case: Case, event: str, amount_fen: int, bearer: Bearer) -> None:
    """Pay `amount_fen` back by `event` (accept or take_offer), and book on whom it falls.

    The whole asked sum gives the units back with it; less is a compensation, and the units stay with the buyer.
    Raises `WrongState` when the claim has moved on, or so much of the line is not there to give back any more.
    """
    claim, line = case.claim, case.line
    units = claim.asked_units if amount_fen == claim.asked_fen else 0
    earned = _leaders_commission(line)
    transitions.move(
        ctx, claim, event, answer_fen=amount_fen, borne_by=bearer, due_at=None, decided_at=ctx.now
    )  # fmt: skip
    refunds.return_after(ctx, case.order, line, units, amount_fen)
    commissions.rebase(ctx, case.order, line)
    if bearer is Bearer.SUPPLIER:
        _borne_by_supplier(ctx, case)
    elif bearer is Bearer.LEADER:
        _borne_by_leader(ctx, case, earned - _leaders_commission(line))
    audit.clear(ctx, _alert(claim))


def can_pay(case: Case, amount_fen: int) -> bool:
    """Whether the line has so much left to give back, and the units with it."""
    units = case.claim.asked_units if amount_fen == case.claim.asked_fen else 0
    return amount_fen <= worth.most_fen(case.line) and units <= worth.units_left(case.line)


def offer(ctx: Ctx, case: Case, amount_fen: int, bearer: Bearer, words: str, by: str) -> None:
    """Offer less than was asked; raises `Invalid` or `WrongState`."""
    most = case.claim.asked_fen - 1
    if not 1 <= amount_fen <= most:
        raise Invalid("Offer less than was asked, or accept.", field="amount_fen", most=most)
    _answer(ctx, case, "offer", answer_fen=amount_fen, answer_words=words, borne_by=bearer)
    held_words.hold_answer(ctx, case.claim)
    audit.clear(ctx, _alert(case.claim))
    telling.offered(ctx, case, by)


def reject(ctx: Ctx, case: Case, words: str) -> None:
    """Say no, with a reason; raises `WrongState`."""
    _answer(ctx, case, "reject", answer_words=words)
    held_words.hold_answer(ctx, case.claim)
    telling.rejected(ctx, case)


def escalate(ctx: Ctx, case: Case) -> None:
    """Bring it before the operator, with an alert; raises `WrongState`."""
    _answer(ctx, case, "escalate")
    claim = case.claim
    detail = f"售后 {claim.public_id} 要求退 {yuan(claim.asked_fen)}，等平台裁定。"
    audit.alert(ctx, "claim_escalated", _alert(claim), detail)
    telling.escalated(ctx, case)


def end(ctx: Ctx, case: Case, event: str, words: str = "") -> None:
    """End it without a refund by `event` (refuse, expire or withdraw); raises `WrongState`."""
    kept = words or case.claim.answer_words
    _answer(ctx, case, event, answer_fen=0, answer_words=kept, borne_by="", decided_at=ctx.now)
    if words:
        held_words.hold_answer(ctx, case.claim)
    audit.clear(ctx, _alert(case.claim))
    (telling.withdrawn if event == "withdraw" else telling.refused)(ctx, case)


def _answer(ctx: Ctx, case: Case, event: str, **values: Any) -> None:
    until = due_at(CLAIM.moves[event].target, ctx.now, ctx.policy)
    transitions.move(ctx, case.claim, event, due_at=until, **values)


def _alert(claim: Claim) -> str:
    return f"claim:{claim.id}"


def _leaders_commission(line: OrderLine) -> int:
    return line.commission_fen - line.helper_commission_fen


def _borne_by_supplier(ctx: Ctx, case: Case) -> None:
    claim, line = case.claim, case.line
    before = select(func.coalesce(func.sum(Claim.borne_fen), 0)).where(
        Claim.order_line_id == line.id, Claim.id != claim.id, Claim.state == "accepted",
        Claim.borne_by == Bearer.SUPPLIER,
    )  # fmt: skip
    borne = int(ctx.session.scalars(before).one())
    part = suppliers_part(claim.answer_fen, line.supply_price_fen, claim.asked_units, line.collected_units, borne)
    _bear(ctx, case, Event.BORNE_BY_SUPPLIER, part, {"merchant": suppliers.merchant_of(ctx, line)})


def _borne_by_leader(ctx: Ctx, case: Case, lost_fen: int) -> None:
    part = leaders_part(case.claim.answer_fen, lost_fen)
    _bear(ctx, case, Event.BORNE_BY_LEADER, part, {"leader": case.leader.public_id})


def _bear(ctx: Ctx, case: Case, event: Event, part_fen: int, owners: dict[str, str]) -> None:
    case.claim.borne_fen = part_fen
    ctx.session.flush()
    ledger.post(ctx, event, f"claim:{case.claim.id}", {"amount": part_fen}, order=case.order, owners=owners)
