"""Whatever is lost, late or doubled, the card ends where the campaign ended, and never goes back on the way."""

from __future__ import annotations

import random

import pytest

from domain.actors import SYSTEM
from models import Campaign
from services import announcing, closing
from services.ports import OutsideError, Unknown, Unreachable
from tests.bots.sharing.group import Group
from tests.services.pickup.world import one

TROUBLE: list[OutsideError | None] = [
    Unreachable("busy", code="-1"), Unreachable("full", code="45009", retry_after=60), Unknown("time-out"), None, None,
]  # fmt: skip


def change(group: Group, campaign: str, dice: random.Random) -> None:
    """The counters move as orders move them, with the messages of the same transaction."""
    with group.unit(SYSTEM) as ctx:
        row = one(ctx, Campaign, campaign)
        row.participant_count = max(0, row.participant_count + dice.choice((-1, 1, 1, 2)))
        row.revision += 1
        ctx.session.flush()
        announcing.progress(ctx, row)


def finish(group: Group, campaign: str, state: str) -> None:
    """The outcome is stored."""
    with group.unit(SYSTEM) as ctx:
        row = one(ctx, Campaign, campaign)
        row.state, row.revision = state, row.revision + 1
        ctx.session.flush()
        announcing.outcome(ctx, row, state)


@pytest.mark.breaks_invariants
@pytest.mark.parametrize("seed", range(12))
def test_the_card_ends_at_the_newest_state(group: Group, seed: int) -> None:
    dice = random.Random(seed)
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    platform = group.outside.mini_program
    ends = dice.choice((None, "formed", "failed", "cancelled"))
    for _ in range(dice.randint(10, 25)):
        platform.before, platform.after = [dice.choice(TROUBLE)], [dice.choice((None, None, Unknown("time-out")))]
        if dice.random() < 0.6:
            change(group, campaign, dice)
        group.world.clock.advance(seconds=dice.choice((0, 1, 2, 5, 31)))
        group.drain()
    if ends:
        finish(group, campaign, ends)
    platform.before, platform.after = [Unreachable("busy", code="-1")], [Unknown("time-out")]
    for _ in range(30):
        group.world.clock.advance(seconds=11)
        group.drain()
    card = group.card(ticket)
    with group.unit.reading() as ctx:
        people = one(ctx, Campaign, campaign).participant_count
    assert (card.state, card.members) == {
        None: ("collecting", people), "formed": ("reached", card.members),
    }.get(ends, ("ended", card.members))  # fmt: skip
    states = [state for state, _ in card.calls]
    assert states == sorted(states, key=["collecting", "reached", "ended"].index)
    assert ends is None or states.count(states[-1]) == 1
    assert not [message for message in group.messages("share_update") if message.state not in ("sent",)]


def test_closing_does_not_end_a_card_that_may_go_on(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    with group.unit(SYSTEM) as ctx:
        row = one(ctx, Campaign, campaign)
        group.world.clock.set(row.closes_at)
        assert closing.close_overdue(ctx, row.id)
    group.rest(5)
    with group.unit(group.world.leader) as ctx:
        row = one(ctx, Campaign, campaign)
        assert closing.extend(ctx, row, ctx.now.replace(hour=10))
    group.buy(campaign)
    group.rest()
    assert group.count(ticket) == "1/10"
