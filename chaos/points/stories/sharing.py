"""Cards in a group that only people may post to: tickets, who opened them where, counts, names, every end."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chaos.points import scenes, talking
from chaos.points.world import Act, World, story
from models import Share
from services.flows import sharing as flow
from services.flows.sharing import OpenShare, TakeShare

GROUP = "幸福里邻居"
LOST_TICKET = frozenset({"shares", "outbox_messages", "outside activities"})
"""A ticket whose answer was lost is never posted; the person asks for another one."""
SHARERS = {"王小明": "updatable", "李静": "chat_tool", "陈晨": "updatable"}


@story
def sharing(world: World) -> None:
    """A campaign that forms with three."""
    scenes.scene(world, minimum=3, hours=6)


def _takes(who: str) -> None:
    def does(world: World) -> None:
        command = TakeShare(SHARERS[who])
        ticket = flow.take(world.unit, world.theatre.outside, world.buyer(who), world["campaign"], command)
        world.notes[f"ticket of {who}"] = {**asdict(ticket), "expires_at": ticket.expires_at.isoformat()}

    sharing.acts.append(Act(f"{who} takes a ticket", does, LOST_TICKET))


for sharer in SHARERS:
    _takes(sharer)


@sharing.act
def the_cards_are_posted(world: World) -> None:
    """By a tap of their own."""
    seen = world.theatre.stage.sandbox.seen(f"wx-groups/{GROUP}")["lines"]
    for who in list(SHARERS)[len(seen) :]:
        world.control(f"wx-groups/{GROUP}/share", person=who, ticket=world[f"ticket of {who}"])


def _opens(who: str, sharer: str) -> None:
    def does(world: World) -> None:
        card = 1 + list(SHARERS).index(sharer)
        seen: dict[str, Any] = world.control(f"wx-groups/{GROUP}/open", person=who, card=card)
        sealed = OpenShare(seen["js_code"], seen["encrypted_data"], seen["iv"])
        share = world[f"ticket of {sharer}"]["id"]
        flow.open_shared(world.unit, world.theatre.outside, world.buyer(who), share, sealed)

    sharing.add(f"{who} opens the card of {sharer}", does)


_opens("王小明", "王小明")
_opens("李静", "李静")
talking.sends(sharing, "the cards show what is true", seconds=1)
talking.orders(sharing, "one buys", "李静")
talking.sends(sharing, "the count has rested", seconds=talking.RESTED)


@sharing.act
def a_card_is_lost(world: World) -> None:
    """The platform knows it no more."""
    (lost,) = world.rows(Share, Share.resident_id == world.buyer("陈晨").id)
    with world.theatre.stage.sandbox.box.store.transaction() as db:
        db.execute("DELETE FROM activities WHERE id = ?", (lost.activity_id,))


talking.orders(sharing, "another buys", "王小明")
_opens("王小明", "李静")
talking.sends(sharing, "all but one are told", seconds=talking.RESTED)
talking.orders(sharing, "a third buys", "赵敏")


@sharing.speaks
def the_platform_does_not_answer(world: World) -> None:
    """It took what it was told."""
    world.control("knobs", cards_lose_answers=1)
    world.wait(seconds=talking.RESTED)
    world.wake("chat.send_due", "chat.send_due")


talking.sends(sharing, "they are told again", seconds=40)
talking.sends(sharing, "it closes soon", hours=5.9)
talking.sends(sharing, "it has closed", "campaigns.close_overdue", hours=0.2)
talking.sends(sharing, "it has formed", "campaigns.decide_outcome", minutes=4)
