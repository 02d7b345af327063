"""Buttons of the campaign card: each press is answered with the card of this moment."""

from __future__ import annotations

from bots.cards import card_of
from bots.commands import opening
from bots.commands.joining import press
from bots.messages import SILENCE, Reply
from bots.refusals import in_words
from bots.turn import Turn
from domain.errors import Busy, DomainError
from domain.promises import aftersales_promise, pickup_promise
from models import Campaign
from services.chat import rooms
from services.door.words import BROUGHT
from services.finding import by_public_id
from services.queries import campaigns as reading

PLACED = "有人刚接龙；接龙后请到「我的订单」付款，付款后计入人数"


def click(turn: Turn) -> Reply:
    """Join, look or refresh; a refusal and details are shown to the presser only, a fresh count to everybody."""
    if turn.heard.action == "open":
        return opening.pressed(turn)
    campaign = _campaign(turn)
    if campaign is None:
        return SILENCE
    note, private = "", False
    if turn.heard.action == "join":
        note = _join(turn, campaign)
        private, note = bool(note), note or PLACED
    elif turn.heard.action == "detail":
        note, private = _details(turn, campaign), True
    turn.ctx.session.refresh(campaign)
    return Reply(card=card_of(turn.ctx, turn.voice, campaign, note), private=private)


def _campaign(turn: Turn) -> Campaign | None:
    place = turn.heard.place
    if turn.heard.group:
        return rooms.shows(turn.ctx, place.channel, place.chat_id, turn.heard.subject)
    try:
        return by_public_id(turn.ctx, Campaign, turn.heard.subject, Campaign.state.in_(rooms.VISIBLE))
    except DomainError:
        return None


def _join(turn: Turn, campaign: Campaign) -> str:
    """ "" when an order stands, else why not; what was taken for a refused order is given back."""
    try:
        with turn.ctx.session.begin_nested():
            return press(turn, campaign)
    except Busy:
        raise
    except DomainError as refusal:
        return in_words(refusal)


def _details(turn: Turn, campaign: Campaign) -> str:
    fresh = any(offer.fresh for offer in reading.offers(turn.ctx, campaign))
    method = campaign.delivery_method
    how = BROUGHT.get(method, "").rstrip("。") or pickup_promise(fresh, turn.ctx.policy)
    told = (campaign.arrival_text, campaign.description[:40], how, aftersales_promise(fresh, turn.ctx.policy, method))
    return "；".join(part for part in told if part)
