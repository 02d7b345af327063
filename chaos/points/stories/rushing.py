"""Joins, notices and hand-overs by the committer: one alone, many in one transaction, too many, known ones again."""

from __future__ import annotations

from typing import Any

from chaos.points import scenes
from chaos.points.rushing import HandOut, Join, ask_together, post_together
from chaos.points.world import World, story
from models import Redemption
from services import sessions
from services.flows import paying
from services.pickup.undoing import Undo, undo
from tests.builders.campaigns import Terms

FIVE = scenes.NAMES
SCARCE = Terms("草莓", 2990, quota=9, per_person=4, tiers=((6, 2690),), fresh=True)


@story
def rushing(world: World) -> None:
    """An open campaign whose goods are scarce; when four have joined it closes."""
    scenes.scene(world, SCARCE, scenes.TISSUE, minimum=4, close_on_target=True)


@story
def rushing_to_the_desk(world: World) -> None:
    """The same, paid when it is fetched: whoever joins counts at once."""
    scenes.scene(world, SCARCE, scenes.TISSUE, payment_policy="on_pickup", minimum=4)


FIRST = Join(FIVE[0], "the first order", {"草莓": 2, "纸巾": 1})
CROWD = (
    Join(FIVE[1], "the second order", {"草莓": 3}),
    Join(FIVE[2], "the third order", {"纸巾": 2, "草莓": 1}),
    Join(FIVE[3], "too much for one", {"草莓": 5}),
    Join(FIVE[0], "the first again", {"纸巾": 1}),
    Join(FIVE[4], "the fifth order", {"草莓": 2}),
    Join(FIVE[3], "more than is left", {"草莓": 2}),
    FIRST,
)
for told in (rushing, rushing_to_the_desk):
    told.add("one joins", FIRST)
    told.add("many join", lambda world: ask_together(world, CROWD))
    told.add("the last units", Join(FIVE[3], "the fourth order", {"草莓": 1}))
    told.add("sold out", lambda world: ask_together(world, [
        Join(who, f"in vain {who}", {"草莓": 1}) for who in FIVE]))  # fmt: skip


def _pay(world: World, *orders: tuple[str, str], **knobs: Any) -> None:
    world.control("knobs", reset=True, **knobs)
    for who, order in orders:
        asked = paying.ask_to_pay(world.unit, world.theatre.outside, world.buyer(who), world[order])
        world.pay(asked.params, who)


rushing.add("one pays", lambda world: _pay(world, (FIVE[0], "the first order")))
rushing.add("its notice comes", lambda world: world.post())
rushing.add("two pay", lambda world: _pay(
    world, (FIVE[1], "the second order"), (FIVE[2], "the third order"), duplicate_notices=2))  # fmt: skip
rushing.add("their notices come together, each twice", post_together)
rushing.add("two more pay", lambda world: _pay(
    world, (FIVE[3], "the fourth order"), (FIVE[4], "the fifth order")))  # fmt: skip
rushing.add("the campaign is full, and one too many pays", post_together)
rushing.wakes("it is decided", "campaigns.decide_outcome", minutes=4)
rushing.wakes("it is carried out", "campaigns.carry_out")


@story
def rushing_to_fetch(world: World) -> None:
    """Five paid orders stand at the point, and a device is logged in there."""
    made = scenes.scene(world)
    for place, who in enumerate(FIVE):
        scenes.ordered(world, made, f"order {place}", who, 草莓=1 + place % 2, 纸巾=1)
    scenes.arrived(world, made)
    staff = world.actor("staff")
    with world.unit(staff) as ctx:
        world.notes["desk token"] = sessions.open_session(
            ctx, "station", resident_id=staff.resident_id, staff_id=staff.id
        )


rushing_to_fetch.add("one fetches", HandOut("order 0", "the first"))
rushing_to_fetch.add("many fetch, one of them twice", lambda world: ask_together(world, [
    HandOut("order 1", "the second"), HandOut("order 2", "the third"), HandOut("order 0", "the first"),
    HandOut("order 1", "the second again"), HandOut("order 3", "the fourth")]))  # fmt: skip
rushing_to_fetch.asks("it was the wrong one", "leader",
                      lambda world, ctx: undo(ctx, Undo(world.rows(Redemption)[0].public_id, "点错了")))  # fmt: skip
rushing_to_fetch.add("they come again", lambda world: ask_together(world, [
    HandOut("order 0", "once more"), HandOut("order 4", "the fifth")]))  # fmt: skip
