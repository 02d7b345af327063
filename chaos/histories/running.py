"""Steps of time, of the leader and of the gateway's moods: closing, sweeping, outages, empty accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chaos.histories.steps import Scenery, always, step
from chaos.histories.world import Choices, World
from domain.campaigns import CloseReason
from domain.errors import WrongState
from models import Campaign
from services import closing


@step(always(2))
def a_while(world: World, choose: Choices) -> None:
    """Minutes pass and the clock wakes."""
    world.stage.clock.advance(seconds=choose.one_of((20, 70, 400, 2000)))
    world.sweep(choose)
    world.post()


@step(lambda at: 2 if at.settled else 0)
def a_day(world: World, choose: Choices) -> None:
    """A day or a week passes."""
    world.stage.clock.advance(hours=choose.one_of((10, 25, 25, 24 * 8)))
    for _ in range(choose.one_of((1, 1, 2))):
        world.sweep(choose)
        world.post()


def _closing_is_near(at: Scenery) -> int:
    """Rare at first, certain to come after a third of the history."""
    if at.campaign not in ("open", "paused"):
        return 0
    return 1 if at.number < at.of // 4 else 60


@step(_closing_is_near)
def deadline(world: World, choose: Choices) -> None:
    """The deadline passes; holds run out, the clock settles."""
    campaign = world.campaign
    world.stage.clock.set(max(world.stage.clock.now(), campaign.closes_at + timedelta(seconds=1)))
    world.sweep()
    if choose.chance(90):
        world.stage.clock.advance(minutes=4)
        for _ in range(3):
            world.sweep()
            world.post()


@step(lambda at: 12 if at.campaign == "closed" or (at.campaign in ("formed", "failed") and not at.settled) else 0)
def settle(world: World, choose: Choices) -> None:
    """What was held up goes on: the grace passes, and the clock settles."""
    world.heal()
    world.stage.clock.advance(minutes=4)
    for _ in range(3):
        world.sweep()
        world.post()


@step(lambda at: 1 if at.campaign in ("open", "paused") and at.number > at.of // 8 else 0)
def leader_closes(world: World, choose: Choices) -> None:
    """The leader closes early."""
    with world.unit(world.scene.leader) as ctx:
        if not closing.close(ctx, ctx.session.get_one(Campaign, world.scene.campaign_id), CloseReason.LEADER):
            raise WrongState(state="closed", event="close")


@step(lambda at: 1 if at.campaign in ("formed", "fulfilling") and at.number % 4 == 3 else 0)
def leader_cancels(world: World, choose: Choices) -> None:
    """The leader gives up, seldom; what was not handed over goes back."""
    with world.unit(world.scene.leader) as ctx:
        closing.cancel(ctx, ctx.session.get_one(Campaign, world.scene.campaign_id), "卖家缺货")
    for _ in range(2):
        world.sweep()
        world.post()


@step(always(1))
def gateway_mood(world: World, choose: Choices) -> None:
    """Replies get lost, errors come after the work was done, the account is empty, refunds end badly."""
    moods: tuple[dict[str, Any], ...] = (
        {"gateway_outage": "drop_after_commit"}, {"gateway_outage": "error_after_commit"}, {"gateway_outage": "refuse"},
        {"not_enough": 1}, {"refund_result": "CLOSED", "refund_result_times": 1},
        {"refund_result": "ABNORMAL", "refund_result_times": 1}, {"frequency_limited": 2}, {"lose_notices": 2},
    )  # fmt: skip
    world.stage.sandbox.control("knobs", **choose.one_of(moods))
    world.moody = True


@step(lambda at: 6 if at.things["moods"] else 0)
def gateway_recovers(world: World, choose: Choices) -> None:
    """Everything works again."""
    world.heal()
    world.sweep(choose)
    world.post()
