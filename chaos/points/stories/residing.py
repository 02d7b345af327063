"""What residents do beside buying: follow, agree, allow messages, fetch elsewhere, send a neighbour, and leave."""

from __future__ import annotations

from chaos.points import scenes
from chaos.points.world import World, story
from domain.actors import SYSTEM
from models import CampaignPoint, Leader, PickupPass
from services import consents, following, leaving, moving_points, subscriptions
from services.pickup import passes
from tests.builders import people

TEMPLATES = {"arrived": "T-1", "refund": "T-2", "formed": "T-3"}


@story
def residing(world: World) -> None:
    """A paid order in an open campaign of two points; 周涛 has bought nothing."""
    made = scenes.scene(world)
    with world.unit(SYSTEM) as ctx:
        leader = ctx.session.get_one(Leader, made.leader_id)
        other = people.point(ctx, leader, "西门")
        ctx.session.add(CampaignPoint(campaign_id=made.campaign_id, point_id=other.id))
        world.notes.update(led_by=leader.public_id, other_point=other.public_id)
    scenes.ordered(world, made, "order", "王小明", 草莓=1)


residing.asks("one follows", "周涛", lambda world, ctx: following.follow(ctx, world["led_by"]))
residing.asks("and no longer", "周涛", lambda world, ctx: following.leave(ctx, world["led_by"]))
residing.asks("one follows again", "周涛", lambda world, ctx: following.follow(ctx, world["led_by"]))
residing.asks("one agrees", "周涛", lambda world, ctx: consents.agree(ctx, "privacy", consents.PRIVACY.version))
residing.asks("one allows a message", "周涛",
              lambda world, ctx: subscriptions.answered(ctx, TEMPLATES, {"T-1": "accept"}))  # fmt: skip
residing.asks("it goes out", "周涛",
              lambda world, ctx: subscriptions.used(ctx, ctx.resident_id, "arrived", sent=True))  # fmt: skip
residing.asks("one will fetch elsewhere", "王小明",
              lambda world, ctx: moving_points.move(ctx, world["order"], world["other_point"]))  # fmt: skip
residing.asks("one asks a neighbour", "王小明", lambda world, ctx: passes.make(ctx, world["order"], "李静"))
residing.asks("and another instead", "王小明", lambda world, ctx: passes.make(ctx, world["order"], "陈晨"))
residing.asks("and nobody after all", "王小明", lambda world, ctx: passes.revoke(
    ctx, world["order"], world.rows(PickupPass, PickupPass.state == "issued")[0].public_id))  # fmt: skip
residing.asks("one leaves for good", "周涛", lambda world, ctx: leaving.leave(ctx))
