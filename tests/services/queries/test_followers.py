"""A leader's followers: masked, newest first, with their orders counted."""

from __future__ import annotations

import pytest

from domain.actors import CLOCK
from domain.errors import Forbidden
from models import Follower
from services.paging import Page
from services.queries.followers import followers
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.builders.shops import acting
from tests.services.pickup.world import World


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def test_they_are_shown_masked_newest_first_with_orders_that_count(world: World) -> None:
    campaign = world.campaign()
    for number, name in enumerate(("赵大爷", "钱阿姨", "孙小妹")):
        who = world.resident(name)
        for _ in range(number):
            world.order(who, campaign, {"草莓": 1})
        with world.unit(CLOCK) as ctx:
            ctx.session.add(Follower(leader_id=world.leader.id, resident_id=who.id, since=world.clock.now()))
        if number:
            world.clock.advance(seconds=0.25)
    met, page = [], Page(limit=1)
    while True:
        with world.unit(world.leader) as ctx:
            part = followers(ctx, page)
        met += [(row.name, row.orders) for row in part.items]
        if part.next_key is None:
            break
        page = Page(limit=1, after=part.next_key)
    assert met == [("孙**", 2), ("钱**", 1), ("赵**", 0)]


def test_another_leader_has_none_of_them_and_residents_no_list(world: World) -> None:
    who = world.resident()
    with world.unit(CLOCK) as ctx:
        ctx.session.add(Follower(leader_id=world.leader.id, resident_id=who.id, since=world.clock.now()))
        other = acting(people.leader(ctx))
    with world.unit(other) as ctx:
        assert followers(ctx, Page()).items == []
    with pytest.raises(Forbidden), world.unit(who) as ctx:
        followers(ctx, Page())
