"""Campaign pages that were told once: asked for again together, and written anew only where something changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any

from domain.campaigns import admits
from domain.clock import Clock
from domain.errors import Busy
from domain.policy import Policy
from services.hot import campaign_pages
from services.hot.campaign_pages import Opened
from services.hot.committer import Committer
from services.transactions import Transactions

MOST_AT_ONCE = 32


class PageSources:
    """Asks for the sources of pages, in one statement for what waits together; `most_waiting` may wait."""

    def __init__(self, unit: Transactions, clock: Clock, most_waiting: int) -> None:
        self._unit, self.clock = unit, clock
        self.together = Committer(most_waiting, MOST_AT_ONCE)

    def ask(self, asked: Opened) -> str | None:
        """The source as it stands; None when it has to be read the plain way, which tells what is the matter."""
        try:
            found: str | None = self.together(self._read, asked)
        except Busy:
            return None
        return found

    def _read(self, asked: Sequence[Opened]) -> list[str | None]:
        with self._unit.glance() as reads:
            return campaign_pages.sources(reads, asked)


@dataclass(frozen=True, slots=True)
class ToldPage:
    """A page as it was told: its bytes, and a digest of the source that they were made of.

    The source holds all there is to tell, as one statement read it: while it is the same text, so is the page, but
    for `took_orders`, which the clock changes alone.
    """

    body: bytes
    digest: bytes
    admits_at: Callable[[datetime], bool]
    took_orders: bool


@dataclass(frozen=True)
class CampaignTeller:
    """Tells campaign pages; `write` makes JSON of what they show."""

    sources: PageSources
    policy: Policy
    write: Callable[[dict[str, Any]], str]

    def tell(self, asked: Opened, before: ToldPage | None) -> ToldPage | None:
        """What a page says now: `before` itself when that is the same, None when it has to be read the plain way."""
        source = self.sources.ask(asked)
        if source is None:
            return None
        now, digest = self.sources.clock.now(), digest_of(source)
        if before is not None and digest == before.digest and before.admits_at(now) is before.took_orders:
            return before
        page = campaign_pages.page(source, now, self.policy)
        window = datetime.fromisoformat(page["opens_at"]), datetime.fromisoformat(page["closes_at"])
        admits_at = partial(admits, page["state"], *window)
        return ToldPage(self.write(page).encode(), digest, admits_at, page["takes_orders"])


def digest_of(source: str) -> bytes:
    """Sixteen bytes that stand for the whole text: the text itself would double what a kept page weighs."""
    return blake2b(source.encode(), digest_size=16).digest()
