"""Where two to four people, clocks and gateways come upon the same rows, and what each of them may do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, Concatenate, ParamSpec

from sqlalchemy import select

from chaos.interleavings import batches, offline
from chaos.interleavings.ground import Ground
from domain.actors import CLOCK, GATEWAY, SYSTEM, Actor, Role
from domain.campaigns import CloseReason
from models import Campaign, Order, Payment, PickupPoint, Redemption, Settlement
from services import cancelling, closing, commissions, giving_back, ordering, payments, refund_results, settling
from services.context import Ctx
from services.flows import expiring, paying, payouts, refunding
from services.giving_back import GiveBack
from services.ordering import PlaceOrder
from services.pickup import completing, deliveries
from services.pickup.arriving import Arrive, arrive
from services.pickup.redeeming import Redeem, redeem
from services.pickup.undoing import Undo, undo
from services.settlements import approving, drafting
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms

P = ParamSpec("P")
STAPLE, OTHER = "草莓", "纸巾"


@dataclass
class Place:
    """A scene on the ground with the orders that stand there, by name; `can` is what may be done, by kind."""

    ground: Ground
    scene: Scene
    orders: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    can: list[tuple[str, Callable[[], object]]] = field(default_factory=list)
    requests: int = 0

    def asked(
        self, actor: Actor, request: Callable[Concatenate[Ctx, P], object], *values: P.args, **named: P.kwargs
    ) -> Callable[[], object]:
        """One request of somebody, in a transaction of its own."""

        def act() -> object:
            with self.ground.unit(actor) as ctx:
                return request(ctx, *values, **named)

        return act

    def line(self, name: str, number: int = 0) -> str:
        """The public id of a line of the order with that name."""
        with self.ground.unit.reading(SYSTEM) as ctx:
            return campaigns.lines(ctx, self.orders[name])[number].public_id

    def add(self, kind: str, act: Callable[[], object]) -> None:
        """Something that may be done."""
        self.can.append((kind, act))

    def buys(self, name: str, who: int, units: dict[str, int], *, pays: bool = True) -> str:
        """An order, and its payment: captured and told of, or asked for."""
        unit, outside = self.ground.unit, self.ground.outside
        order = self.orders[name] = campaigns.place(unit, self.scene, who, units, again=True)
        buyer = campaigns.buyer(self.scene.buyers[who])
        self.numbers[name] = paying.ask_to_pay(unit, outside, buyer, order).payment
        if pays:
            self.told(name)()
        return order

    def told(self, name: str) -> Callable[[], object]:
        """The gateway's notice that an order was paid."""
        number = self.numbers[name]
        self.ground.outside.gateway.pay(number, self.ground.clock.now())
        trade = self.ground.outside.gateway.trades[number]
        return self.asked(GATEWAY, lambda ctx: payments.book_trade(ctx, trade))

    def pays(self, name: str) -> object:
        """Only now, and the gateway tells of it at once."""
        return self.told(name)()

    def buyer(self, who: int) -> Actor:
        """A buyer by index."""
        return campaigns.buyer(self.scene.buyers[who])


Situation = Callable[[Ground, Random], Place]


def selling(ground: Ground, draw: Random) -> Place:
    """The last units of an open campaign; one order is paid, one waits for its payment, one waited too long."""
    place = _scene(ground, draw, quota=draw.choice((5, 6, 8)))
    place.buys("paid", 0, {STAPLE: 2, OTHER: 1})
    place.buys("asked", 1, {STAPLE: 1}, pays=False)
    place.buys("late", 2, {STAPLE: 1, OTHER: 1}, pays=False)
    _hold_ended(place, "late")
    _buying(place, draw)
    batches.joins(place, draw, STAPLE, OTHER)
    _ending(place)
    leader = place.scene.leader
    place.add("close", place.asked(leader, lambda ctx: closing.close(ctx, _campaign(ctx, place), CloseReason.LEADER)))
    place.add("close", place.asked(leader, lambda ctx: closing.cancel(ctx, _campaign(ctx, place), "缺货")))
    return place


def settling_down(ground: Ground, draw: Random) -> Place:
    """A campaign that has closed and is decided and carried out while money still comes and goes."""
    place = _scene(ground, draw, quota=None, minimum=draw.choice((0, 1, 9)))
    place.buys("paid", 0, {STAPLE: 3, OTHER: 1})
    place.buys("asked", 1, {STAPLE: 1}, pays=False)
    place.buys("late", 2, {OTHER: 2}, pays=False)
    _hold_ended(place, "late")
    leader = place.scene.leader
    with ground.unit(leader) as ctx:
        closing.close(ctx, _campaign(ctx, place), CloseReason.LEADER)
    _ending(place)
    number = place.scene.campaign_id
    for _ in range(2):
        place.add("close", place.asked(CLOCK, settling.decide_outcome, number))
        place.add("close", place.asked(CLOCK, settling.carry_out, number, 1))
    place.add("close", place.asked(leader, lambda ctx: closing.cancel(ctx, _campaign(ctx, place), "缺货")))
    return place


