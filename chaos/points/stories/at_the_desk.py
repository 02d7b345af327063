"""Orders that are paid when they are fetched: drawers, cash, WeChat at the desk, and people who never come."""

from __future__ import annotations

from chaos.points import scenes
from chaos.points.world import World, story
from models import Shift
from services.desk_money import cash, shifts, wechat
from services.desk_money.cash import TakeCash
from services.desk_money.shifts import CloseShift
from services.flows import paying


@story
def at_the_desk(world: World) -> None:
    """Five orders stand at the point, none is paid."""
    made = scenes.scene(world, payment_policy="on_pickup")
    for place, who in enumerate(scenes.NAMES):
        scenes.ordered(world, made, f"order {place}", who, 草莓=1, 纸巾=1)
    scenes.arrived(world, made)


at_the_desk.asks("drawer", "staff", lambda world, ctx: shifts.begin(ctx))
at_the_desk.asks("cash is taken", "staff",
                 lambda world, ctx: cash.take(ctx, TakeCash((world["order 0"],), "code")))  # fmt: skip
at_the_desk.asks("cash for two", "staff", lambda world, ctx: cash.take(
    ctx, TakeCash((world["order 1"], world["order 2"]), "code")))  # fmt: skip
at_the_desk.asks("wechat is opened", "staff", lambda world, ctx: wechat.begin(ctx, world["order 3"]))


@at_the_desk.act
def the_buyer_asks_to_pay(world: World) -> None:
    """On their own phone."""
    asked = paying.ask_to_pay(world.unit, world.theatre.outside, world.buyer("赵敏"), world["order 3"])
    world.notes["params"] = asked.params


at_the_desk.add("the buyer pays", lambda world: world.pay(world["params"], "赵敏"))
at_the_desk.add("the desk hears of it", lambda world: world.post())
at_the_desk.asks("the drawer is counted", "staff", lambda world, ctx: shifts.close(
    ctx, CloseShift(world["drawer"], world.rows(Shift)[0].taken_fen - 100, "找错零钱")))  # fmt: skip
at_the_desk.asks("the drawer is received", "leader", lambda world, ctx: shifts.receive(ctx, world["drawer"]))
at_the_desk.wakes("nobody came", "pickup.lapse_unpaid", days=4)
