"""What a leader writes down before opening, and the rules it must keep; every refusal names its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.campaigns import BelowMinimum, DeliveryMethod, MinimumKind, PaymentPolicy, ShortageMode
from domain.errors import Invalid
from domain.money import MAX_FEN

MAX_OFFERS = 50
MAX_POINTS = 20
MAX_TIERS = 5
MAX_UNITS = 1_000_000
MAX_PRICE_FEN = 100_000_000
HOLD_MINUTES = range(5, 121)


class TierTerms(NamedTuple):
    """From `from_units` counted units on, each costs `price_fen`."""

    from_units: int
    price_fen: int


@dataclass(frozen=True)
class OfferTerms:
    """One thing on sale: price in fen, commission in basis points; no quota or limit (None) means unlimited.

    `tiers` are (from units, price in fen), units rising and prices falling strictly, all below `price_fen`.
    """

    sku_id: str
    name: str
    price_fen: int
    commission_bps: int
    quota: int | None = None
    per_person: int | None = None
    minimum_units: int = 0
    aliases: tuple[str, ...] = ()
    tiers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class CampaignTerms:
    """Everything of a campaign that its leader chooses; ids are public, `opens_at` None means when it is opened.

    `minimum` counts people, units or fen by `minimum_kind`, 0 is none; `hold_minutes` None means the policy's. An
    order of goods for `discount_over_fen` is `discount_fen` cheaper (both 0: none). Fee and minimum of delivery belong
    to goods that are brought. `help_sell_bps` is a helper's share of a line's commission, 0 lets nobody help.
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
    payment_policy: PaymentPolicy = PaymentPolicy.PREPAID
    delivery_method: DeliveryMethod = DeliveryMethod.PICKUP
    delivery_fee_fen: int = 0
    delivery_minimum_fen: int = 0
    discount_over_fen: int = 0
    discount_fen: int = 0
    shortage_mode: ShortageMode = ShortageMode.ONE_EACH
    help_sell_bps: int = 0


def check(terms: CampaignTerms, now: datetime) -> None:
    """Raise `Invalid` with the field's name for terms that no campaign may have."""
    _check_way(terms)
    _check_window(terms, now)
    _check_minimum(terms)
    _check_money(terms)
    if terms.hold_minutes is not None and terms.hold_minutes not in HOLD_MINUTES:
        raise Invalid("The hold is 5 to 120 minutes.", field="hold_minutes")
    if not 1 <= len(terms.points) <= MAX_POINTS or len(set(terms.points)) != len(terms.points):
        raise Invalid(f"Name 1 to {MAX_POINTS} pickup points, each once.", field="points")
    if not 1 <= len(terms.offers) <= MAX_OFFERS:
        raise Invalid(f"A campaign has 1 to {MAX_OFFERS} offers.", field="offers")
    for place, offer in enumerate(terms.offers):
        _check_offer(offer, f"offers.{place}")
        _check_tiers(offer, f"offers.{place}.tiers")
    _refuse_shared_names(terms.offers)


def _check_way(terms: CampaignTerms) -> None:
    if terms.delivery_method == DeliveryMethod.COURIER and terms.payment_policy == PaymentPolicy.ON_PICKUP:
        raise Invalid("Nobody takes money when a courier hands over.", field="payment_policy")


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


def _check_money(terms: CampaignTerms) -> None:
    _within(
        {
            "discount_over_fen": (terms.discount_over_fen, 0, MAX_PRICE_FEN),
            "discount_fen": (terms.discount_fen, 0, terms.discount_over_fen),
            "delivery_fee_fen": (terms.delivery_fee_fen, 0, MAX_PRICE_FEN),
            "delivery_minimum_fen": (terms.delivery_minimum_fen, 0, MAX_PRICE_FEN),
            "help_sell_bps": (terms.help_sell_bps, 0, 10_000),
        }
    )
    if terms.discount_over_fen and not terms.discount_fen:
        raise Invalid("Say how much an order of that size is cheaper.", field="discount_fen")
    if terms.delivery_method == DeliveryMethod.PICKUP:
        for field in ("delivery_fee_fen", "delivery_minimum_fen"):
            if getattr(terms, field):
                raise Invalid("Goods that are fetched are not delivered.", field=field)


def _within(bounds: Mapping[str, tuple[int | None, int, int]], place: str = "") -> None:
    """Refuse the first value outside of its (value, least, most); None is no value."""
    for name, (value, least, most) in bounds.items():
        if value is not None and not least <= value <= most:
            raise Invalid(f"Between {least} and {most}, please.", field=f"{place}{name}")


def _check_offer(offer: OfferTerms, field: str) -> None:
    _within(
        {
            "price_fen": (offer.price_fen, 0, MAX_PRICE_FEN),
            "commission_bps": (offer.commission_bps, 0, 10_000),
            "quota": (offer.quota, 1, MAX_UNITS),
            "minimum_units": (offer.minimum_units, 0, offer.quota or MAX_UNITS),
            "per_person": (offer.per_person, 1, MAX_UNITS),
        },
        f"{field}.",
    )
    if len(" ".join(offer.aliases)) > 255:
        raise Invalid("The other names are too long together.", field=f"{field}.aliases")
    for alias in offer.aliases:
        if not alias or any(c.isspace() for c in alias) or alias.isdecimal():
            raise Invalid("Another name is one word and not a number.", field=f"{field}.aliases")


def _check_tiers(offer: OfferTerms, field: str) -> None:
    """Each tier asks for more units and costs less than what stands before it; none lies beyond the quota."""
    if len(offer.tiers) > MAX_TIERS:
        raise Invalid(f"At most {MAX_TIERS} tiers.", field=field)
    units, price = 1, offer.price_fen
    for number, (from_units, price_fen) in enumerate(offer.tiers):
        if not units < from_units <= (offer.quota or MAX_UNITS):
            raise Invalid("Each tier begins with more units, within the quota.", field=f"{field}.{number}.from_units")
        if not 0 <= price_fen < price:
            raise Invalid("Each tier costs less than the one before.", field=f"{field}.{number}.price_fen")
        units, price = from_units, price_fen


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
