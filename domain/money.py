"""Integer fen: splitting without loss, rates in basis points, and the only place that prints yuan."""

from __future__ import annotations

from collections.abc import Sequence

MAX_FEN = 2**53  # JSON numbers stay exact up to here; far above any campaign


def yuan(fen: int) -> str:
    """`1280` -> `¥12.80`; a negative sum carries its sign before the symbol."""
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{abs(fen) // 100}.{abs(fen) % 100:02d}"


def bps_floor(rate_bps: int, fen: int) -> int:
    """`rate_bps` / 10,000 of `fen`, rounded down to a whole fen (both non-negative)."""
    return rate_bps * fen // 10_000


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` >= 0 by `weights` >= 0 so that the parts sum to it: largest remainder, ties to the first.

    Returns zeros when all weights are zero and `total` is zero; raises ValueError when there is nothing to carry a sum.
    """
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("nothing carries the sum")
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def share_of_units(total: int, units: int, of_units: int) -> int:
    """What the first `units` of `of_units` carry of `total`: floor, so that the last unit takes what is left."""
    return total * units // of_units if of_units else 0
