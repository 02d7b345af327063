"""The table on docs/bot.md is what the adapters declare."""

from __future__ import annotations

from bots.channels.registry import CHANNELS
from services.ports import Capabilities, Limit
from tests.house.source_tree import REPOSITORY

HEARS = {"mentions": "what @-s it", "everything": "everything", "alone": "one to one", "nothing": "nothing"}
SPEAKS = {"freely": "freely", "in_window": "in its window", "never": "never"}
EDITS = {
    "any": "at any time", "on_click": "in the answer to a press", "count": "its count and end", "never": "never",
}  # fmt: skip
SCOPES = {"chat": "a chat", "person": "a person", "channel": "the channel"}
YES_OR_NO = {True: "yes", False: "no"}


def test_the_page_shows_what_each_channel_declares() -> None:
    page = (REPOSITORY / "docs" / "bot.md").read_text(encoding="utf-8").splitlines()
    shown = [line for line in page if any(line.startswith(f"| `{kind}` |") for kind in CHANNELS)]
    assert sorted(shown) == sorted(row(kind, one.CAPABILITIES) for kind, one in CHANNELS.items())


def row(kind: str, can: Capabilities) -> str:
    """The channel's line of the table."""
    cells = (
        f"`{kind}`", HEARS[can.hears], SPEAKS[can.speaks], EDITS[can.edits], YES_OR_NO[can.buttons],
        YES_OR_NO[can.streams], "person" if can.people_post else "bot", "once" if can.sends_once else "twice",
        f"{can.max_bytes} B", ", ".join(map(words, can.limits)),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def words(limit: Limit) -> str:
    """`20 in 60 s a chat, then shut out 60 s`."""
    pause = f", then shut out {limit.cool_down} s" if limit.cool_down else ""
    hours, rest = divmod(limit.seconds, 3600)
    time = f"{limit.seconds} s" if rest else f"{hours} h"
    return f"{limit.count} in {time} {SCOPES[limit.scope]}{pause}"
