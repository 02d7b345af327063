"""A campaign's card from its state at this moment."""

from __future__ import annotations

from dataclasses import replace

from bots.messages import Card, CardOffer
from bots.voice import Voice
from domain.campaigns import MinimumKind
from domain.money import yuan
from domain.progress import Progress, milestone, sentence
from models import Campaign
from services.context import Ctx
from services.door.words import BROUGHT_BY
from services.queries.campaigns import CampaignView, OfferView, view
from services.words import STANDING

MOST_CHOICES = 5


def card_of(ctx: Ctx, voice: Voice, campaign: Campaign, note: str = "") -> Card:
    """The card as it must look now."""
    seen = view(ctx, campaign)
    return Card(
        campaign_id=campaign.public_id,
        revision=campaign.revision,
        title=campaign.title,
        count=count_words(campaign, seen.progress),
        standing="草稿" if campaign.state == "draft" else _standing(campaign, seen.progress),
        closes_at=campaign.closes_at,
        points=tuple(point.name for point in seen.points),
        offers=tuple(_line(offer) for offer in seen.offers),
        takes_orders=seen.admits,
        units=_choices(seen),
        link=voice.campaign_link(campaign.public_id),
        orders_link=voice.orders_link,
        note=note,
        draft=campaign.state == "draft",
        brought=BROUGHT_BY.get(campaign.delivery_method, ""),
    )


def _standing(campaign: Campaign, progress: Progress) -> str:
    return standing_words(campaign, progress) or f"{campaign.counted_units} 份"


def _line(offer: OfferView) -> CardOffer:
    return CardOffer(offer.name, yuan(offer.pricing.unit_fen), offer.unit, offer.free, milestone(offer.pricing))


def noted(card: Card, note: str) -> Card:
    """The card with a word to whom it is shown."""
    return replace(card, note=note)


def count_words(campaign: Campaign, progress: Progress) -> str:
    """`7/10 人`, `15/20 份`, or the people alone."""
    if progress.minimum and progress.kind is MinimumKind.PEOPLE:
        return f"{progress.reached}/{progress.minimum} 人"
    if progress.minimum and progress.kind is MinimumKind.UNITS:
        return f"{progress.reached}/{progress.minimum} 份"
    return f"{campaign.participant_count} 人"


def whole_count(campaign: Campaign, progress: Progress) -> str:
    """`7/10 人，15 份`, or `15/20 份` where units are what the minimum counts."""
    people = count_words(campaign, progress)
    return people if people.endswith("份") else f"{people}，{campaign.counted_units} 份"


def standing_words(campaign: Campaign, progress: Progress) -> str:
    """What the campaign has come to, "" without a minimum; 成团 is said only after it was decided."""
    if campaign.state == "open" and not progress.minimum:
        return ""
    return STANDING.get(campaign.state) or sentence(progress)


def _choices(seen: CampaignView) -> tuple[int, ...]:
    if len(seen.offers) != 1 or not seen.admits:
        return ()
    return tuple(range(1, _most(seen.offers[0]) + 1))


def _most(offer: OfferView) -> int:
    limits = [limit for limit in (offer.per_person, offer.free) if limit is not None]
    return max(0, min([MOST_CHOICES, *limits]))
