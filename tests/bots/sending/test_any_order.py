"""Whatever order counts, senders, failures and crashes come in: the newest count stands, and no limit is exceeded."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bots.channels.registry import CHANNELS
from bots.sending import groups
from domain.actors import CLOCK
from services.chat import speaking, windows
from services.ports import ChatAddress, Limit, Unknown, Unreachable
from tests.bots.sending.conftest import Sender
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendChat

RUNS, STEPS, CHATS = 6, 60, 3
SECONDS_A_CALL = 0.3


class Died(BaseException):
    """The process ended inside a call."""


@dataclass
class Platform(PretendChat):
    """Counts every call against its limits, shows cards, and fails or kills its caller by chance, before or after."""

    clock: FrozenClock = field(default_factory=FrozenClock)
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    trouble: float = 0.3
    calls: list[tuple[str, datetime]] = field(default_factory=list)
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Shown under a new id."""
        self._before(address)
        remote = f"m{len(self.cards) + 1}"
        self.cards[remote] = payload
        self._afterwards()
        return remote

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """Shown from now on."""
        self._before(address)
        self.cards[remote_id] = payload
        self._afterwards()

    def _before(self, address: ChatAddress) -> None:
        self.clock.advance(seconds=self.chance.random() * SECONDS_A_CALL)
        if self.chance.random() < self.trouble / 2:
            raise self.chance.choice([Unreachable("busy"), Unreachable("often", code="429", retry_after=7), Died()])
        self.calls.append((address.chat_id, self.clock.now()))

    def _afterwards(self) -> None:
        self.clock.advance(seconds=self.chance.random() * SECONDS_A_CALL)
        if self.chance.random() < self.trouble / 2:
            raise self.chance.choice([Unknown("lost"), Died()])


def exceeded(calls: list[tuple[str, datetime]], limits: tuple[Limit, ...]) -> list[Limit]:
    """The limits that these calls broke."""
    broken = []
    for limit in limits:
        places = {chat for chat, _ in calls} if limit.scope == "chat" else {""}
        for place in places:
            times = sorted(at for chat, at in calls if place in ("", chat))
            span = timedelta(seconds=limit.seconds)
            crowds = zip(times, times[limit.count :], strict=False)
            broken += [limit for first, last in crowds if last - first < span]
    return broken


def live(sender: Sender, seed: int, trouble: float = 0.3) -> tuple[Platform, list[tuple[str, int]]]:
    """A random history; returns the platform and the (campaign, binding)s, once all has come to rest."""
    chance = random.Random(f"sending-{seed}")
    platform = Platform(kind="telegram", clock=sender.room.clock, chance=chance, trouble=0)
    sender.outside.chats["telegram"] = platform
    chats = [sender.shown("telegram", f"group-{seed}-{n}") for n in range(CHATS)]
    for campaign, _ in chats:
        sender.happens(campaign, "opened")
    sender.drain()
    platform.trouble = trouble
    for _ in range(STEPS):
        campaign, luck = chance.choice(chats)[0], chance.random()
        if luck < 0.5:
            sender.counts(campaign)
        elif luck < 0.6:
            for _ in range(3):
                sender.counts(campaign)
                sender.happens(campaign, "extended")
        else:
            _drain(sender, chance.choice([0, 0.4, 1, 3, 8]))
    platform.trouble = 0
    for campaign, _ in chats:
        sender.counts(campaign)
    for _ in range(40):
        _drain(sender, 10)
    return platform, chats


def _drain(sender: Sender, seconds: float) -> None:
    try:
        sender.drain(seconds)
    except Died:
        return


def behind(sender: Sender, platform: Platform, chats: list[tuple[str, int]]) -> list[int]:
    """Bindings whose card is not the newest."""
    found = []
    for campaign, binding in chats:
        shown = sender.standing(binding)
        with sender.room.unit.reading() as ctx:
            chat = speaking.find(ctx, binding, campaign)
            assert chat is not None
            newest = shown.card_revision == chat.campaign.revision and shown.card_ref in platform.cards
        found += [] if newest else [binding]
    return found


@pytest.mark.parametrize("seed", range(RUNS))
def test_the_newest_count_stands_and_no_limit_is_exceeded(sender: Sender, seed: int) -> None:
    platform, chats = live(sender, seed)
    assert exceeded(platform.calls, CHANNELS["telegram"].CAPABILITIES.limits) == []
    assert behind(sender, platform, chats) == []


def test_without_windows_limits_would_be_exceeded(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "next_push", lambda *_: None)
    monkeypatch.setattr(windows, "claim", lambda *_: None)
    platform, _ = live(sender, 0, trouble=0)
    assert exceeded(platform.calls, CHANNELS["telegram"].CAPABILITIES.limits)


def test_without_a_second_try_a_lost_edit_would_leave_an_old_count(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups.Group, "refresh_card", lambda _: None)
    platform, chats = live(sender, 0, trouble=0)
    assert behind(sender, platform, chats)


def test_revisions_of_a_card_only_grow(sender: Sender) -> None:
    campaign, binding = sender.shown("sandbox")
    with sender.room.unit(CLOCK) as ctx:
        chat = speaking.find(ctx, binding, campaign)
        assert chat is not None
        for revision in (5, 3, 4):
            speaking.card_shown(ctx, chat, revision)
    assert sender.standing(binding).card_revision == 5
