"""What a leader prints: papers made in the background, fetched and let go, and the poster of a campaign."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from chaos.points import scenes
from chaos.points.world import World, story
from domain.errors import CodeExpired
from services.flows import papers, posters
from services.papers import exports, links
from services.papers.making import AskPaper

CLAIMED_TWICE = frozenset({"audit_records"})
"""A paper whose maker died is begun by another, and both turns are written down."""


@story
def papering(world: World) -> None:
    """Three paid orders of a campaign that formed."""
    made = scenes.scene(world)
    for place, who in enumerate(scenes.NAMES[:3]):
        scenes.ordered(world, made, f"order {place}", who, 草莓=1, 纸巾=1)
    scenes.settled(world, made)


papering.add("a poster is drawn", lambda world: world.notes.update(
    poster=len(posters.poster(world.theatre.product, world.actor("leader"), world["campaign"]))))  # fmt: skip


def _asks(name: str, kind: str, format_: str) -> None:
    papering.asks(name, "leader",
                  lambda world, ctx: exports.ask(ctx, AskPaper(kind, world["campaign"]), format_).id)  # fmt: skip


_asks("slips", "slips", "html")
_asks("roster", "roster", "xlsx")
papering.wakes("they are made", "papers.make_due", seconds=2)
papering.acts[-1] = replace(papering.acts[-1], twice=CLAIMED_TWICE)


@papering.act
def one_is_fetched(world: World) -> None:
    """And both stay where they are."""
    made = papers.exported(world.theatre.product, world.actor("leader"), world["slips"])
    world.notes["fetched"] = made.name


@papering.act
def a_link_is_copied(world: World) -> None:
    """Of the leader's paper; who was interrupted copies another."""
    with world.theatre.product.unit(world.actor("leader")) as ctx:
        world.notes["link"] = links.make(ctx, AskPaper("slips", world["campaign"])).token


@papering.act
def the_link_is_opened(world: World) -> None:
    """At the computer with the printer; who was interrupted finds it used up."""
    with suppress(CodeExpired):
        papers.by_link(world.theatre.product, world["link"], "html")


papering.asks("a desk wants its roster", "staff",
              lambda world, ctx: exports.ask(ctx, AskPaper("roster"), "xlsx").id)  # fmt: skip
_asks("slips once more", "slips", "html")
papering.wakes("their days are over", "papers.drop_expired", days=8)
