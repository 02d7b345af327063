"""参团 by message: what was read becomes an order, a changed order, or a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bots.commands import placing
from bots.commands.changing import applied, change, units_of, words_of
from bots.commands.giving_back import ask_back
from bots.commands.placing import Wish
from bots.messages import Reply, say
from bots.parsing import Join
from bots.turn import Turn
from domain.errors import NotOpen, TooLateToCancel
from models import Campaign
from services.chat import own_orders
from services.chat.own_orders import OwnOrder
from services.door.words import BROUGHT
from services.queries import campaigns as reading

WAITING = ("pending_payment", "paid", "confirmed")
"""While a campaign is open, only what is paid on pickup is confirmed."""


def join(turn: Turn, campaign: Campaign, intent: Join) -> Reply:
    """Order, change an unpaid order, or ask back before touching a paid one."""
    if turn.speaker is None:
        return turn.unbound()
    if intent.mode == "sub" and campaign.state not in ("open", "paused"):
        raise TooLateToCancel
    if intent.mode != "sub" and campaign.state != "open":
        raise NotOpen(state=campaign.state)
    asked = {item.offer_key: item.quantity for item in intent.items}
    orders = own_orders.live(turn.ctx, turn.speaker.resident_id, campaign, WAITING)
    orders = [order for order in orders if order.recipient == intent.recipient]
    wish = Wish(campaign.public_id, asked, intent.recipient, intent.note)
    if not orders:
        return say("您在这个团还没有订单。") if intent.mode == "sub" else placing.place(turn, wish)
    if intent.mode == "sub" and not set(asked) & set(units_of(orders)):
        return say("您的订单里没有这一样。")
    if intent.bare:
        return placing.ask_again(turn, wish, f"您已经接龙 {words_of(orders)}。要再加一份，还是重复了？")
    unpaid = [order for order in orders if order.state == "pending_payment"]
    if not unpaid:
        return _beside_paid(turn, orders, intent, wish)
    if len(unpaid) < len(orders) and intent.mode != "add":
        return say(f"您有已付款的，也有待付款的：{words_of(orders)}。请先付款或回复「取消」，再改数量。")
    return change(turn, unpaid, intent.mode, wish)


def _beside_paid(turn: Turn, paid: Sequence[OwnOrder], intent: Join, wish: Wish) -> Reply:
    """What counts, paid or not, is never edited upward: more is a new order; less is taken back, asked back."""
    had, said = units_of(paid), "已付款" if any(order.paid for order in paid) else "已登记"
    if intent.mode == "add" or (intent.mode == "set" and not set(wish.units) & set(had)):
        return placing.place(turn, wish)
    wanted = applied(had, intent.mode, wish.units)
    left = {offer: wanted.get(offer, 0) - had.get(offer, 0) for offer in wish.units}
    fewer = {offer: -number for offer, number in left.items() if number < 0}
    if fewer:
        return ask_back(turn, paid, fewer)
    more = {offer: number for offer, number in left.items() if number > 0}
    if not more:
        return placing.ask_again(turn, wish, f"您{said} {words_of(paid)}。要另外再来 {_sum(wish.units)} 份吗？")
    extra = Wish(wish.campaign, more, wish.recipient, wish.note)
    return placing.ask_again(turn, extra, f"{said}的单不能加量，多出的 {_sum(more)} 份是新的一单，另外付款。要下单吗？")


def press(turn: Turn, campaign: Campaign) -> str:
    """The 接龙 button: order the chosen units of the only offer; returns the word for the card, "" when placed."""
    if turn.speaker is None:
        return "还不认识您：先在小程序「绑定群聊」拿 6 位码，再 @我 发「绑定 码」"
    if campaign.delivery_method in BROUGHT:
        return "本团送货，要填收货地址：请点卡片到小程序里下单"
    offers = [offer for offer in reading.offers(turn.ctx, campaign) if offer.state == "open"]
    if len(offers) != 1:
        example = " ".join(f"{offer.name}1{offer.unit}" for offer in offers[:2])
        return f"有好几样，请 @我 写明要什么，比如：{example}"
    units = {offers[0].id: turn.heard.units}
    orders = own_orders.live(turn.ctx, turn.speaker.resident_id, campaign, WAITING)
    unpaid = [order for order in orders if order.state == "pending_payment" and not order.recipient]
    if unpaid and units_of(unpaid) == units:
        return "您已经接龙这么多了，请到「我的订单」付款"
    if unpaid:
        change(turn, unpaid, "set", Wish(campaign.public_id, units))
        return ""
    if orders:
        return "您已经接龙过了，要再来一份请 @我 说「再加1份」"
    points = reading.points(turn.ctx, campaign)
    point = own_orders.usual_point(turn.ctx, turn.speaker.resident_id, campaign, points)
    if point is None:
        return f"有几个自提点，请 @我 写「{turn.heard.units}份」，我来问您在哪里取"
    placing.place(turn, Wish(campaign.public_id, units, point=point.id, again=True))
    return ""


def _sum(units: Mapping[str, int]) -> int:
    return sum(units.values())
