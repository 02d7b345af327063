"""Joins and notices by the committer: one alone, many in one transaction, too many for the stock, known ones again."""

from __future__ import annotations

from typing import Any

from chaos.points import scenes
from chaos.points.rushing import Wish, join_together, post_together
from chaos.points.world import Story, World, story
from services.flows import paying
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


def _joins(told: Story, name: str, *wishes: Wish) -> None:
    told.add(name, lambda world: wishes[0].join(world) if len(wishes) == 1 else join_together(world, wishes))


FIRST = Wish(FIVE[0], "the first order", {"草莓": 2, "纸巾": 1})
CROWD = (
    Wish(FIVE[1], "the second order", {"草莓": 3}),
    Wish(FIVE[2], "the third order", {"纸巾": 2, "草莓": 1}),
    Wish(FIVE[3], "too much for one", {"草莓": 5}),
    Wish(FIVE[0], "the first again", {"纸巾": 1}),
    Wish(FIVE[4], "the fifth order", {"草莓": 2}),
    Wish(FIVE[3], "more than is left", {"草莓": 2}),
    FIRST,
)
for told in (rushing, rushing_to_the_desk):
    _joins(told, "one joins", FIRST)
    _joins(told, "many join", *CROWD)
    _joins(told, "the last units", Wish(FIVE[3], "the fourth order", {"草莓": 1}))
    told.add("sold out", lambda world: join_together(world, [
        Wish(who, f"in vain {who}", {"草莓": 1}) for who in FIVE]))  # fmt: skip


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
