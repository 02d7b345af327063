"""After the goods are home: claims asked, answered, ruled on and left lying, and what a leader gives back."""

from __future__ import annotations

from typing import Any

from chaos.points import scenes
from chaos.points.stories.fetching import LOST_PICTURE, picture
from chaos.points.world import World, story
from domain.aftersales import Bearer
from services import giving_back
from services.aftersales import answering, asking, replying, ruling
from services.aftersales.asking import AskBack
from services.flows import evidence
from services.giving_back import GiveBack
from services.pickup.redeeming import Redeem, redeem


@story
def complaining(world: World) -> None:
    """Five orders, fetched."""
    made = scenes.scene(world)
    for place, who in enumerate(scenes.NAMES):
        scenes.ordered(world, made, f"order {place}", who, 草莓=2, 纸巾=3)
    scenes.arrived(world, made)
    orders = tuple(world[f"order {place}"] for place in range(len(scenes.NAMES)))
    with world.unit(world.actor("staff")) as ctx:
        redeem(ctx, Redeem(orders, "batch"))


def _complains(place: int, line: int, name: str, **wanted: Any) -> None:
    who = scenes.NAMES[place]

    @complaining.may_repeat("evidence audit_records", LOST_PICTURE)
    def shows_a_picture(world: World) -> None:
        world.notes[f"picture of {name}"] = evidence.upload(world.theatre.product, world.buyer(who), "claim", picture())

    complaining.asks(name, who, lambda world, ctx: asking.ask(ctx, AskBack(
        world[f"order {place}"], world.lines(world[f"order {place}"])[line], "bad",
        evidence=(world[f"picture of {name}"],), **wanted)))  # fmt: skip


def _answers(name: str, who: str, answer: Any, claim: str, *words: Any) -> None:
    complaining.asks(name, who, lambda world, ctx: answer(ctx, world[claim], *words))


@complaining.act
def the_leader_compensates(world: World) -> None:
    """Of a good heart."""
    order = world["order 0"]
    gift = GiveBack(order, "补偿", compensation_fen={world.lines(order)[1]: 200})
    world.do(world.actor("leader"), lambda ctx: giving_back.give_back(ctx, gift))


_complains(0, 0, "first claim", units=1)
_answers("the leader accepts", "leader", answering.accept, "first claim", Bearer.SUPPLIER)
complaining.wakes("it is paid", "refunds.submit_due")
_complains(1, 0, "second claim", amount_fen=900)
_answers("the leader offers", "leader", answering.offer, "second claim", 400, Bearer.LEADER)
_answers("the offer is taken", "李静", replying.take_offer, "second claim")
_complains(2, 0, "third claim", units=1)
_answers("the leader rejects", "leader", answering.reject, "third claim", "照片看不出")
_answers("the operator is asked", "陈晨", replying.escalate, "third claim")
_answers("the operator offers", "operator", ruling.offer, "third claim", 500)
_answers("the ruling is taken", "陈晨", replying.take_offer, "third claim")
_complains(2, 1, "fourth claim", units=1)
_answers("the leader rejects again", "leader", answering.reject, "fourth claim", "不属实")
_answers("the operator is asked again", "陈晨", replying.escalate, "fourth claim")
_answers("the operator accepts", "operator", ruling.accept, "fourth claim", Bearer.HOUSE)
_complains(3, 0, "fifth claim", units=1)
_answers("the leader rejects once more", "leader", answering.reject, "fifth claim", "不属实")
_answers("the operator is asked once more", "赵敏", replying.escalate, "fifth claim")
_answers("the operator refuses", "operator", ruling.refuse, "fifth claim", "超出范围")
_complains(3, 1, "sixth claim", amount_fen=100)
_answers("it is withdrawn", "赵敏", replying.withdraw, "sixth claim")
_complains(4, 1, "seventh claim", amount_fen=300)
complaining.wakes("the leader was silent", "claims.move_on", hours=25)


complaining.wakes("all of it is paid", "refunds.submit_due", seconds=65)
complaining.wakes("and again", "refunds.submit_due", "refunds.poll_submitted", seconds=65)
