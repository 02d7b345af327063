"""Commission of one line in whole fen: pending on its net, expensed with the units handed over."""

from __future__ import annotations

from domain.money import bps_floor, share_of_units


def pending(rate_bps: int, net_fen: int) -> int:
    """floor(rate x net): what the leader is promised on a confirmed line; a fully refunded line gives exactly zero."""
    return bps_floor(rate_bps, net_fen)


def expensed(commission_fen: int, handed_over: int, units: int) -> int:
    """The part of a line's commission that belongs to the units handed over so far; all of it with the last unit."""
    return share_of_units(commission_fen, min(handed_over, units), units)
