"""取消: an unpaid order at once, a paid one after asking back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bots.commands.changing import change
from bots.commands.placing import Wish
from bots.messages import Reply, say
from bots.parsing import Cancel
from bots.turn import Turn
from domain.errors import TooLateToCancel
from domain.money import yuan
from models import Campaign
from services import cancelling
from services.chat import own_orders
from services.chat.own_orders import OwnOrder

TAKEN_BACK = ("pending_payment", "paid", "confirmed", "ready")


def cancel(turn: Turn, campaign: Campaign, intent: Cancel) -> Reply:
    """Give back an order, some offers, or (asked back) lines of a paid one."""
    if turn.speaker is None:
        return turn.unbound()
    found = own_orders.live(turn.ctx, turn.speaker.resident_id, campaign, TAKEN_BACK)
    orders = [order for order in found if order.recipient == intent.recipient]
    if not orders and not intent.recipient and len(found) == 1:
        orders = found  # for a neighbour, but the only one there is
    if not orders:
        return say("没有可以取消的订单。")
    fewer = {item.offer_key: item.quantity for item in intent.items}
    if intent.offers:
        fewer = {offer: sum(order.units.get(offer, 0) for order in orders) for offer in intent.offers}
    unpaid = [order for order in orders if order.state == "pending_payment"]
    if len(unpaid) == len(orders):
        return _unpaid(turn, unpaid, campaign, fewer)
    if campaign.state not in ("open", "paused"):
        raise TooLateToCancel
    return ask_back(turn, [order for order in orders if order not in unpaid] if fewer else orders, fewer)


def ask_back(turn: Turn, orders: Sequence[OwnOrder], fewer: Mapping[str, int]) -> Reply:
    """Ask before taking back paid orders, wholly (`fewer` empty) or only so many units of the offers in `fewer`.

    Units are taken off the newest orders first; nobody gives back more than there is.
    """
    chosen: dict[str, dict[str, int]] = {order.id: {} for order in orders if order.units}
    if fewer:
        chosen = _units_of_lines(orders, fewer)
    if not chosen:
        return say("您的订单里没有这一样。")
    words = "；".join(_words(order, chosen[order.id]) for order in orders if order.id in chosen)
    money = "钱原路退回。" if any(order.paid for order in orders if order.id in chosen) else "还没付款，不用退款。"
    return turn.ask("cancel", {"orders": chosen}, f"要退掉 {words} 吗？{money}回复 1 确认退掉，回复 2 保留。")


def confirmed(turn: Turn, facts: dict[str, Any]) -> Reply:
    """Yes, take them back; raises what `cancelling.cancel` raises."""
    chosen: dict[str, dict[str, int]] = facts["orders"]
    before = own_orders.by_ids(turn.ctx, turn.known.resident_id, list(chosen))
    gone, refunded = [], 0
    for order in before:
        units = {} if order.state == "pending_payment" else chosen[order.id]
        cancelling.cancel(turn.own, order.id, units=units)
        gone.append(_words(order, units))
        after = next((one for one in own_orders.by_ids(turn.ctx, turn.known.resident_id, [order.id])), None)
        refunded += order.left_fen - (after.left_fen if after else 0) if order.paid else 0
    if not gone:
        return say("没有可以取消的订单。")
    money = f"{yuan(refunded)} 将原路退回（退款处理中）。" if refunded else ""
    return say(f"已取消 {'；'.join(gone)}。{money}")


def _units_of_lines(orders: Sequence[OwnOrder], fewer: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """How many units of which lines go, by order."""
    left, chosen = dict(fewer), dict[str, dict[str, int]]()
    for order in reversed(orders):
        for line in order.lines:
            units = min(line.units, left.get(line.offer, 0))
            if units:
                left[line.offer] -= units
                chosen.setdefault(order.id, {})[line.id] = units
    return chosen


def _unpaid(turn: Turn, unpaid: Sequence[OwnOrder], campaign: Campaign, fewer: Mapping[str, int]) -> Reply:
    if fewer:
        return change(turn, unpaid, "sub", Wish(campaign.public_id, fewer, unpaid[-1].recipient))
    for order in unpaid:
        cancelling.cancel(turn.own, order.id)
    return say(f"已取消 {'；'.join(order.words for order in unpaid)}，还没付款，不用退款。")


def _words(order: OwnOrder, units: Mapping[str, int]) -> str:
    """`大闸蟹×2`: the units of these lines, or (none named) the whole order."""
    if not units:
        return order.words
    return "、".join(f"{line.name}×{units[line.id]}" for line in order.lines if line.id in units)
