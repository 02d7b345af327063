"""What a pasted list means for its campaign at this moment: read, compared with what stood, and with the orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bots.jielong.comparing import Changes, Named, compare
from bots.jielong.entries import Entry
from bots.jielong.reading import PastedRoster, read_list
from bots.parsing import OfferName
from models import Campaign
from services.chat import pasted_lists
from services.chat.pasted_lists import TOGETHER, Pasted
from services.context import Ctx


@dataclass(frozen=True)
class Standing:
    """A list, what it changes, and how many of its names have ordered."""

    roster: PastedRoster
    changes: Changes
    ordered: int

    @property
    def unclear(self) -> list[Entry]:
        """The entries that somebody must look at."""
        return [entry for entry in self.roster.entries if entry.unclear]


def standing_of(ctx: Ctx, campaign: Campaign, this: Pasted, offers: Sequence[OfferName], bot_name: str) -> Standing:
    """Read the list and compare it with the names that stand, and with lists pasted moments before it."""
    roster = read_list(this.text, offers, bot_name)
    known = pasted_lists.invited(ctx, campaign, this.title_key)
    young_since = this.pasted_at - TOGETHER
    before = [Named(one.position, one.name, one.units) for one in known]
    young = [Named(one.position, one.name, one.units) for one in known if one.added_at > young_since]
    old = {one.name for one in known if one.added_at <= young_since}
    for text in pasted_lists.pasted_just_before(ctx, this, campaign):
        seen = [one for one in named(read_list(text, offers, bot_name)) if one.name not in old]
        young += compare(young, seen).new
    taken_back = {entry.name for entry in roster.entries if entry.cancelled}
    after = named(roster)
    changes = compare(before, after, [one for one in young if one.name not in taken_back])
    ordered = pasted_lists.ordered_names(ctx, campaign)
    names = [one.name for one in changes.standing]
    return Standing(roster, changes, sum(min(names.count(name), ordered[name]) for name in set(names)))


def named(roster: PastedRoster) -> list[Named]:
    """The names that stand on a list: who was taken back does not."""
    return [
        Named(entry.index, entry.name, dict(entry.units))
        for entry in roster.entries
        if entry.name and not entry.cancelled
    ]
