"""Sentences about orders that several commands share."""

from __future__ import annotations

from bots.messages import Link, Part, Reply, say
from bots.turn import Turn
from domain.clock import local_time
from domain.money import yuan
from services.chat.own_orders import WAITING_WORDS, OwnOrder


def to_pay(turn: Turn, order: OwnOrder, *, lead: str = "") -> Reply:
    """`张** 大闸蟹×2、草莓×1，¥145.90，点这里付款（10:33 前有效）`, or what became of the order."""
    label = f"（替{order.shown_recipient}）" if order.shown_recipient else ""
    head = f"{lead}{turn.known.name} {order.words}{label}，{yuan(order.total_fen)}，"
    if order.state != "pending_payment":
        return say(f"{head}{standing(order)}，{order.where}。")
    link = Link("点这里付款", turn.voice.order_link(order.id))
    return say(head, link, f"（{local_time(order.hold_until)} 前有效），{order.where}。")


def standing(order: OwnOrder) -> str:
    """`已付款，接龙号 3`; what is paid on pickup has not formed only because it counts."""
    number = f"，接龙号 {order.roster_number}" if order.roster_number else ""
    if order.state == "ready" and not order.fetched:
        return f"已到货{number}"
    early = order.state == "confirmed" and not order.decided
    return f"{'已登记，收货时付款' if early else WAITING_WORDS[order.state]}{number}"


def line_of(turn: Turn, order: OwnOrder) -> tuple[Part, ...]:
    """An order in a list of one's own."""
    words = order.words or "（已全部取消）"
    label = f"（替{order.shown_recipient}）" if order.shown_recipient else ""
    money = yuan(order.left_fen if order.words else order.total_fen)
    link = Link("付款" if order.state == "pending_payment" else "看订单", turn.voice.order_link(order.id))
    return (f"{order.title}：{words}{label}，{money}，{standing(order)} ", link)
