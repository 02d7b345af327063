"""A desk without a network: it takes the lease along, hands out, comes back, and one order had been fetched twice."""

from __future__ import annotations

from chaos.points import scenes
from chaos.points.world import World, story
from models import DeskLease, LossCase
from services import remarks
from services.flows import desk
from services.pickup import batching, leases, losses
from services.pickup.batching import OneOfBatch
from services.pickup.leases import TakeLease
from services.pickup.reporting import HandedOut
from services.remarks import Remark


@story
def offline(world: World) -> None:
    """Four paid orders stand at the point."""
    made = scenes.scene(world)
    for place, who in enumerate(scenes.NAMES[:4]):
        scenes.ordered(world, made, f"order {place}", who, 草莓=1, 纸巾=1)
    scenes.arrived(world, made)


offline.asks("the leader notes something", "leader",
             lambda world, ctx: remarks.remark(ctx, Remark(world["order 0"], "放门口", ["老客户"])))  # fmt: skip
offline.asks("a device takes the lease", "staff", lambda world, ctx: leases.take(ctx, TakeLease("柜台手机")))
offline.asks("others hand out meanwhile", "leader at the desk", lambda world, ctx: batching.redeem_each(
    ctx, [OneOfBatch(world["order 0"]), OneOfBatch(world["order 3"])]))  # fmt: skip


@offline.act
def it_comes_back_and_reports(world: World) -> None:
    """One order, a part of another, and one that somebody had fetched."""
    lease = world.rows(DeskLease)[0].public_id
    noted = [
        HandedOut(f"note-000{place}", world[f"order {place}"], dict.fromkeys(chosen, 1), None, world.clock.now())
        for place, chosen in (
            (1, world.lines(world["order 1"])),
            (2, world.lines(world["order 2"])[:1]),
            (0, world.lines(world["order 0"])),
        )
    ]
    desk.report(world.theatre.product, world.actor("staff"), lease, noted)


offline.asks("a loss is closed", "leader",
             lambda world, ctx: losses.close(ctx, world.rows(LossCase)[0].public_id, "店里承担"))  # fmt: skip
offline.asks("the lease is given back", "staff", lambda world, ctx: leases.give_back(ctx))
offline.asks("it is taken again", "staff", lambda world, ctx: leases.take(ctx, TakeLease("柜台手机")))
offline.asks("the device is lost", "leader", lambda world, ctx: leases.take_away(ctx, world["point"]))
