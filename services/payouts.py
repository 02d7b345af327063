"""Withdrawals: an approved statement becomes one transfer at the gateway, under a number that never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from domain.actors import Role
from domain.errors import BalanceTooLow, NotFound, PayoutTooSmall, RealNameMissing, WrongState
from domain.ids import new_id
from domain.posting_rules import Event
from domain.settlements import WITHDRAWAL_AMOUNT, PayeeKind, out_bill_no
from models import Payout, Resident, Settlement
from services import audit, ledger
from services.context import Ctx
from services.finding import by_public_id
from services.ports import TransferRequest
from services.settlements.payees import hold, payable
from services.transitions import move
from services.writing import changed

LEASE = timedelta(seconds=60)
STALE = timedelta(minutes=6)  # the gateway takes no request that was signed over five minutes ago
PAUSE = timedelta(seconds=60)
WAITING_FUNDS = "waiting_funds"
WORK = {PayeeKind.LEADER: ("社区团长", "团购佣金"), PayeeKind.POINT: ("自提点服务", "自提点服务费")}


@dataclass(frozen=True)
class Claim:
    """A payout leased for sending; one that went out before must be asked about first.

    `doubt_since` is when a request went out whose fate nobody knows (None: every earlier one was answered);
    `cancelling` says that the payee no longer wants it. `attempt` tells it from the claim of another process that came
    after the lease ran out: then only the later one says what is sure.
    """

    payout_id: int
    attempt: int
    request: TransferRequest
    sent_before: bool
    doubt_since: datetime | None
    cancelling: bool


def own(ctx: Ctx) -> tuple[Any, ...]:
    """The statements that the actor may withdraw: a leader's commission, a keeper's fees as a resident."""
    ctx.require(Role.LEADER, Role.RESIDENT)
    kind = PayeeKind.LEADER if ctx.actor.role is Role.LEADER else PayeeKind.POINT
    return Settlement.payee_kind == kind, Settlement.resident_id == ctx.resident_id


def ask(ctx: Ctx, settlement_id: str) -> Payout:
    """The payee asks for an approved statement (or one whose payout failed); asked again, the payout that is live.

    Books the sum as on its way. Raises `NotFound`, `WrongState`, `PayoutTooSmall`, `RealNameMissing`, and
    `BalanceTooLow` when later returns have eaten into it.
    """
    settlement = by_public_id(ctx, Settlement, settlement_id, *own(ctx))
    kind = PayeeKind(settlement.payee_kind)
    hold(ctx, kind, settlement.payee)
    ctx.session.refresh(settlement)
    if settlement.state == "paying":
        return live(ctx, settlement)
    move(ctx, settlement, "retry" if settlement.state == "failed" else "pay_out")
    _check(ctx, settlement)
    owed = payable(ctx, kind, settlement.payee)
    if owed < settlement.amount_fen:
        raise BalanceTooLow(payable_fen=owed)
    payout = _new(ctx, settlement)
    amounts, owners = {WITHDRAWAL_AMOUNT[kind]: settlement.amount_fen}, {"payee": settlement.payee}
    ledger.post(ctx, Event.WITHDRAWAL_ASKED, f"payout:{payout.id}", amounts, owners=owners)
    audit.record(ctx, "payout", payout.id, "ask", states=("", "requested"))
    return payout


def live(ctx: Ctx, settlement: Settlement) -> Payout:
    """The payout of a statement that did not fail; raises `NotFound`."""
    ctx.session.flush()
    alive = select(Payout).where(Payout.settlement_id == settlement.id, Payout.state != "failed")
    payout = ctx.session.scalars(alive, execution_options={"populate_existing": True}).one_or_none()
    if payout is None:
        raise NotFound
    return payout


def _check(ctx: Ctx, settlement: Settlement) -> None:
    least = ctx.policy.payout_least_fen
    if settlement.amount_fen < least:
        raise PayoutTooSmall(least_fen=least)
    if settlement.amount_fen >= ctx.policy.payout_name_from_fen:
        person = ctx.session.execute(
            select(Resident.real_name_enc).where(Resident.id == settlement.resident_id).with_for_update(key_share=True)
        ).one()
        if person.real_name_enc is None:
            raise RealNameMissing


def _new(ctx: Ctx, settlement: Settlement) -> Payout:
    public_id = new_id("Payout", ctx.now)
    payout = Payout(
        public_id=public_id, out_bill_no=out_bill_no(public_id), state="requested", settlement_id=settlement.id,
        resident_id=settlement.resident_id, amount_fen=settlement.amount_fen, due_at=ctx.now, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(payout)
    ctx.session.flush()
    return payout


def may_fail(ctx: Ctx, claim: Claim) -> bool:
    """Whether no request of this payout can still be on its way to the gateway."""
    return claim.doubt_since is None or ctx.now - claim.doubt_since > STALE


def claimable(ctx: Ctx, limit: int = 50) -> list[int]:
    """Payouts that may be sent (again) now, those due longest first."""
    due = select(Payout.id).where(Payout.due_at <= ctx.now, *_free(ctx))
    return list(ctx.session.scalars(due.order_by(Payout.due_at, Payout.id).limit(limit)))


def _free(ctx: Ctx) -> tuple[Any, ...]:
    return Payout.state == "requested", or_(Payout.lease_until.is_(None), Payout.lease_until < ctx.now)


def claim(ctx: Ctx, payout_id: int) -> Claim | None:
    """Lease one payout for sending; None when another process has it or it was sent."""
    before = ctx.session.execute(select(Payout.sent_at, Payout.attempts).where(Payout.id == payout_id)).one()
    mine = update(Payout).where(Payout.id == payout_id, Payout.attempts == before.attempts, *_free(ctx))
    leased = {"lease_until": ctx.now + LEASE, "attempts": Payout.attempts + 1, "sent_at": ctx.now}
    if not changed(ctx.session, mine.values(**leased)):
        return None
    payout = ctx.session.get_one(Payout, payout_id, populate_existing=True)
    cancelling = payout.cancel_asked_at is not None
    return Claim(payout_id, payout.attempts, _request(ctx, payout), before.attempts > 0, before.sent_at, cancelling)


def _request(ctx: Ctx, payout: Payout) -> TransferRequest:
    settlement = ctx.session.get_one(Settlement, payout.settlement_id)
    payee = ctx.session.get_one(Resident, payout.resident_id)
    named = payout.amount_fen >= ctx.policy.payout_name_from_fen and payee.real_name_enc
    position, work = WORK[PayeeKind(settlement.payee_kind)]
    return TransferRequest(
        out_bill_no=payout.out_bill_no, openid=payee.openid, amount_fen=payout.amount_fen,
        remark=f"邻团{work}", position=position, work=work,
        real_name=ctx.vault.decrypt(payee.real_name_enc) if named and payee.real_name_enc else "",
    )  # fmt: skip


def put_off(ctx: Ctx, claim: Claim, *, pause: timedelta, waiting: str = "") -> None:
    """It was not taken, that is sure: it stays requested under its number and is tried again after `pause`.

    `waiting` says what for (waiting_funds, refused).
    """
    values = {"lease_until": None, "due_at": ctx.now + pause, "waiting": waiting, "sent_at": claim.doubt_since}
    still = update(Payout).where(
        Payout.id == claim.payout_id, Payout.state == "requested", Payout.attempts == claim.attempt
    )  # fmt: skip
    changed(ctx.session, still.values(**values))
    if waiting == WAITING_FUNDS:
        audit.alert(ctx, "payout_funds", "payout_funds", "商户账户余额不足，提现要等充值后才能付出。")


def ask_cancel(ctx: Ctx, settlement_id: str) -> Payout:
    """The payee no longer wants a payout that was not confirmed; the gateway decides whether it is too late.

    Raises `NotFound`, and `WrongState` when none is on its way.
    """
    settlement = by_public_id(ctx, Settlement, settlement_id, *own(ctx))
    if settlement.state != "paying":
        raise WrongState(state=settlement.state, event="cancel")
    payout = live(ctx, settlement)
    open_ = update(Payout).where(Payout.id == payout.id, Payout.state.in_(("requested", "submitted")))
    if not changed(ctx.session, open_.values(cancel_asked_at=ctx.now, due_at=ctx.now)):
        raise WrongState(state=payout.state, event="cancel")
    ctx.session.refresh(payout)
    audit.record(ctx, "payout", payout.id, "ask_cancel")
    return payout
