"""Verified money that fits nothing: kept with its evidence, staff alerted, never dropped and never guessed."""

from __future__ import annotations

from domain.ids import new_id
from domain.money import yuan
from domain.posting_rules import Event
from models import Payment, SuspenseCase
from services import audit, ledger
from services.context import Ctx
from services.ports import Trade
from services.writing import insert_ignoring


def unknown_number(ctx: Ctx, trade: Trade) -> None:
    """A verified payment carries a number that is not ours; one case per transaction, however often it is told."""
    total = trade.total_fen or 0
    settled = total if trade.payer_fen is None else trade.payer_fen
    if _open(ctx, trade, None, total, settled, "unknown_number", "no payment has this number"):
        ledger.post(
            ctx, Event.PAYMENT_UNMATCHED, f"transaction:{trade.transaction_id}",
            {"settled": settled, "promotion": total - settled},
        )  # fmt: skip


def wrong_amount(ctx: Ctx, payment: Payment, trade: Trade) -> None:
    """A verified payment has another sum than was asked."""
    detail = f"asked {yuan(payment.amount_fen)}, received {yuan(payment.received_fen)}"
    _open(ctx, trade, payment.id, payment.received_fen, payment.settled_fen, "wrong_amount", detail)


def _open(ctx: Ctx, trade: Trade, payment_id: int | None, received: int, settled: int, reason: str,
          detail: str) -> bool:  # fmt: skip
    opened = insert_ignoring(
        ctx.session, SuspenseCase, ["transaction_id"], public_id=new_id("SuspenseCase", ctx.now), state="open",
        out_trade_no=trade.out_trade_no, transaction_id=trade.transaction_id or "", payment_id=payment_id,
        received_fen=received, settled_fen=settled, reason=reason, detail=detail, created_at=ctx.now,
    )  # fmt: skip
    if opened:
        audit.alert(ctx, "suspense", f"suspense:{trade.transaction_id}", f"{reason}: {detail}")
    return opened
