"""How far behind a campaign its editable cards are, looked at again and again."""

from __future__ import annotations

import threading
import time

from sqlalchemy import select

from models import Campaign, ChatCampaign
from services.transactions import Transactions

SAMPLE_SECONDS = 0.2


class Watch:
    """Looks again and again at the campaign's revision and at what its editable cards show."""

    def __init__(self, unit: Transactions, campaign_id: int) -> None:
        self._unit, self._campaign = unit, campaign_id
        self.truth: list[tuple[float, int]] = []
        self.shown: list[tuple[float, dict[int, int]]] = []

    def run(self, over: threading.Event) -> None:
        """Until it is over."""
        while not over.wait(SAMPLE_SECONDS):
            self._look()

    def _look(self) -> None:
        cards = select(ChatCampaign.binding_id, ChatCampaign.card_revision).where(
            ChatCampaign.campaign_id == self._campaign, ChatCampaign.card_ref != ""
        )
        with self._unit.reading() as ctx:
            revision = ctx.session.scalars(select(Campaign.revision).where(Campaign.id == self._campaign)).one()
            shown = {row.binding_id: row.card_revision for row in ctx.session.execute(cards)}
        now = time.monotonic()
        if not self.truth or self.truth[-1][1] != revision:
            self.truth.append((now, revision))
        self.shown.append((now, shown))

    def is_current(self) -> bool:
        """Whether every card shows the newest."""
        return bool(self.shown) and all(seen == self.truth[-1][1] for seen in self.shown[-1][1].values())

    def behind(self) -> list[float]:
        """For each look and card: for how many seconds something newer had been true."""
        found = []
        for at, cards in self.shown:
            for revision in cards.values():
                newer = next((since for since, true in self.truth if true > revision and since <= at), at)
                found.append(at - newer)
        return found