def handing_over(ground: Ground, draw: Random) -> Place:
    """Goods stand at the point; one order was fetched by mistake, another has a refund on its way."""
    place = _scene(ground, draw, quota=None)
    for who, name in enumerate(("first", "second", "third")):
        place.buys(name, who, {STAPLE: 2, OTHER: 1})
    _arrived(place)
    staff, unit = _staff(place), ground.unit
    with unit(staff) as ctx:
        redeem(ctx, Redeem((place.orders["third"],), "code"))
    both = (place.orders["first"], place.orders["second"])
    for some in (both[:1], both[1:], both, both[::-1]):
        place.add("redeem", place.asked(staff, redeem, Redeem(some, "batch")))
    place.add("redeem", place.asked(staff, redeem, Redeem(both[:1], "code", {place.line("first"): 1})))
    batches.hand_overs(place, staff, "first", "second")
    for actor in (staff, place.scene.leader):
        place.add("undo", place.asked(actor, lambda ctx: undo(ctx, Undo(_last_redemption(ctx), "点错了"))))
    _refunding(place)
    place.add("cancel", place.asked(place.scene.leader, lambda ctx: closing.cancel(ctx, _campaign(ctx, place), "缺货")))
    return place


def without_a_network(ground: Ground, draw: Random) -> Place:
    """A device reports what it handed out by its list, while colleagues hand out the same goods and money goes back."""
    place = _scene(ground, draw, quota=None)
    for who, name in enumerate(("first", "second", "third")):
        place.buys(name, who, {STAPLE: 2, OTHER: 1})
    _arrived(place)
    staff = _staff(place)
    offline.reports(place, staff, "first", "second")
    offline.meanwhile(place, staff, "first", "second")
    _refunding(place)
    place.add("cancel", place.asked(place.scene.leader, lambda ctx: closing.cancel(ctx, _campaign(ctx, place), "缺货")))
    return place


def paying_out(ground: Ground, draw: Random) -> Place:
    """A statement is approved and its leader withdraws, while an order of it is compensated."""
    place = _scene(ground, draw, quota=None)
    for who, name in enumerate(("first", "second")):
        place.buys(name, who, {STAPLE: 2, OTHER: 3})
    _arrived(place)
    with ground.unit(_staff(place)) as ctx:
        redeem(ctx, Redeem(tuple(place.orders.values()), "batch"))
    ground.clock.advance(days=8)
    with ground.unit(CLOCK) as ctx:
        completing.complete_orders(ctx)
        commissions.release_due(ctx)
    ground.clock.advance(minutes=1)
    with ground.unit(SYSTEM) as ctx:
        first, second = (Actor(Role.OPERATOR, people.operator(ctx).id) for _ in range(2))
    with ground.unit(first) as ctx:
        drafting.draft(ctx, ctx.now)
    with ground.unit(second) as ctx:
        statement = ctx.session.scalars(select(Settlement).where(Settlement.payee_kind == "leader")).one()
        approving.approve(ctx, statement.public_id)
        number = statement.public_id
    leader, unit, outside = place.scene.leader, ground.unit, ground.outside
    if draw.random() < 0.5:
        payouts.withdraw(unit, outside, leader, number)
    for _ in range(2):
        place.add("withdraw", lambda: payouts.withdraw(unit, outside, leader, number))
    place.add("withdraw", lambda: payouts.cancel(unit, outside, leader, number))
    place.add("withdraw", lambda: payouts.send_due(unit, outside))
    place.add("withdraw", lambda: payouts.poll_submitted(unit, outside))
    for name in ("first", "second"):
        gift = GiveBack(place.orders[name], "补偿", compensation_fen={place.line(name): 300})
        place.add("refund", place.asked(first, giving_back.give_back, gift))
    place.add("refund", lambda: refunding.submit_due(unit, outside))
    return place


SITUATIONS: dict[str, tuple[Situation, int]] = {
    "selling": (selling, 9),
    "settling": (settling_down, 5),
    "handing over": (handing_over, 4),
    "without a network": (without_a_network, 3),
    "paying out": (paying_out, 2),
}
"""Each with its weight."""


