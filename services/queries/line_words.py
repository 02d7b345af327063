"""A line of an order told in sentences: what it cost, what was taken off, what went back, and what is left of it."""

from __future__ import annotations

from domain.money import yuan
from models import OrderLine


def explained(line: OrderLine) -> list[str]:
    """`单价 ¥29.90 × 2 盒，¥59.80`, each thing that lowered it, and `实际 ¥45.00` when anything did."""
    told = [f"单价 {yuan(line.unit_price_fen)} × {line.ordered_units} {line.unit}，{_gross(line)}"]
    if line.discount_fen:
        told.append(f"优惠 {yuan(line.discount_fen)}")
    if line.rebate_fen:
        told.append(f"拼团单价降到 {yuan(final_unit_fen(line))}，{_off(line)} {yuan(line.rebate_fen)}")
    if line.refunded_units:
        units = line.refunded_fen - line.rebate_fen - line.aftersales_fen
        told.append(f"{_off(line)} {line.refunded_units} {line.unit}，{yuan(units)}")
    if line.aftersales_fen:
        told.append(f"售后退 {yuan(line.aftersales_fen)}")
    return told if len(told) == 1 else [*told, f"实际 {yuan(net_fen(line))}"]


def final_unit_fen(line: OrderLine) -> int:
    """The price of one unit after what the group's lower price gave back, before any discount."""
    return line.unit_price_fen - line.rebate_unit_fen


def net_fen(line: OrderLine) -> int:
    """What is left of the line's price after all that was decided to go back."""
    return line.amount_fen - line.refunded_fen


def _gross(line: OrderLine) -> str:
    return yuan(line.unit_price_fen * line.ordered_units)


def _off(line: OrderLine) -> str:
    """What was paid goes back, what was not paid yet is paid less."""
    return "少付" if line.waived_fen else "退"
