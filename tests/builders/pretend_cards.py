"""The platform's shared cards for tests: they obey its state machine, and calls can be scripted to fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.ports import Activity, BadNotice, CardState, GroupEntry, OutsideError, Refused, ToolState
from tests.builders.clock import NOON

_PAST = Refused("the card is past that state", code="47502")


@dataclass
class PretendCard:
    """One card as the group sees it, and every call that reached it."""

    state: str = "collecting"
    members: int = 0
    room: int = 0
    path: str = ""
    named: list[str] = field(default_factory=list)
    calls: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class PretendCards:
    """Cards by activity id. `before` may raise in place of a call, `after` once it was accepted, `during` is called in
    between; `clock` ages them.

    `group_entry` reads `opengid|group_openid|seconds ago` for the key that `login` gave.
    """

    clock: Callable[[], datetime] = lambda: NOON
    life: timedelta = timedelta(hours=24)
    cards: dict[str, PretendCard] = field(default_factory=dict)
    expires: dict[str, datetime] = field(default_factory=dict)
    before: list[OutsideError | None] = field(default_factory=list)
    after: list[OutsideError | None] = field(default_factory=list)
    during: Callable[[], None] | None = None

    def create_activity(self) -> Activity:
        """`a1`, `a2`, …"""
        self._begin()
        name = f"a{len(self.cards) + 1}"
        self.cards[name], self.expires[name] = PretendCard(), self.clock() + self.life
        return Activity(name, self.expires[name])

    def update_activity(
        self, activity_id: str, state: CardState, *, members: int = 0, room: int = 0, path: str = ""
    ) -> None:
        """0 to 0, 1, 2 and 1 to 2, nothing else."""
        card = self._card(activity_id)
        allowed = {"collecting": ("collecting", "reached", "ended"), "reached": ("ended",)}.get(card.state, ())
        if state not in allowed:
            raise _PAST
        card.state, card.path = state, path
        if state == "collecting":
            card.members, card.room = members, room
        card.calls.append((state, members))
        self._script(self.after)

    def update_chat_tool(
        self, activity_id: str, template_id: str, state: ToolState, participants: Sequence[str] = ()
    ) -> None:
        """1 to 1, 2, 3 and 2 to 3; who is named stays named."""
        card = self._card(activity_id)
        allowed = {"collecting": ("collecting", "closing", "ended"), "closing": ("ended",)}.get(card.state, ())
        if state not in allowed:
            raise _PAST
        card.state = state
        card.named += [person for person in participants if person not in card.named]
        card.calls.append((state, len(participants)))
        self._script(self.after)

    def group_entry(self, session_key: str, encrypted_data: str, iv: str) -> GroupEntry:
        """What stands in the data."""
        chat, bar, rest = encrypted_data.partition("|")
        person, _, ago = rest.partition("|")
        if not bar or session_key != "session-key":
            raise BadNotice("not genuine")
        return GroupEntry(chat, person, self.clock() - timedelta(seconds=int(ago or 0)))

    def _card(self, activity_id: str) -> PretendCard:
        self._begin()
        if activity_id not in self.cards:
            raise Refused("unknown activity", code="47501")
        if self.expires[activity_id] <= self.clock():
            raise Refused("expired", code="47504")
        return self.cards[activity_id]

    def _begin(self) -> None:
        self._script(self.before)
        if self.during is not None:
            self.during()

    def _script(self, script: list[OutsideError | None]) -> None:
        if script and (trouble := script.pop(0)) is not None:
            raise trouble
