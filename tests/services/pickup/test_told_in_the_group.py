"""What the bound group hears of its campaign: each thing as often as it happens, and only what is true."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from domain.actors import CLOCK
from domain.ids import new_id
from models import Campaign, ChatBinding, ChatCampaign, OutboxMessage
from services.campaigns import opening
from services.queries import campaigns as reading
from tests.services.pickup.world import World, add, one


@pytest.fixture
def campaign(world: World) -> str:
    """A campaign that a group is shown."""
    campaign = world.campaign()
    with world.unit(CLOCK) as ctx:
        binding = add(ctx, ChatBinding(public_id=new_id("ChatBinding", ctx.now), channel="sandbox", purpose="group",
                                       remote_chat_id="room-1", leader_id=world.leader.id,
                                       created_at=ctx.now))  # fmt: skip
        shown = one(ctx, Campaign, campaign)
        ctx.session.add(ChatCampaign(binding_id=binding.id, campaign_id=shown.id, created_at=ctx.now))
    return campaign


def told(world: World) -> Counter[str]:
    with world.unit.reading() as ctx:
        rows = ctx.session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == "chat_outcome"))
        return Counter(payload["what"] for payload in rows)


def test_every_pause_and_every_return_is_told(world: World, campaign: str) -> None:
    for _ in range(2):
        for move in (opening.pause, opening.resume):
            with world.unit(world.leader) as ctx:
                move(ctx, campaign)
    assert told(world) == {"paused": 2, "resumed": 2}


def test_the_arrival_at_each_point_is_told_and_names_only_where_goods_stand(world: World, campaign: str) -> None:
    for point in (0, 1):
        world.order(world.resident(), campaign, {"草莓": 1}, point=point)
    world.settle(campaign)
    standing = []
    for delivery in world.dispatch(campaign):
        world.arrive(world.leader, delivery)
        with world.unit.reading() as ctx:
            standing.append([point.name for point in reading.arrived_points(ctx, one(ctx, Campaign, campaign))])
    assert standing == [["东门"], ["东门", "西门"]]
    assert told(world)["arrived"] == 2
