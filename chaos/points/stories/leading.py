"""What a leader does in a chat with a running campaign: reminding, closing, saying that the goods have come."""

from __future__ import annotations

from chaos.points import scenes, talking
from chaos.points.talking import hears
from chaos.points.world import World, story
from models import ChatBinding, Resident
from services import ordering
from services.ordering import PlaceOrder
from services.paging import Page
from services.queries import transcripts


@story
def leading(world: World) -> None:
    """A group and a staff chat; two have paid, one has not."""
    made = scenes.scene(world, hours=24)
    talking.known(world, "李团长", "店员", "王小明")
    talking.room(world, "邻居群")
    talking.staff_room(world, "店员群")
    for place, who in enumerate(scenes.NAMES[:2]):
        scenes.ordered(world, made, f"order {place}", who, 草莓=1, 纸巾=1)
    with world.unit(world.buyer("陈晨")) as ctx:
        ordering.place(ctx, PlaceOrder(world["campaign"], world["point"], ((world["offers"]["草莓"], 1),)))


hears(leading, "the unpaid are reminded", "邻居群", "李团长", "催付")
talking.sends(leading, "they read it", seconds=talking.RESTED)
hears(leading, "nobody is reminded twice", "邻居群", "李团长", "催付")
hears(leading, "the leader closes", "邻居群", "李团长", "截团")
hears(leading, "yes, close", "邻居群", "李团长", "1")
leading.wakes("the unpaid one lapses, and it is decided", "orders.expire_due", "campaigns.decide_outcome", minutes=31)
leading.wakes("it is carried out", "campaigns.carry_out", "campaigns.carry_out")
hears(leading, "staff say too early that it came", "店员群", "店员", "到货")
hears(leading, "the leader says that it came", "邻居群", "李团长", "到货")
hears(leading, "all of it", "邻居群", "李团长", "1")
leading.asks("an operator reads along", "operator", lambda world, ctx: len(
    transcripts.of_chat(ctx, world.rows(ChatBinding)[0].public_id, "投诉", Page()).items))  # fmt: skip
leading.asks("and what somebody said alone", "operator", lambda world, ctx: len(
    transcripts.of_resident(ctx, world.rows(Resident)[0].public_id, "投诉", Page()).items))  # fmt: skip