def _scene(ground: Ground, draw: Random, *, quota: int | None, **terms: Any) -> Place:
    staple = Terms(STAPLE, 2990, quota=quota, per_person=draw.choice((None, 4)), tiers=((3, 2690),), fresh=True)
    with ground.unit(SYSTEM) as ctx:
        scene = campaigns.scene(ctx, staple, Terms(OTHER, 1001), buyers=5, **terms)
    return Place(ground, scene)


def _buying(place: Place, draw: Random) -> None:
    for who in (3, 4, 0):
        units = {STAPLE: draw.choice((1, 2, 3))} | ({OTHER: 1} if draw.random() < 0.4 else {})
        lines = tuple((place.scene.offers[name], count) for name, count in units.items())
        command = PlaceOrder(place.scene.campaign, place.scene.point, lines[:: draw.choice((1, -1))], again=True)
        place.add("join", place.asked(place.buyer(who), ordering.place, command))


def _ending(place: Place) -> None:
    """Everything that ends or begins the life of the three orders."""
    unit, outside = place.ground.unit, place.ground.outside
    paid, asked, late = (place.orders[name] for name in ("paid", "asked", "late"))
    for name in ("asked", "asked", "late"):
        place.add("pay", partial(place.pays, name))
    batches.notices(place, "asked", "late")
    place.add("pay", lambda: paying.poll_silent(unit, outside))
    for who, order in ((0, paid), (1, asked), (2, late)):
        place.add("cancel", place.asked(place.buyer(who), cancelling.cancel, order))
    place.add("cancel", place.asked(place.buyer(0), cancelling.cancel, paid, units={place.line("paid"): 1}))
    for _ in range(2):
        place.add("expire", lambda: expiring.expire_due(unit, outside))
    place.add("expire", lambda: expiring.close_abandoned(unit, outside))
    place.add("refund", lambda: refunding.submit_due(unit, outside))


def _refunding(place: Place) -> None:
    unit, outside = place.ground.unit, place.ground.outside
    leader = place.scene.leader
    for name in ("first", "second"):
        less = GiveBack(place.orders[name], "缺一份", units={place.line(name): 1})
        place.add("refund", place.asked(leader, giving_back.give_back, less))
    other = GiveBack(place.orders["second"], "缺一份", units={place.line("second", 1): 1})
    place.asked(leader, giving_back.give_back, other)()
    for _ in range(2):
        place.add("refund", lambda: refunding.submit_due(unit, outside))
    place.add("refund", lambda: _refund_ends(place))


def _refund_ends(place: Place) -> None:
    for number in list(place.ground.outside.gateway.refunds):
        answer = place.ground.outside.gateway.finish_refund(number, place.ground.clock.now())
        with place.ground.unit(GATEWAY) as ctx:
            refund_results.book(ctx, answer)


def _arrived(place: Place) -> None:
    unit, scene = place.ground.unit, place.scene
    with unit(scene.leader) as ctx:
        closing.close(ctx, _campaign(ctx, place), CloseReason.LEADER)
    campaigns.settle(unit, scene, batch=100)
    with unit(scene.leader) as ctx:
        (delivery,) = deliveries.dispatch(ctx, scene.campaign)
        deliveries.pick(ctx, delivery.public_id)
        deliveries.ship(ctx, delivery.public_id)
        number = delivery.public_id
    counts = {offer: sum(1 for _ in place.orders) * units for offer, units in zip(
        scene.offers.values(), (2, 1 if len(place.orders) == 3 else 3), strict=True)}  # fmt: skip
    with unit(_staff(place)) as ctx:
        arrive(ctx, Arrive(number, counts))


def _staff(place: Place) -> Actor:
    with place.ground.unit(SYSTEM) as ctx:
        row = people.staff(ctx, ctx.session.get_one(PickupPoint, place.scene.point_id))
        return Actor(Role.STAFF, row.id, row.resident_id, row.point_id)


def _hold_ended(place: Place, name: str) -> None:
    with place.ground.unit(SYSTEM) as ctx:
        row: Order = campaigns.order_row(ctx, place.orders[name])
        row.hold_until = ctx.now - timedelta(minutes=1)
        for payment in ctx.session.scalars(select(Payment).where(Payment.order_id == row.id)):
            payment.expires_at = ctx.now - timedelta(minutes=1)


def _campaign(ctx: Ctx, place: Place) -> Campaign:
    return ctx.session.get_one(Campaign, place.scene.campaign_id)


def _last_redemption(ctx: Ctx) -> str:
    made = select(Redemption.public_id).where(Redemption.reverses_id.is_(None))
    return ctx.session.scalars(made.order_by(Redemption.id.desc())).all()[0]
