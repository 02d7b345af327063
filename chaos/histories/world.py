"""The people and things of one history, and what every step may ask of them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st
from sqlalchemy import select

from chaos.histories.inner_sandbox import Letter
from chaos.histories.surface import Surface
from domain.actors import SYSTEM, Actor, Role
from domain.ids import new_id
from jobs.schedule import SCHEDULE
from models import Campaign, Merchant, Order, OrderLine, PickupPoint, PickupStaff
from services.context import Ctx, Unit
from services.pickup.units import waiting
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms

T = TypeVar("T")
APART = frozenset({"bills.reconcile_due", "records.forget_idempotency"})
NAMES = ("王小明", "李静", "陈晨", "赵敏", "周涛")


class Choices:
    """What a history draws: hypothesis draws 16 bytes, and all of its choices come from them.

    Choices drawn one by one would let hypothesis fill half of a chunk with near copies of earlier histories.
    """

    def __init__(self, data: st.DataObject) -> None:
        self._random = random.Random(data.draw(st.binary(min_size=16, max_size=16)))  # noqa: S311 -- no secret

    def one_of(self, things: Sequence[T]) -> T:
        """One of them."""
        return self._random.choice(things)

    def weighted(self, things: Sequence[T], weights: Sequence[int]) -> T:
        """One of them, each as often as its weight says."""
        return self._random.choices(things, weights)[0]

    def number(self, least: int, most: int) -> int:
        """A whole number between, both included."""
        return self._random.randint(least, most)

    def chance(self, percent: int) -> bool:
        """True about that often."""
        return self._random.randrange(100) < percent


@dataclass
class World:
    """One campaign's neighbours; `letters` are notices that somebody holds back.

    Goods are fetched or brought by `method`; with `freezes`, the platform keeps what was paid until goods are shipped.
    """

    stage: Surface
    scene: Scene
    helper: Actor
    help_sell: str
    staff: Actor
    operators: tuple[Actor, Actor]
    names: dict[int, str]
    letters: list[Letter] = field(default_factory=list)
    moody: bool = False
    method: str = "pickup"
    freezes: bool = False

    @property
    def unit(self) -> Unit:
        """The product's transactions."""
        return self.stage.unit

    @property
    def campaign(self) -> Campaign:
        """The campaign as it stands."""
        with self.stage.unit.reading(SYSTEM) as ctx:
            return ctx.session.get_one(Campaign, self.scene.campaign_id)

    def orders(self, *states: str) -> list[Order]:
        """Its orders in these states, oldest first."""
        with self.stage.unit.reading(SYSTEM) as ctx:
            return orders_in(ctx, self.scene.campaign_id, states)

    def at_hand(self) -> list[Order]:
        """Its orders of which something waits to be handed over, oldest first."""
        with self.stage.unit.reading(SYSTEM) as ctx:
            ready = orders_in(ctx, self.scene.campaign_id, ("ready",))
            lines = ctx.session.scalars(select(OrderLine).where(OrderLine.order_id.in_([row.id for row in ready])))
            there = {line.order_id for line in lines if waiting(line)}
            return [row for row in ready if row.id in there]

    def rows(self, table: type[T], *where: Any) -> list[T]:
        """Rows of a table, oldest first."""
        with self.stage.unit.reading(SYSTEM) as ctx:
            return list(ctx.session.scalars(select(table).where(*where).order_by(*table.__table__.primary_key)))  # type: ignore[attr-defined]  # tables have it

    def buyer(self, resident_id: int) -> Actor:
        """That resident as an actor."""
        return campaigns.buyer(resident_id)

    def sweep(self, choose: Choices | None = None, without: str = "") -> None:
        """Wake the sweeps of the schedule, as clocks do: each once, or about a quarter of them where there is a choice.

        Bills have steps of their own; `without` names one that sleeps.
        """
        asleep = choose.number(0, 255) | choose.number(0, 255) if choose else 0
        for number, job in enumerate(SCHEDULE):
            if job.name not in APART and job.name != without and not asleep >> number % 8 & 1:
                job.sweep(self.stage.unit, self.stage.outside)

    def receive(self, letter: Letter) -> bool:
        """Give the product a notice; False when it refused it as no notice of the gateway's."""
        return self.stage.receive(letter)

    def heal(self) -> None:
        """End every outage."""
        self.stage.sandbox.control("knobs", reset=True, freeze="on" if self.freezes else "off")
        self.moody = False

    def post(self) -> None:
        """Deliver everything that the sandbox has to say by now."""
        for letter in self.stage.sandbox.letters():
            self.receive(letter)


