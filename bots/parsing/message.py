"""One chat message as the readers of orders and cancellations see it."""

from dataclasses import dataclass

from bots.parsing.intents import OfferName
from bots.parsing.names import Hit


@dataclass(frozen=True)
class Message:
    """One normalised message, its masked twin of the same length, and what was found in it."""

    plain: str
    masked: str
    hits: tuple[Hit, ...]
    offers: tuple[OfferName, ...]
    recipient: str

    @property
    def units(self) -> frozenset[str]:
        """The words by which the offers are counted."""
        return frozenset(offer.unit for offer in self.offers if offer.unit)
