"""Who watches which campaign, and what they are told: the newest count, never an older one after it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from domain.errors import Busy, NotFound

FULL_RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Event:
    """A campaign's count at one revision, as it goes over the wire."""

    revision: int
    wire: bytes


class Watcher(Protocol):
    """One stream; it is told events and skips those it has seen."""

    def let_in(self) -> None:
        """Begin; called once, before anything is shown."""

    def show(self, event: Event) -> None:
        """Take a newer count; called in the order of the revisions."""

    def is_gone(self) -> bool:
        """Whether nobody is at the other end any more."""


@dataclass(slots=True)
class Watched:
    """A campaign somebody watches."""

    latest: Event
    watchers: set[Watcher] = field(default_factory=set)

    def offer(self, event: Event) -> None:
        """Tell everybody, if this is news."""
        if event.revision > self.latest.revision:
            self.latest = event
            for watcher in tuple(self.watchers):
                watcher.show(event)


Read = Callable[[Collection[str]], Awaitable[Mapping[str, Event]]]


class Hub:
    """At most `most` watchers of any campaigns; `read` asks the database for the counts of all of them at once."""

    def __init__(self, read: Read, most: int) -> None:
        self._read, self._most = read, most
        self._watched: dict[str, Watched] = {}
        self._looking: dict[str, asyncio.Task[Mapping[str, Event]]] = {}
        self._places = 0

    @property
    def campaigns(self) -> int:
        """How many campaigns are watched."""
        return len(self._watched)

    @property
    def streams(self) -> int:
        """How many watchers there are, those included who are just coming in."""
        return self._places

    def watchers(self) -> Iterator[Watcher]:
        """Every watcher."""
        for watched in tuple(self._watched.values()):
            yield from tuple(watched.watchers)

    async def join(self, campaign_id: str, watcher: Watcher) -> None:
        """Let a watcher in and tell it the count; raises `NotFound`, or `Busy` when the house is full."""
        if self._places >= self._most:
            raise Busy(retry_after=FULL_RETRY_SECONDS)
        self._places += 1
        let_in = False
        try:
            first = await self._first(campaign_id)
            if not watcher.is_gone():
                watched = self._watched.setdefault(campaign_id, Watched(first))
                watched.offer(first)
                watched.watchers.add(watcher)
                let_in = True
                watcher.let_in()
                watcher.show(watched.latest)
        finally:
            self._places -= not let_in

    def leave(self, campaign_id: str, watcher: Watcher) -> None:
        """Forget a watcher, and the campaign with its last one; one who never came in may leave too."""
        watched = self._watched.get(campaign_id)
        if watched is None or watcher not in watched.watchers:
            return
        watched.watchers.remove(watcher)
        self._places -= 1
        if not watched.watchers:
            del self._watched[campaign_id]

    async def poll(self) -> None:
        """Look once at all watched campaigns, and tell what is new."""
        if not self._watched:
            return
        for campaign_id, event in (await self._read(tuple(self._watched))).items():
            watched = self._watched.get(campaign_id)
            if watched is not None:
                watched.offer(event)

    async def _first(self, campaign_id: str) -> Event:
        """The count as it stands; those who come at once look once."""
        watched = self._watched.get(campaign_id)
        if watched is not None:
            return watched.latest
        looking = self._looking.get(campaign_id)
        if looking is None:
            looking = self._looking[campaign_id] = asyncio.ensure_future(_look(self._read, campaign_id))
            looking.add_done_callback(lambda _: self._looking.pop(campaign_id, None))
        event = (await asyncio.shield(looking)).get(campaign_id)
        if event is None:
            raise NotFound
        return event


async def _look(read: Read, campaign_id: str) -> Mapping[str, Event]:
    return await read((campaign_id,))


def event_of(count: Mapping[str, Any]) -> Event:
    """A live count as a server-sent event; its id is the revision, its data reads as on the campaign's page."""
    data = json.dumps(count, ensure_ascii=False, sort_keys=True)
    return Event(count["revision"], f"id: {count['revision']}\ndata: {data}\n\n".encode())
