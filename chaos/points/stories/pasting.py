"""A list that neighbours wrote is pasted: which campaign, what changes, taken in once or forgotten."""

from __future__ import annotations

from datetime import timedelta

from chaos.points import scenes, talking
from chaos.points.talking import hears
from chaos.points.world import World, story
from services.campaigns import copying, opening
from services.campaigns.copying import CopyCampaign

LIST = "#接龙\n今天的\n1. 张三 3-502 草莓2份\n2. 李四 草莓1份\n3. 王阿姨 纸巾3份 13800001111"
LATER = LIST + "\n4. 小明 草莓1份"


@story
def pasting(world: World) -> None:
    """A leader whom the bot knows, with two campaigns that sell the same."""
    scenes.scene(world, hours=24)
    with world.unit(world.actor("leader")) as ctx:
        again = copying.copy(ctx, world["campaign"], CopyCampaign(ctx.now + timedelta(hours=30), title="周六再来"))
        opening.open_now(ctx, again.public_id)
    talking.known(world, "李团长")


hears(pasting, "a list of one of two", "", "李团长", LIST)
hears(pasting, "it is the second", "", "李团长", "2")
hears(pasting, "it is taken in", "", "李团长", "1")
hears(pasting, "a longer one", "", "李团长", LATER)
hears(pasting, "again the second", "", "李团长", "2")
hears(pasting, "it is not wanted", "", "李团长", "2")
hears(pasting, "the longer one once more", "", "李团长", LATER)
hears(pasting, "still the second", "", "李团长", "2")
hears(pasting, "now it is taken in", "", "李团长", "1")
pasting.wakes("the texts are forgotten", "chat.forget_old", days=8)
