"""Goods on their way, counted short, shared out, fetched, taken back, refused, lapsed; the platform told of it all."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from chaos.points import scenes
from chaos.points.world import World, story
from models import Delivery, Notification, Payment, Redemption
from services import audit, inbox, shipping_watch
from services.flows import evidence
from services.pickup import codes, deliveries, shortages
from services.pickup.arriving import Arrive, arrive
from services.pickup.redeeming import Redeem, redeem
from services.pickup.refusing import RefuseUnits, refuse
from services.pickup.shortages import CommitShortage
from services.pickup.undoing import Undo, undo

LOST_PICTURE = "a picture whose answer was lost is uploaded once more"


@story
def fetching(world: World) -> None:
    """Five paid orders of a campaign that formed; the platform freezes what is paid."""
    made = scenes.scene(world, frozen=True)
    for place, who in enumerate(scenes.NAMES):
        scenes.ordered(world, made, f"order {place}", who, 草莓=2, 纸巾=1)
    scenes.settled(world, made)


def picture() -> bytes:
    """A small one."""
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "PNG")
    return drawn.getvalue()


def _delivers(name: str, step: Any) -> None:
    fetching.asks(name, "leader", lambda world, ctx: step(ctx, world.rows(Delivery)[0].public_id))


fetching.asks("it is dispatched", "leader", lambda world, ctx: deliveries.dispatch(ctx, world["campaign"]))
_delivers("it is picked", deliveries.pick)
_delivers("it is shipped", deliveries.ship)
fetching.add("it is counted", lambda world: world.notes.update(counted=scenes.counts(world, short=1)))
fetching.asks("it arrives short", "staff",
              lambda world, ctx: arrive(ctx, Arrive(world.rows(Delivery)[0].public_id, world["counted"])))  # fmt: skip
fetching.wakes("the leader is reminded", "pickup.remind_of_shortages", hours=7)
fetching.asks("an alert is dealt with", "operator",
              lambda world, ctx: audit.deal_with(ctx, audit.open_alerts(ctx)[0].id))  # fmt: skip


@fetching.act
def the_shortage_is_shared_out(world: World) -> None:
    """As the dry run says."""
    leader = world.actor("leader")
    with world.unit.reading(leader) as ctx:
        plan = shortages.plan(ctx, world["campaign"])
    world.do(leader, lambda ctx: shortages.commit(ctx, CommitShortage(world["campaign"], plan.digest)))


fetching.wakes("what was short goes back", "refunds.submit_due", seconds=65)
fetching.wakes("the platform is told", "shipping.upload_due", seconds=65)
fetching.asks("a notice is read", "王小明", lambda world, ctx: inbox.mark_read(
    ctx, world.rows(Notification, Notification.resident_id == ctx.resident_id)[0].public_id))  # fmt: skip
fetching.asks("a code is drawn again", "李静", lambda world, ctx: codes.reissue(ctx, world["order 1"]))
fetching.asks("one fetches", "staff", lambda world, ctx: redeem(ctx, Redeem((world["order 0"],), "code")))
fetching.asks("it was the wrong one", "leader",
              lambda world, ctx: undo(ctx, Undo(world.rows(Redemption)[0].public_id, "点错了")))  # fmt: skip
fetching.asks("one fetches a part", "staff", lambda world, ctx: redeem(
    ctx, Redeem((world["order 0"],), "code", {world.lines(world["order 0"])[0]: 1})))  # fmt: skip
fetching.asks("several fetch", "staff",
              lambda world, ctx: redeem(ctx, Redeem((world["order 0"], world["order 1"]), "batch")))  # fmt: skip


@fetching.may_repeat("evidence audit_records", LOST_PICTURE)
def a_broken_unit_is_pictured(world: World) -> None:
    """At the desk."""
    shown = evidence.upload(world.theatre.product, world.actor("staff"), "broken", picture())
    world.notes["picture"] = shown
    evidence.read(world.theatre.product, world.actor("staff"), shown)


fetching.asks("it is refused", "staff", lambda world, ctx: refuse(ctx, RefuseUnits(
    world["order 2"], {world.lines(world["order 2"])[0]: 1}, (world["picture"],))))  # fmt: skip
fetching.wakes("its money goes back", "refunds.submit_due", seconds=65)


@fetching.act
def the_platform_speaks(world: World) -> None:
    """Of the goods, and of money it let go."""
    payment = world.rows(Payment)[2]
    said = {"transaction_id": payment.transaction_id, "merchant_trade_no": payment.public_id}
    for word in ({"Event": shipping_watch.REMINDER}, {"Event": shipping_watch.SETTLEMENT, "settlement_time": 1}):
        world.do(world.who("system"), lambda ctx, word=word: shipping_watch.hear(ctx, {**said, **word}))  # type: ignore[misc]  # bound to this turn


fetching.wakes("the platform is asked", "shipping.watch", hours=60)


fetching.wakes("nobody came in time", "pickup.remind_due", "pickup.lapse_due", hours=24)
fetching.wakes("after-sales time is over", "orders.complete_due", "commissions.release_due", days=8)
fetching.wakes("the campaign is over", "campaigns.complete_due", seconds=5)
fetching.wakes("the week turns", "settlements.draft_weekly", days=7)
