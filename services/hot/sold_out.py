"""What is sold out, known for a moment: a storm on the last unit is refused without asking the database."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain import campaigns as rules
from domain.errors import SoldOut
from models import Campaign, CampaignPoint, Offer, OfferTaking, PickupPoint
from services.door.addresses import Whither
from services.ordering import PlaceOrder
from services.transactions import Transactions

MOST_TAKINGS = 50_000
MOST_OFFERS = 1_000


@dataclass(frozen=True)
class _Flag:
    """An offer of which nothing was free; `takers` is everybody who has ever taken of it, when it had `takings`."""

    name: str
    campaign: str
    opens_at: datetime
    closes_at: datetime
    points: frozenset[str]
    per_person: int | None
    takings: int
    takers: frozenset[int]
    good_until: float


class SoldOutBoard:
    """Flags of offers (public ids), each good for `seconds` and then loaded anew, by one thread for all.

    Only who never took of the offer is refused by a flag: nobody else can have an answer stored for it. The takers are
    read after the offer and never grow fewer, so none of those before it is missing. Of an offer that was taken very
    often there is no flag: its list would be read anew for each who asks.
    """

    def __init__(self, unit: Transactions, seconds: float) -> None:
        self._unit, self._seconds = unit, seconds
        self._flags: dict[str, _Flag | None] = {}
        self._loading = threading.Lock()

    def note(self, offer: str) -> None:
        """Somebody was refused: the next one who asks loads the flag."""
        if self._seconds:
            if len(self._flags) >= MOST_OFFERS:
                self._flags.clear()
            self._flags.setdefault(offer, None)

    def refusal(self, resident_id: int, command: PlaceOrder, now: datetime) -> SoldOut | None:
        """Why this order is refused at once; None when it has to be judged."""
        if len(command.lines) != 1 or command.lines[0][0] not in self._flags:
            return None
        offer, units = command.lines[0]
        flag = self._fresh(offer)
        if (
            flag is None
            or command.campaign != flag.campaign
            or command.point not in flag.points
            or command.via
            or command.whither != Whither(command.recipient)
            or resident_id in flag.takers
            or (flag.per_person is not None and units > flag.per_person)
            or not rules.admits("open", flag.opens_at, flag.closes_at, now)
        ):
            return None
        return SoldOut(offer=flag.name, free=0)

    def _fresh(self, offer: str) -> _Flag | None:
        flag = self._flags.get(offer)
        if flag is None or time.monotonic() >= flag.good_until:
            with self._loading:
                flag = self._flags.get(offer)
                if flag is None or time.monotonic() >= flag.good_until:
                    flag = self._load(offer, flag)
                    if flag is None:
                        self._flags.pop(offer, None)
                    else:
                        self._flags[offer] = flag
        return flag

    def _load(self, public_id: str, before: _Flag | None) -> _Flag | None:
        """The flag as it stands now; None while something is free, or where a refusal needs a closer look."""
        good_until = time.monotonic() + self._seconds
        with self._unit.reading() as ctx:
            found = ctx.session.execute(
                select(Offer, Campaign).join(Campaign, Campaign.id == Offer.campaign_id).where(
                    Offer.public_id == public_id, Offer.quota.is_not(None), Campaign.state == "open",
                    Campaign.payment_policy == rules.PaymentPolicy.PREPAID,
                    Campaign.delivery_method == rules.DeliveryMethod.PICKUP,
                    Offer.held_units + Offer.sold_units >= Offer.quota, Offer.takings <= MOST_TAKINGS,
                )
            ).one_or_none()  # fmt: skip
            if found is None:
                return None
            offer, campaign = found
            if before is not None and before.takings == offer.takings:
                takers = before.takers
            else:
                took = select(OfferTaking.resident_id).where(OfferTaking.offer_id == offer.id)
                takers = frozenset(ctx.session.scalars(took))
            here = select(PickupPoint.public_id).join(CampaignPoint, CampaignPoint.point_id == PickupPoint.id)
            points = frozenset(ctx.session.scalars(here.where(CampaignPoint.campaign_id == campaign.id)))
        return _Flag(offer.name, campaign.public_id, campaign.opens_at, campaign.closes_at, points, offer.per_person,
                     offer.takings, takers, good_until)  # fmt: skip
