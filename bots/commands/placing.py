"""Placing an order from the chat: where it goes, twice or not, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bots.commands.words import to_pay
from bots.messages import Link, Part, Reply, say
from bots.turn import Turn
from domain.errors import DuplicateOrder
from models import Campaign
from services import ordering
from services.chat import own_orders
from services.chat.own_orders import OwnOrder
from services.door.words import BROUGHT
from services.finding import by_public_id
from services.queries import campaigns as reading


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a campaign: units by offer, both by public id. `point` "" is not said yet.

    `via` is the public id of the help through which it comes.
    """

    campaign: str
    units: Mapping[str, int]
    recipient: str = ""
    note: str = ""
    point: str = ""
    again: bool = False
    via: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """As a question remembers it."""
        return {
            "campaign": self.campaign, "units": dict(self.units), "recipient": self.recipient, "note": self.note,
            "point": self.point, "again": self.again, "via": self.via,
        }  # fmt: skip

    def besides(self, order: OwnOrder) -> Wish:
        """This wish with what it leaves open taken from an order that it replaces."""
        return replace(
            self, recipient=self.recipient or order.recipient, note=self.note or order.note, point=order.point,
            via=order.via,
        )  # fmt: skip


def place(turn: Turn, wish: Wish, *, lead: str = "") -> Reply:
    """Place it, or ask for the point or whether it is wanted twice; raises what `ordering.place` raises."""
    campaign = by_public_id(turn.ctx, Campaign, wish.campaign)
    if elsewhere := on_page(turn, campaign):
        return elsewhere
    point = wish.point or _point(turn, campaign)
    if not point:
        return _which_point(turn, campaign, wish)
    command = ordering.PlaceOrder(
        campaign=wish.campaign, point=point, lines=tuple(wish.units.items()), recipient=wish.recipient,
        note=wish.note[:100], channel="chat", again=wish.again, via=wish.via,
    )  # fmt: skip
    try:
        with turn.ctx.session.begin_nested():
            order = ordering.place(turn.own, command)
    except DuplicateOrder:
        return ask_again(turn, wish, "刚刚已下过同样的一单，要再来一份吗？")
    placed = own_orders.live(turn.ctx, turn.known.resident_id, campaign)
    return to_pay(turn, next(one for one in placed if one.id == order.public_id), lead=lead)


def on_page(turn: Turn, campaign: Campaign) -> Reply | None:
    """Where to order goods that are brought, whose address no chat is told; None for what is fetched."""
    if campaign.delivery_method not in BROUGHT:
        return None
    link = Link("点这里下单", turn.voice.campaign_link(campaign.public_id))
    return say("本团送货上门或快递发货，需要填写收货地址，", link, "。")


def ask_again(turn: Turn, wish: Wish, *question: Part) -> Reply:
    """Ask before ordering what may be a repetition."""
    facts = {**wish.facts, "again": True}
    return turn.ask("again", facts, *question, "回复 1 下单，回复 2 不要。")


def again(turn: Turn, facts: dict[str, Any]) -> Reply:
    """Yes, once more."""
    return place(turn, Wish(**facts))


def at_point(turn: Turn, facts: dict[str, Any], point: str) -> Reply:
    """The point was chosen."""
    return place(turn, Wish(**{**facts["wish"], "point": point}))


def _point(turn: Turn, campaign: Campaign) -> str:
    points = reading.points(turn.ctx, campaign)
    usual = own_orders.usual_point(turn.ctx, turn.known.resident_id, campaign, points)
    return usual.id if usual else ""


def _which_point(turn: Turn, campaign: Campaign, wish: Wish) -> Reply:
    points = reading.points(turn.ctx, campaign)[:9]
    if not points:
        return say("这个团还没有自提点，请联系团长。")
    lines = "\n".join(f"{number} {point.name}" for number, point in enumerate(points, 1))
    facts = {"wish": wish.facts, "points": [point.id for point in points]}
    return turn.ask("point", facts, f"在哪里自提？请回复序号：\n{lines}")
