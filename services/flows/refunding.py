"""Refunds on their way: each is claimed, sent under its one number, and booked; silence is asked about."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from domain.actors import CLOCK, GATEWAY
from models import Refund
from services import audit, refund_results
from services.context import Unit
from services.ports import Outside, OutsideError, Refused, Unknown, Unreachable
from services.writing import changed

ASK_AFTER = timedelta(seconds=20)


def submit_due(unit: Unit, outside: Outside, limit: int = 50) -> int:
    """Send the refunds that may go now; returns how many the gateway took.

    A refund whose fate is unknown goes again under the same number when its lease has ended.
    """
    with unit.reading(CLOCK) as ctx:
        ids = refund_results.claimable(ctx, limit)
    sent = 0
    for refund_id in ids:
        taken, go_on = _submit(unit, outside, refund_id)
        sent += taken
        if not go_on:
            break
    return sent


def _submit(unit: Unit, outside: Outside, refund_id: int) -> tuple[bool, bool]:
    """Whether the gateway took it, and whether to go on with others now."""
    with unit(CLOCK) as ctx:
        request = refund_results.claim(ctx, refund_id)
    if request is None:
        return False, True
    try:
        answer = outside.gateway.refund(request)
    except Unknown:
        return False, True  # the lease keeps it; the same number goes again
    except Unreachable as trouble:
        with unit(CLOCK) as ctx:
            refund_results.put_off(ctx, refund_id, seconds=max(trouble.retry_after, 5))
        return False, False
    except Refused as refusal:
        _refused(unit, refund_id, refusal)
        return False, refusal.code != "NOT_ENOUGH"
    with unit(GATEWAY) as ctx:
        refund_results.book(ctx, answer)
    return True, True


def _refused(unit: Unit, refund_id: int, refusal: Refused) -> None:
    with unit(CLOCK) as ctx:
        if refusal.code == "NOT_ENOUGH":
            refund_results.put_off(ctx, refund_id, seconds=60, waiting="waiting_funds")
        else:
            refund_results.put_off(ctx, refund_id, seconds=300, waiting="refused")
            audit.alert(ctx, "refund_refused", f"refund:{refund_id}", f"the gateway refuses it: {refusal.code}")


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
