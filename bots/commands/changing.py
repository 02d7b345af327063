"""Changing what is not paid yet: the old order is taken back and a new one placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bots.commands import placing
from bots.commands.placing import Wish
from bots.commands.words import to_pay
from bots.messages import Reply, say
from bots.turn import Turn
from models import Campaign
from services import cancelling
from services.chat.own_orders import OwnOrder
from services.finding import by_public_id


def change(turn: Turn, unpaid: Sequence[OwnOrder], mode: str, wish: Wish) -> Reply:
    """An unpaid order is replaced by one with the new units; the same units give the same link again.

    What is not said anew stays as it was: for whom, the note, the point, the helper it came through.
    """
    held = units_of(unpaid)
    wanted = applied(held, mode, wish.units)
    if wanted == held:
        return to_pay(turn, unpaid[-1], lead="已经登记过了：")
    if wanted and (elsewhere := placing.on_page(turn, by_public_id(turn.ctx, Campaign, wish.campaign))):
        return elsewhere
    for order in unpaid:
        cancelling.cancel(turn.own, order.id)
    if not wanted:
        return say(f"已取消 {words_of(unpaid)}。")
    changed = replace(wish.besides(unpaid[-1]), units=wanted, again=True)
    return placing.place(turn, changed, lead="已改：")


def applied(held: Mapping[str, int], mode: str, units: Mapping[str, int]) -> dict[str, int]:
    """The units after `set`, `add` or `sub`; what falls to nothing is left out."""
    result = dict(held)
    for offer, number in units.items():
        before = result.get(offer, 0)
        result[offer] = {"set": number, "add": before + number, "sub": before - number}[mode]
    return {offer: number for offer, number in result.items() if number > 0}


def units_of(orders: Sequence[OwnOrder]) -> dict[str, int]:
    """Units by offer over several orders."""
    total: dict[str, int] = {}
    for order in orders:
        for offer, number in order.units.items():
            total[offer] = total.get(offer, 0) + number
    return total


def words_of(orders: Sequence[OwnOrder]) -> str:
    """The orders' contents in words."""
    return "；".join(order.words for order in orders)
