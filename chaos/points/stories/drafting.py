"""A campaign opened by speaking: what is missing is asked back, a draft is shown, one word opens it."""

from __future__ import annotations

from chaos.points import scenes, talking
from chaos.points.talking import hears
from chaos.points.world import SENDER, World, story
from services.campaigns import ending


@story
def drafting(world: World) -> None:
    """A leader whom the bot knows, and a group that has seen one campaign."""
    scenes.scene(world, hours=24)
    talking.known(world, "李团长")
    talking.room(world, "邻居群")


hears(drafting, "new goods", "", "李团长", "开团 苹果 58 明天20:00截 满10份成团")
hears(drafting, "what they cost", "", "李团长", "45")
hears(drafting, "whether they are fresh", "", "李团长", "2")
hears(drafting, "yes, open", "", "李团长", "1")
drafting.asks("the other is over", "leader", lambda world, ctx: ending.cancel(ctx, world["campaign"], "卖家缺货"))
talking.sends(drafting, "the group hears of it", "campaigns.carry_out", minutes=4)
hears(drafting, "the new one is brought along", "邻居群", "李团长", "发团")


@drafting.speaks
def its_card_is_posted_twice(world: World) -> None:
    """Nobody knows whether the first arrived; it is known by its key, and looked at again."""
    world.control("chat-knobs", push_lose_answers=1)
    for seconds in (1, 40, 1):
        world.wait(seconds=seconds)
        world.wake(SENDER)


hears(drafting, "known goods in the group", "邻居群", "李团长", "开团 苹果 55 明天20:00截")
hears(drafting, "open it here", "邻居群", "李团长", "1")
talking.sends(drafting, "the group sees it", seconds=4)
