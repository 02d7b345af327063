"""Watching how the calls of a round go, so that each channel's health is known without a transaction per message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from bots.channels import customer, wxgroup
from domain.actors import CLOCK
from domain.errors import Busy
from services.chat import channel_health
from services.chat.channel_health import Tried
from services.context import Unit
from services.ports import ChatMoved, Outside, OutsideError, Refused

PROGRAM = {
    "send_customer_text": customer.KIND, "update_activity": wxgroup.KIND, "update_chat_tool": wxgroup.KIND,
}  # fmt: skip
"""The mini-program's calls that are a channel's."""


@dataclass
class Watch:
    """One round over `real`: hand out `outside`, then `keep` what was seen."""

    real: Outside
    seen: dict[str, Tried] = field(default_factory=dict)

    @property
    def outside(self) -> Outside:
        """The same outside, watched."""
        chats: dict[str, Any] = {
            kind: _Watched(chat, {"push": kind, "edit": kind}, self) for kind, chat in self.real.chats.items()
        }
        return replace(self.real, mini_program=_Watched(self.real.mini_program, PROGRAM, self), chats=chats)

    def worked(self, channel: str) -> None:
        """The channel did what was asked."""
        before = self.seen.get(channel)
        self.seen[channel] = Tried(channel, worked=True, error=before.error if before else "")

    def failed(self, channel: str, error: Exception) -> None:
        """The channel could not be reached, or nobody knows what it did."""
        before = self.seen.get(channel, Tried(channel, worked=False))
        words = f"{type(error).__name__} {getattr(error, 'code', '')}".strip()
        self.seen[channel] = replace(before, failures=before.failures + 1, error=words)

    def keep(self, unit: Unit) -> None:
        """Note what was seen; where the database is busy it goes unnoted, for the next round sees it too."""
        if self.seen:
            with suppress(Busy), unit(CLOCK) as ctx:
                channel_health.note(ctx, list(self.seen.values()))


class _Watched:
    """Stands for a part of the outside; what the named calls come to is told to the watch.

    A refusal is about one message or one person: it says neither that the channel works nor that it does not.
    """

    def __init__(self, part: object, channels: Mapping[str, str], watch: Watch) -> None:
        self._part, self._channels, self._watch = part, channels, watch

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        channel = self._channels.get(name)
        return partial(self._call, channel, found) if channel else found

    def _call(self, channel: str, act: Callable[..., Any], *given: Any, **named: Any) -> Any:
        try:
            result = act(*given, **named)
        except (Refused, ChatMoved):
            raise
        except OutsideError as error:
            self._watch.failed(channel, error)
            raise
        self._watch.worked(channel)
        return result
