"""Shipping information on its way to the platform, and the question whether a payment's money is free."""

from __future__ import annotations

from domain.actors import CLOCK
from services import shipping_uploads, shipping_watch
from services.context import Unit
from services.ports import Outside, OutsideError, Refused, Unreachable

NOT_KNOWN_YET = "10060001"
SETTLED = (4, 5)  # received and settled, or all of it went back: nothing is frozen any more


def upload_due(unit: Unit, outside: Outside, limit: int = 50) -> int:
    """Upload what is due; returns how many the platform took.

    A lost answer is repeated: the platform knows a payment's shipping only once. It leaves off when the platform
    cannot be reached; a payment that it does not know yet holds nobody up.
    """
    with unit.reading(CLOCK) as ctx:
        ids = shipping_uploads.claimable(ctx, limit)
    taken = 0
    for upload_id in ids:
        with unit(CLOCK) as ctx:
            info = shipping_uploads.claim(ctx, upload_id)
        if info is None:
            continue
        try:
            outside.mini_program.upload_shipping(info)
        except Refused as refusal:
            with unit(CLOCK) as ctx:
                shipping_uploads.refused(ctx, upload_id, refusal.code)
            continue
        except OutsideError as trouble:
            _put_off(unit, upload_id, trouble)
            if trouble.code == NOT_KNOWN_YET:
                continue
            break
        with unit(CLOCK) as ctx:
            shipping_uploads.uploaded(ctx, upload_id)
        taken += 1
    return taken


def _put_off(unit: Unit, upload_id: int, trouble: OutsideError) -> None:
    retry_after = trouble.retry_after if isinstance(trouble, Unreachable) else 0
    with unit(CLOCK) as ctx:
        shipping_uploads.put_off(ctx, upload_id, f"连不上平台：{trouble.code}".rstrip("："), retry_after)


def watch(unit: Unit, outside: Outside, limit: int = 50) -> int:
    """Look for what was missed and what is late, and ask whose money is free when nobody told; returns how many."""
    with unit(CLOCK) as ctx:
        handled = shipping_watch.look(ctx)
        asked = shipping_uploads.unreleased(ctx, limit)
    for upload_id, transaction_id in asked:
        with unit(CLOCK) as ctx:
            won = shipping_uploads.claim_asking(ctx, upload_id)
        if not won:
            continue
        try:
            answer = outside.mini_program.shipping_state(transaction_id)
        except OutsideError:
            break  # silent for everybody: it is asked again later
        if answer.order_state in SETTLED:
            with unit(CLOCK) as ctx:
                shipping_uploads.released(ctx, upload_id)
            handled += 1
    return handled
