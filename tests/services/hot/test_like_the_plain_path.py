"""Joins done together say and write what the same joins say and write one by one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from domain.actors import SYSTEM
from domain.ids import new_id
from models import ChatBinding, ChatCampaign, Order
from services import cancelling, ordering
from services.context import Ctx
from services.hot import join_rows
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms, buyer
from tests.builders.clock import FrozenClock
from tests.services.hot.twins import Post, Twins

ORDERS = "/api/resident/orders"


@dataclass
class Market:
    """Campaigns of every kind, and residents with their tokens."""

    scenes: list[Scene]
    people: list[int]
    tokens: list[str]

    def post(self, who: int, scene: Scene, units: dict[str, int], key: str, **more: object) -> Post:
        """An order of `units` by name."""
        lines = [{"offer": scene.offers[name], "units": count} for name, count in units.items()]
        body = {"campaign": scene.campaign, "point": scene.point, "lines": lines, **more}
        return Post(ORDERS, self.tokens[who], key, body)


def market(unit: Transactions, crowd: int = 8) -> Market:
    """Prepaid with tiers, limits and a discount; paid on pickup and told in a chat; free; and what is unusual."""
    with unit(SYSTEM) as ctx:
        scenes = [
            campaigns.scene(
                ctx, Terms("草莓", 2990, quota=9, per_person=3, tiers=((3, 2790), (6, 2500))),
                Terms("蓝莓", 1990, quota=4), buyers=0, discount_over_fen=8000, discount_fen=500,
            ),
            campaigns.scene(
                ctx, Terms("鸡蛋", 1500, quota=7, tiers=((3, 1300),)), Terms("面包", 800, quota=5, per_person=2),
                buyers=0, payment_policy="on_pickup",
            ),
            campaigns.scene(ctx, Terms("赠品", 0, quota=6, per_person=1), Terms("挂面", 500), buyers=0),
            campaigns.scene(
                ctx, Terms("大米", 4000), buyers=0, payment_policy="on_pickup", close_on_target=True, minimum=3
            ),
            campaigns.scene(ctx, Terms("带鱼", 6000), buyers=0, state="paused"),
            campaigns.scene(ctx, Terms("菜", 900), buyers=0, delivery_method="door", delivery_fee_fen=200),
        ]  # fmt: skip
        _in_a_chat(ctx, scenes[1])
        crowd_of = [people.resident(ctx, f"邻居{number}") for number in range(crowd)]
        return Market(scenes, [one.id for one in crowd_of], [people.token(ctx, one) for one in crowd_of])


def _in_a_chat(ctx: Ctx, scene: Scene) -> None:
    binding = ChatBinding(public_id=new_id("ChatBinding", ctx.now), channel="sandbox", remote_chat_id="group-1",
                          purpose="group", leader_id=scene.leader_id, created_at=ctx.now)  # fmt: skip
    ctx.session.add(binding)
    ctx.session.flush()
    ctx.session.add(ChatCampaign(binding_id=binding.id, campaign_id=scene.campaign_id, created_at=ctx.now))


def drawn(chance: random.Random, place: Market, before: list[Post], number: int) -> Post:
    """A request as a rush brings them: mostly sound, now and then repeated, reused, twice at once or mistaken."""
    if before and chance.random() < 0.12:
        return chance.choice(before)
    if before and chance.random() < 0.05:
        old = chance.choice(before)
        return Post(ORDERS, old.token, old.key, {**old.body, "note": "another body"})
    scene = chance.choices(place.scenes, (6, 6, 3, 1, 1, 1))[0]
    names = chance.sample(list(scene.offers), chance.randint(1, len(scene.offers)))
    units = {name: chance.choice((1, 1, 1, 2, 3, 5)) for name in names}
    more: dict[str, object] = {"again": True} if chance.random() < 0.1 else {}
    if chance.random() < 0.03:
        more["point"] = place.scenes[0].point
    if chance.random() < 0.03:
        more |= {"building": "3栋", "room": "1201"}
    if chance.random() < 0.2:
        more["note"] = "放门口，谢谢"
    return place.post(chance.randrange(len(place.tokens)), scene, units, f"key-{number:05}", **more)


def meanwhile(chance: random.Random, place: Market, pair: Twins, clock: FrozenClock) -> None:
    """Between two batches somebody takes an order back, or orders the same in the chat, or time passes."""
    what = chance.randrange(4)
    if what == 0:
        number = chance.randrange(200)
        pair.both(lambda unit: _take_back(unit, number))
    elif what == 1:
        who, units = chance.randrange(len(place.people)), chance.choice((1, 2))
        pair.both(lambda unit: _order_in_chat(unit, place, who, units))
    elif what == 2:
        clock.advance(minutes=chance.choice((1, 4, 45)))


def _take_back(unit: Transactions, number: int) -> None:
    with unit.reading() as ctx:
        live = ctx.session.scalars(select(Order).where(Order.state.in_(("pending_payment", "paid")))).all()
    if live:
        said = sorted(
            live, key=lambda it: (it.created_at, it.resident_id, it.lines_digest, it.roster_number or 0, it.note)
        )
        taken_back = said[number % len(said)]
        with unit(buyer(taken_back.resident_id)) as ctx:
            cancelling.cancel(ctx, taken_back.public_id)


def _order_in_chat(unit: Transactions, place: Market, who: int, units: int) -> None:
    scene = place.scenes[2]
    command = campaigns.wanted(scene, {"挂面": units}, channel="chat", again=True)
    with unit(buyer(place.people[who])) as ctx:
        if ctx.now < scene.closes_at - timedelta(hours=1):
            ordering.place(ctx, command)


@pytest.mark.parametrize("seed", range(4))
def test_a_rush_in_batches_ends_as_it_does_one_by_one(app: Flask, make_twins: Callable[[], Twins], clock: FrozenClock,
                                                      seed: int) -> None:  # fmt: skip
    chance = random.Random(seed)
    place = market(app.extensions["lintuan"].unit)
    pair = make_twins()
    posts: list[Post] = []
    told: list[int] = []
    for _ in range(6):
        batch: list[Post] = []
        for _ in range(chance.choice((1, 2, 5, 12, 24))):
            batch.append(drawn(chance, place, posts, len(posts)))
            posts.append(batch[-1])
        told += [status for status, _ in pair.batch(list(dict.fromkeys(batch)))]
        meanwhile(chance, place, pair, clock)
    assert told.count(201) > 5


@pytest.mark.breaks_invariants
def test_a_batch_that_forgot_a_taking_would_be_noticed(app: Flask, make_twins: Callable[[], Twins],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    place = market(app.extensions["lintuan"].unit, crowd=1)
    pair, true = make_twins(), join_rows.TAKE_STOCK

    def careless(connection: Any, rows: Any) -> Any:
        return true(connection, [(*row[:3], 0) for row in rows])

    monkeypatch.setattr(join_rows, "TAKE_STOCK", careless)
    with pytest.raises(AssertionError, match="takings=0"):
        pair.batch([place.post(0, place.scenes[0], {"草莓": 1}, "key-00000")])
