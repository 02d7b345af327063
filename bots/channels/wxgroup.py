"""Neighbours' own WeChat groups: no bot hears or speaks there; a person posts the card, the server keeps it current."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.channels.texts import cut_bytes, no_mark
from bots.messages import Card, Heard, Reply
from services.chat import share_cards
from services.ports import BadNotice, Capabilities, Limit

KIND = "wxgroup"
HEARD_AS_MEANT = False
MOST_BYTES = 2048
CAPABILITIES = Capabilities(
    hears="nothing", speaks="never", edits="count", buttons=False, max_bytes=MOST_BYTES, sends_once=True,
    people_post=True, limits=(Limit("chat", 1, 2),),
)  # fmt: skip
"""A card's numbers are absolute, so a call whose fate is unknown may be repeated; one call per card in two seconds is
our own measure, for the platform names none."""


def parse(message: Mapping[str, Any]) -> Heard | None:
    """Nothing is ever heard of such a group: whatever claims to come from one is no notice. Raises `BadNotice`."""
    raise BadNotice("nothing is heard of WeChat groups")


def render(heard: Heard, reply: Reply) -> dict[str, Any] | None:
    """Nobody was heard, so nobody is answered."""
    return None


def line(text: str, mentions: tuple[str, ...] = ()) -> dict[str, Any]:
    """Words that a person may put into the group with one tap; nobody can be called there."""
    return {"text": cut_bytes(no_mark(text), MOST_BYTES)}


def card(shown: Card, name: str) -> dict[str, Any]:
    """What the sharing sheet needs at the least; the ticket that keeps the card current is made by `/shares`."""
    return {
        "title": cut_bytes(no_mark(f"{shown.title} {shown.count}"), MOST_BYTES),
        "path": share_cards.path(shown.campaign_id, name),
    }
