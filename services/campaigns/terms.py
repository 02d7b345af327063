"""What a leader writes down before opening, and the rules it must keep; every refusal names its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.campaigns import BelowMinimum, MinimumKind
from domain.errors import Invalid, NotYetOffered
from domain.money import MAX_FEN

MAX_OFFERS = 50
MAX_POINTS = 20
MAX_UNITS = 1_000_000
MAX_PRICE_FEN = 100_000_000
HOLD_MINUTES = range(5, 121)


@dataclass(frozen=True)
class OfferTerms:
    """One thing on sale: price in fen, commission in basis points; no quota or limit (None) means unlimited."""

    sku_id: str
    name: str
    price_fen: int
    commission_bps: int
    quota: int | None = None
    per_person: int | None = None
    minimum_units: int = 0
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class CampaignTerms:
    """Everything of a campaign that its leader chooses; ids are public, `opens_at` None means when it is opened.

    `minimum` counts people, units or fen by `minimum_kind`, 0 is none; `hold_minutes` None means the policy's.
    """

    title: str
    seller: str
    closes_at: datetime
    offers: tuple[OfferTerms, ...]
    points: tuple[str, ...]
    description: str = ""
    opens_at: datetime | None = None
    hold_minutes: int | None = None
    arrival_text: str = ""
    minimum: int = 0
    minimum_kind: MinimumKind = MinimumKind.PEOPLE
    below_minimum: BelowMinimum = BelowMinimum.FAIL
    extend_until: datetime | None = None
    close_on_target: bool = False
    payment_policy: str = "prepaid"
    delivery_method: str = "pickup"


def check(terms: CampaignTerms, now: datetime) -> None:
    """Raise `Invalid` with the field's name, or `NotYetOffered`, for terms that no campaign may have."""
    _refuse_what_is_not_offered(terms)
    _check_window(terms, now)
    _check_minimum(terms)
    if terms.hold_minutes is not None and terms.hold_minutes not in HOLD_MINUTES:
        raise Invalid("The hold is 5 to 120 minutes.", field="hold_minutes")
    if not 1 <= len(terms.points) <= MAX_POINTS or len(set(terms.points)) != len(terms.points):
        raise Invalid(f"Name 1 to {MAX_POINTS} pickup points, each once.", field="points")
    if not 1 <= len(terms.offers) <= MAX_OFFERS:
        raise Invalid(f"A campaign has 1 to {MAX_OFFERS} offers.", field="offers")
    for place, offer in enumerate(terms.offers):
        _check_offer(offer, f"offers.{place}")
    _refuse_shared_names(terms.offers)


def _refuse_what_is_not_offered(terms: CampaignTerms) -> None:
    if terms.payment_policy != "prepaid":
        raise NotYetOffered("Only prepaid campaigns can be opened yet.", field="payment_policy")
    if terms.delivery_method != "pickup":
        raise NotYetOffered("Only pickup at a point can be chosen yet.", field="delivery_method")


def _check_window(terms: CampaignTerms, now: datetime) -> None:
    if terms.closes_at <= (terms.opens_at or now) or terms.closes_at <= now:
        raise Invalid("The deadline lies after the opening and in the future.", field="closes_at")
    if (terms.below_minimum is BelowMinimum.EXTEND) != (terms.extend_until is not None):
        raise Invalid("Say until when it would be extended, and only then.", field="extend_until")
    if terms.extend_until is not None and terms.extend_until <= terms.closes_at:
        raise Invalid("The extension ends after the deadline.", field="extend_until")


def _check_minimum(terms: CampaignTerms) -> None:
    if not 0 <= terms.minimum <= MAX_FEN:
        raise Invalid("The minimum is a whole number, 0 for none.", field="minimum")
    if terms.close_on_target and terms.minimum == 0:
        raise Invalid("Closing on target needs a minimum.", field="close_on_target")
    if terms.below_minimum is BelowMinimum.EXTEND and terms.minimum == 0:
        raise Invalid("Extending below the minimum needs a minimum.", field="below_minimum")


def _check_offer(offer: OfferTerms, field: str) -> None:
    bounds = {
        "price_fen": (offer.price_fen, 0, MAX_PRICE_FEN),
        "commission_bps": (offer.commission_bps, 0, 10_000),
        "minimum_units": (offer.minimum_units, 0, offer.quota or MAX_UNITS),
        "quota": (offer.quota, 1, MAX_UNITS),
        "per_person": (offer.per_person, 1, MAX_UNITS),
    }
    for name, (value, least, most) in bounds.items():
        if value is not None and not least <= value <= most:
            raise Invalid(f"Between {least} and {most}, please.", field=f"{field}.{name}")
    if len(" ".join(offer.aliases)) > 255:
        raise Invalid("The other names are too long together.", field=f"{field}.aliases")
    for alias in offer.aliases:
        if not alias or any(c.isspace() for c in alias) or alias.isdecimal():
            raise Invalid("Another name is one word and not a number.", field=f"{field}.aliases")


def _refuse_shared_names(offers: tuple[OfferTerms, ...]) -> None:
    taken: set[str] = set()
    for field, name in _names(offers):
        if name.casefold() in taken:
            raise Invalid("Two offers would answer to the same name.", field=field)
        taken.add(name.casefold())


def _names(offers: tuple[OfferTerms, ...]) -> Iterator[tuple[str, str]]:
    for place, offer in enumerate(offers):
        yield f"offers.{place}.name", offer.name
        for alias in offer.aliases:
            yield f"offers.{place}.aliases", alias