def orders_in(ctx: Ctx, campaign_id: int, states: Sequence[str]) -> list[Order]:
    """Orders of a campaign in these states, oldest first."""
    statement = select(Order).where(Order.campaign_id == campaign_id, Order.state.in_(states)).order_by(Order.id)
    return list(ctx.session.scalars(statement))


def begin(stage: Surface, choose: Choices) -> World:
    """A new world: one open campaign with drawn terms, five buyers, a helper, staff, two operators."""
    stage.clear()
    freezes = choose.chance(30)
    stage.sandbox.control("knobs", freeze="on" if freezes else "off")
    with stage.unit(SYSTEM) as ctx:
        openids = {name: stage.sandbox.control("people", name=name)["openid"] for name in (*NAMES, "李团长", "帮卖")}
        scene = _scene(ctx, choose, openids)
        residents = [people.resident(ctx, name, openid=openids[name]) for name in NAMES]
        scene.buyers += [row.id for row in residents]
        second = people.leader(ctx, people.resident(ctx, "帮卖", openid=openids["帮卖"]))
        helper = Actor(Role.LEADER, second.id, resident_id=second.resident_id)
        help_sell = campaigns.help_sell(ctx, scene, second, choose.one_of((3000, 5000, 10_000)))
        clerk = people.resident(ctx, "店员")
        staff = PickupStaff(
            public_id=new_id("PickupStaff", ctx.now), point_id=scene.point_id, resident_id=clerk.id,
            display_name="店员", state="active", created_at=ctx.now,
        )  # fmt: skip
        point = ctx.session.get_one(PickupPoint, scene.point_id)
        point.keeper_id, point.fee_fen = choose.one_of(scene.buyers), choose.one_of((0, 50))
        merchant = ctx.session.scalars(select(Merchant)).one()
        merchant.bank_enc = ctx.vault.encrypt(
            json.dumps({"bank": "邻里银行", "account": "622200001", "holder": "果园"})
        )
        for name, person in zip(NAMES, residents, strict=True):
            person.real_name_enc = ctx.vault.encrypt(name)
        ctx.session.add(staff)
        ctx.session.flush()
        method = ctx.session.get_one(Campaign, scene.campaign_id).delivery_method
        first, other = people.operator(ctx), people.operator(ctx)
    return World(
        stage, scene, helper, help_sell, Actor(Role.STAFF, staff.id, clerk.id, scene.point_id),
        (Actor(Role.OPERATOR, first.id), Actor(Role.OPERATOR, other.id)),
        dict(zip(scene.buyers, NAMES, strict=True)) | {scene.leader_resident_id: "李团长", second.resident_id: "帮卖"},
        method=method, freezes=freezes,
    )  # fmt: skip


def _scene(ctx: Ctx, choose: Choices, openids: dict[str, str]) -> Scene:
    """Two offers with drawn prices, tiers, minimums and quotas under drawn terms."""
    price = choose.one_of((1, 333, 1999, 2990, 9999))
    tiers = ((3, price * 9 // 10), (6, price * 7 // 10)) if choose.chance(60) else ()
    offers = (
        Terms("大闸蟹", price, quota=choose.one_of((None, 12, 5)), commission_bps=choose.one_of((0, 333, 1000, 2500)),
              minimum_units=choose.one_of((0, 0, 0, 4)), fresh=True, tiers=tiers),
        Terms("草莓", choose.one_of((2990, 1001)), per_person=choose.one_of((None, 4)), supply_price_fen=1500,
              minimum_units=choose.one_of((0, 0, 0, 5))),
    )  # fmt: skip
    discount = choose.one_of((0, 0, 7, 500))
    method = choose.one_of(("pickup", "pickup", "pickup", "pickup", "pickup", "pickup", "door", "courier"))
    terms: dict[str, Any] = {
        "minimum": choose.one_of((0, 0, 0, 0, 1, 3)), "discount_fen": discount, "discount_over_fen": discount and 2000,
        "shortage_mode": choose.one_of(("one_each", "first_come", "in_proportion")), "help_sell_bps": 5000,
        "delivery_method": method, "delivery_fee_fen": 0 if method == "pickup" else 300,
        "payment_policy": "on_pickup" if method != "courier" and choose.chance(25) else "prepaid",
    }  # fmt: skip
    return campaigns.scene(ctx, *offers, buyers=0, hours=6, leader_openid=openids["李团长"], **terms)
