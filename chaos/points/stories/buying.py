"""Ordering, paying in every way a notice can go, cancelling, the deadline, and money on its way back."""

from __future__ import annotations

from typing import Any

from chaos.points import scenes
from chaos.points.world import World, story
from services import cancelling, ordering
from services.campaigns import ending, opening, quotas
from services.context import Ctx
from services.flows import paying
from services.ordering import PlaceOrder


@story
def buying(world: World) -> None:
    """An open campaign with two offers and tiers."""
    scenes.scene(world, minimum=1)


def _places(who: str, name: str, **units: int) -> None:
    def request(world: World, ctx: Ctx) -> Any:
        lines = tuple((world["offers"][offer], count) for offer, count in units.items())
        return ordering.place(ctx, PlaceOrder(world["campaign"], world["point"], lines, again=True))

    buying.asks(name, who, request)


def _asks_to_pay(who: str, order: str) -> None:
    def does(world: World) -> None:
        asked = paying.ask_to_pay(world.unit, world.theatre.outside, world.buyer(who), world[order])
        world.notes[f"params of {order}"] = asked.params

    buying.add(f"asks to pay {order}", does)


def _pays(who: str, order: str, **how: Any) -> None:
    buying.add(f"pays {order}", lambda world: world.pay(world[f"params of {order}"], who, **how))


def _goes_on(name: str, move: Any, *values: Any) -> None:
    buying.asks(name, "leader", lambda world, ctx: move(ctx, world["campaign"], *values))


_places("王小明", "the first order", 草莓=2, 纸巾=1)
_asks_to_pay("王小明", "the first order")
_pays("王小明", "the first order")
buying.add("the notice comes", lambda world: world.post())

_places("李静", "the second order", 草莓=3)
_asks_to_pay("李静", "the second order")
_pays("李静", "the second order", silent=True)


@buying.act
def the_page_looks_up(world: World) -> None:
    """The buyer's page asks whether it is paid."""
    paying.look_up(world.unit, world.theatre.outside, world.buyer("李静"), world["the second order"])


_places("陈晨", "the third order", 草莓=2, 纸巾=2)
_asks_to_pay("陈晨", "the third order")
_pays("陈晨", "the third order", silent=True)
buying.wakes("the clock asks about silence", "payments.poll_silent", seconds=75)

_places("赵敏", "the fourth order", 纸巾=1)
_asks_to_pay("赵敏", "the fourth order")
buying.asks("it is cancelled", "赵敏", lambda world, ctx: cancelling.cancel(ctx, world["the fourth order"]))
buying.wakes("its payment is closed", "payments.close_abandoned")

_places("周涛", "the fifth order", 草莓=1)
_asks_to_pay("周涛", "the fifth order")
buying.wakes("the hold ends", "orders.expire_due", minutes=31)


@buying.act
def a_unit_is_taken_back(world: World) -> None:
    """Of a paid order."""
    line = world.lines(world["the third order"])[0]
    world.do(world.buyer("陈晨"), lambda ctx: cancelling.cancel(ctx, world["the third order"], units={line: 1}))


buying.wakes("the refund is sent and told of", "refunds.submit_due")
buying.asks("the leader gives more", "leader",
            lambda world, ctx: quotas.raise_quota(ctx, world["campaign"], world["offers"]["草莓"], 60))  # fmt: skip
_goes_on("it rests", opening.pause)
_goes_on("it goes on", opening.resume)
_goes_on("the leader closes", ending.close_now)
buying.asks("it is open longer", "leader", lambda world, ctx: ending.extend(
    ctx, world["campaign"], ctx.now.replace(hour=12, minute=0)))  # fmt: skip


@buying.act
def the_deadline_passes(world: World) -> None:
    """The clock closes."""
    world.clock.set(world.clock.now().replace(hour=12, minute=1))
    world.wake("campaigns.close_overdue")


buying.wakes("it is decided", "campaigns.decide_outcome", minutes=4)
buying.wakes("it is carried out", "campaigns.carry_out")


@buying.act
def the_rebates_are_sent(world: World) -> None:
    """And nobody tells of them."""
    world.wait(seconds=65)
    world.control("knobs", lose_notices=9)
    world.wake("refunds.submit_due")
    world.post()


buying.wakes("the clock asks about refunds", "refunds.poll_submitted", seconds=65)
_goes_on("the leader gives up", ending.cancel, "卖家缺货")
buying.wakes("everything goes back", "campaigns.carry_out", "refunds.submit_due")
