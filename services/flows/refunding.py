"""Refunds on their way: each is claimed, sent under its one number, and booked; silence is asked about."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from domain.actors import CLOCK, GATEWAY, Actor
from models import Refund
from services import audit, refund_results, refund_tasks
from services.context import Unit
from services.finding import by_public_id
from services.ports import Outside, OutsideError, RefundRequest, Refused, Unknown, Unreachable
from services.refunds import STAFF_TASK
from services.writing import changed

ASK_AFTER = timedelta(seconds=20)
FOR_GOOD = frozenset({"USER_ACCOUNT_ABNORMAL"})
"""What the gateway will answer for ever: the payer's account is gone, and only people can pay."""


def submit_due(unit: Unit, outside: Outside, limit: int = 50) -> int:
    """Send the refunds that may go now; returns how many the gateway took.

    It leaves off at `policy.refunds_per_second` (counted for all clocks that share counters) and after
    `policy.refund_refusals_per_sweep` refusals: the gateway bears 150 refunds a second, but only 6 that fail
    (WeChat Pay v3, refund API). One whose fate is unknown goes again under its number when its lease has ended.
    """
    with unit.reading(CLOCK) as ctx:
        ids = refund_results.claimable(ctx, limit)
        policy = ctx.policy
    sent = refused = 0
    for refund_id in ids:
        with unit(CLOCK) as ctx:
            request = refund_results.claim(ctx, refund_id)
        if request is None:
            continue
        in_this_second = outside.counters.hit("refunds", 1)
        try:
            sent += _submit(unit, outside, refund_id, request)
        except Unreachable:
            break
        except Refused as refusal:
            refused += 1
            if refusal.code == "NOT_ENOUGH":
                break
        if in_this_second >= policy.refunds_per_second or refused >= policy.refund_refusals_per_sweep:
            break
    return sent


def _submit(unit: Unit, outside: Outside, refund_id: int, request: RefundRequest) -> bool:
    """Whether the gateway took it; what it says no to is put off before the refusal is raised again."""
    try:
        answer = outside.gateway.refund(request)
    except Unknown:
        return False  # the lease keeps it; the same number goes again
    except Unreachable as trouble:
        with unit(CLOCK) as ctx:
            refund_results.put_off(ctx, refund_id, seconds=max(trouble.retry_after, 5))
        raise
    except Refused as refusal:
        _refused(unit, refund_id, refusal)
        raise
    with unit(GATEWAY) as ctx:
        refund_results.book(ctx, answer)
    return True


def _refused(unit: Unit, refund_id: int, refusal: Refused) -> None:
    with unit(CLOCK) as ctx:
        if refusal.code == "NOT_ENOUGH":
            refund_results.put_off(ctx, refund_id, seconds=60, waiting=refund_results.WAITING_FUNDS)
            return
        waiting = STAFF_TASK if refusal.code in FOR_GOOD else refund_results.REFUSED
        refund_results.put_off(ctx, refund_id, seconds=300, waiting=waiting)
        audit.alert(ctx, "refund_refused", f"refund:{refund_id}", f"网关拒绝这笔退款：{refusal.code}")


def retry(unit: Unit, outside: Outside, actor: Actor, refund_id: str) -> str:
    """Ask the gateway again for an abnormal refund (public id), under its number; returns where it stands then.

    What the gateway does not answer is asked about later. Raises what `refund_tasks.retry` raises.
    """
    with unit(actor) as ctx:
        request = refund_tasks.retry(ctx, refund_id)
    try:
        answer = outside.gateway.refund(request)
    except OutsideError:
        return "submitted"
    with unit(GATEWAY) as ctx:
        refund_results.book(ctx, answer)
        return by_public_id(ctx, Refund, refund_id).state


def poll_submitted(unit: Unit, outside: Outside, limit: int = 50) -> int:
    """Ask about refunds whose result has not been told; returns how many were asked."""
    with unit.reading(CLOCK) as ctx:
        due = select(Refund.id, Refund.public_id).where(Refund.state == "submitted", Refund.due_at <= ctx.now)
        rows = ctx.session.execute(due.order_by(Refund.due_at, Refund.id).limit(limit)).all()
    for refund_id, number in rows:
        with unit(CLOCK) as ctx:
            mine = update(Refund).where(Refund.id == refund_id, Refund.due_at <= ctx.now)
            won = changed(ctx.session, mine.values(due_at=ctx.now + ASK_AFTER))
        if won:
            try:
                answer = outside.gateway.query_refund(number)
            except OutsideError:
                break  # silent for everybody: the next sweep asks again
            with unit(GATEWAY) as ctx:
                refund_results.book(ctx, answer)
    return len(rows)
