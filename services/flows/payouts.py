"""Payouts on their way: asked for, sent under their one number, confirmed or cancelled by the payee, and booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.actors import CLOCK, GATEWAY, Actor
from models import Payout
from services import audit, payout_results, payouts
from services.context import Unit
from services.payouts import PAUSE, STALE, WAITING_FUNDS, Claim
from services.ports import Outside, OutsideError, Refused, Transfer, Unknown, Unreachable
from services.queries import settlements
from services.queries.settlements import StatementView

UNHEARD_OF = "NOT_FOUND"
CANCELLABLE = ("ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM")


class _NeverHeard(Exception):
    """The gateway knows no such transfer, and it is not wanted any more."""


@dataclass(frozen=True)
class Withdrawal:
    """The statement as it stands now, and the parameters of `wx.requestMerchantTransfer`.

    They are empty while the gateway has not taken it (a sweep sends it then) and when nothing is left to confirm.
    """

    statement: StatementView
    params: dict[str, str]


def withdraw(unit: Unit, outside: Outside, actor: Actor, settlement: str) -> Withdrawal:
    """Ask for a statement's payout and send it at once; asking again is safe. Raises as `payouts.ask`."""
    with unit(actor) as ctx:
        payout_id = payouts.ask(ctx, settlement).id
    _send(unit, outside, payout_id)
    with unit.reading(actor) as ctx:
        package = ctx.session.get_one(Payout, payout_id).package_info
        statement = settlements.statement(ctx, settlement)
    return Withdrawal(statement, outside.gateway.transfer_params(package) if package else {})


def cancel(unit: Unit, outside: Outside, actor: Actor, settlement: str) -> StatementView:
    """The payee takes a withdrawal back that was not confirmed; the gateway's word on it comes now or with a sweep.

    Raises as `payouts.ask_cancel`.
    """
    with unit(actor) as ctx:
        payout = payouts.ask_cancel(ctx, settlement)
        payout_id, number, sent = payout.id, payout.out_bill_no, payout.state == "submitted"
    if sent:
        _ask(unit, outside, payout_id, number)
    else:
        _send(unit, outside, payout_id)
    with unit.reading(actor) as ctx:
        return settlements.statement(ctx, settlement)


def send_due(unit: Unit, outside: Outside, limit: int = 50) -> int:
    """Send the payouts that the gateway has not taken yet; returns how many were tried."""
    with unit.reading(CLOCK) as ctx:
        ids = payouts.claimable(ctx, limit)
    for tried, payout_id in enumerate(ids, 1):
        if not _send(unit, outside, payout_id):
            return tried
    return len(ids)


def _send(unit: Unit, outside: Outside, payout_id: int) -> bool:
    """Send one; False when the gateway cannot be reached now.

    What was sent before is asked about first; one whose fate is unknown keeps its lease and its number.
    """
    with unit(CLOCK) as ctx:
        claim = payouts.claim(ctx, payout_id)
    if claim is None:
        return True
    try:
        known = _look(outside, claim.request.out_bill_no) if claim.sent_before or claim.cancelling else None
        answer = known or _transfer(outside, claim)
    except Unreachable as trouble:
        _put_off(unit, claim, timedelta(seconds=max(trouble.retry_after, 5)))
        return False
    except (_NeverHeard, Refused) as refusal:
        _refused(unit, outside, claim, refusal.code if isinstance(refusal, Refused) else "CANCELLED")
        return True
    except Unknown:
        return True
    with unit(GATEWAY) as ctx:
        payout_results.book(ctx, answer)
    return True


def _transfer(outside: Outside, claim: Claim) -> Transfer:
    if claim.cancelling:
        raise _NeverHeard
    return outside.gateway.transfer(claim.request)


def _look(outside: Outside, number: str) -> Transfer | None:
    """The transfer at the gateway; None when it has never heard of it. Any other refusal leaves it unknown."""
    try:
        return outside.gateway.query_transfer(number)
    except Refused as refusal:
        if refusal.code == UNHEARD_OF:
            return None
        raise Unknown("the gateway does not tell of its transfers", code=refusal.code) from None


def _refused(unit: Unit, outside: Outside, claim: Claim, code: str) -> None:
    """Look before giving up: it fails only when the gateway has never heard of the number and never can."""
    if code == "NOT_ENOUGH":
        _put_off(unit, claim, PAUSE, WAITING_FUNDS)
        return
    try:
        known = _look(outside, claim.request.out_bill_no)
    except OutsideError:
        _put_off(unit, claim, PAUSE, "refused")
        return
    with unit(GATEWAY) as ctx:
        if known is not None:
            payout_results.book(ctx, known)
        elif payouts.may_fail(ctx, claim):
            payout_results.fail_unheard(ctx, claim, code or "REFUSED")
        else:
            payouts.put_off(ctx, claim, pause=STALE, waiting="refused")


def _put_off(unit: Unit, claim: Claim, pause: timedelta, waiting: str = "") -> None:
    with unit(CLOCK) as ctx:
        payouts.put_off(ctx, claim, pause=pause, waiting=waiting)


def poll_submitted(unit: Unit, outside: Outside, limit: int = 50) -> int:
    """Ask about payouts whose end has not been told, and take back what payees want back; returns how many."""
    with unit.reading(CLOCK) as ctx:
        rows = payout_results.due_for_asking(ctx, limit)
    for asked, (payout_id, number) in enumerate(rows, 1):
        if not _ask(unit, outside, payout_id, number):
            return asked
    return len(rows)


def _ask(unit: Unit, outside: Outside, payout_id: int, number: str) -> bool:
    """Ask about one and book the answer; False when the gateway gave none."""
    with unit(CLOCK) as ctx:
        wanted_back = payout_results.claim_asking(ctx, payout_id)
    if wanted_back is None:
        return True
    try:
        answer = outside.gateway.query_transfer(number)
        if wanted_back and answer.state in CANCELLABLE:
            answer = _cancelled(outside, number, answer)
    except Refused as refusal:
        with unit(CLOCK) as ctx:
            detail = f"网关收下了这笔转账却查不到它：{refusal.code}"
            audit.alert(ctx, "transfer_unclear", f"payout:{payout_id}", detail)
        return True
    except OutsideError:
        return False
    with unit(GATEWAY) as ctx:
        payout_results.book(ctx, answer)
    return True


def _cancelled(outside: Outside, number: str, before: Transfer) -> Transfer:
    try:
        return outside.gateway.cancel_transfer(number)
    except Refused:  # just confirmed, or not to be cancelled at this moment: the next question tells
        return before
