"""The gateway's fee: 0.60 % of what the payer paid, half up, given back in proportion."""

from __future__ import annotations

RATE, RATE_PER_TEN_THOUSAND = "0.60%", 60


def charged_fen(payer_fen: int) -> int:
    """The fee of a payment."""
    return (payer_fen * RATE_PER_TEN_THOUSAND + 5_000) // 10_000


def given_back_fen(fee_fen: int, payer_fen: int, payer_refunded_fen: int) -> int:
    """What is given back of it in all, once `payer_refunded_fen` of `payer_fen` went back; the whole at the end."""
    return (2 * fee_fen * payer_refunded_fen + payer_fen) // (2 * payer_fen) if payer_fen else 0
