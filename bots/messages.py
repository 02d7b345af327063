"""What is heard and said, free of any channel: each channel turns its payloads into these and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.chat.sessions import Place


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    label: str
    url: str


@dataclass(frozen=True)
class Code:
    """The pickup code of an order (public id): filled in when the answer leaves, kept nowhere."""

    order_id: str


Part = str | Link | Code


@dataclass(frozen=True)
class Heard:
    """One message, click or visit. `key` is the same on a repeat; `card` is the pressed card's own id.

    `subject` is the public id in the pressed button's key, `units` what the card's selector stood at. `answer_to` is
    what an answer must carry: a press's id, an address that is good once. A `poll` asks for the state of an answer
    that is still open (`subject` is its name); `moved` says that the chat goes on as `subject`. `said_at` is the Unix
    second of it by the platform's clock where that opens a window, else 0.
    """

    place: Place
    key: str
    kind: Literal["message", "click", "enter", "poll", "moved"]
    group: bool
    text: str = ""
    action: str = ""
    subject: str = ""
    units: int = 1
    card: str = ""
    answer_to: str = ""
    said_at: int = 0


@dataclass(frozen=True)
class CardOffer:
    """One line of a card; `free` is None without a quota, `milestone` says how far the next lower price is."""

    name: str
    price: str
    unit: str
    free: int | None
    milestone: str = ""


@dataclass(frozen=True)
class Card:
    """A campaign as a card at one `revision`; `units` are the quantities one may choose (one offer only).

    A `draft` has one button, which opens it. `brought` says how the goods come, "" for those fetched at `points`.
    """

    campaign_id: str
    revision: int
    title: str
    count: str
    standing: str
    closes_at: datetime
    points: tuple[str, ...]
    offers: tuple[CardOffer, ...]
    takes_orders: bool
    units: tuple[int, ...]
    link: str
    orders_link: str
    note: str = ""
    draft: bool = False
    brought: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer; nothing in it means silence. `private` shows a changed card to the one who pressed it only.

    `handed_over` says that a pickup code was right: its field need not stay slow. `live` is the campaign (public id)
    of whose count the words speak, so that a channel that can may keep them current for a while.
    """

    parts: tuple[Part, ...] = ()
    card: Card | None = None
    private: bool = False
    handed_over: bool = False
    live: str = ""


def say(*parts: Part) -> Reply:
    """An answer in words."""
    return Reply(parts)


SILENCE = Reply()
