"""One history: thirty drawn steps, the invariants after each, then everything comes to rest and the sandbox judges."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import strategies as st
from sqlalchemy import bindparam, text

from chaos.histories import (  # noqa: F401 -- their steps register themselves
    at_the_desk,
    bringing,
    buying,
    giving_back,
    handing_over,
    judge,
    paying_out,
    reading_bills,
    running,
    slow_gateway,
)
from chaos.histories.steps import ALL, Scenery, Step
from chaos.histories.surface import Surface
from chaos.histories.world import Choices, World, begin
from domain.actors import CLOCK
from domain.errors import DomainError
from models import Campaign, Order, Payment, Payout, Settlement, Shift, ShippingUpload
from services import invariants

STEPS = 30


@dataclass
class Tally:
    """What happened in many histories: each step tried and accepted, ends reached."""

    tried: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    histories: int = 0


class Broken(AssertionError):
    """A rule does not hold; `steps` is how many steps it took to show."""

    def __init__(self, words: str, steps: int) -> None:
        super().__init__(f"after step {steps}: {words}")
        self.steps = steps


def play(stage: Surface, data: st.DataObject, tally: Tally, steps: int = STEPS) -> None:
    """Play a history; raises `Broken` when an invariant does not hold or a fen stays unexplained."""
    choose = Choices(data)
    world = begin(stage, choose)
    done: list[str] = []
    try:
        for number in range(steps):
            done.append(_one(world, choose, tally, number, steps))
            _check(world, number + 1)
        judge.rest(world)
        _check(world, steps)
        if unexplained := [*judge.unexplained(world), *judge.untold(world)]:
            raise Broken("; ".join(unexplained), steps)
    except Exception as error:
        error.add_note(" · ".join(done))
        raise
    _reached(world, tally)


def _one(world: World, choose: Choices, tally: Tally, number: int, of: int) -> str:
    chosen = _choose(world, choose, number, of)
    tally.tried[chosen.name] += 1
    try:
        chosen.does(world, choose)
    except DomainError as refusal:
        tally.refused[f"{chosen.name}: {type(refusal).__name__} {refusal.facts}"] += 1
        return f"{chosen.name}✗{type(refusal).__name__}"
    tally.accepted[chosen.name] += 1
    return chosen.name


def _choose(world: World, choose: Choices, number: int, of: int) -> Step:
    at = _scenery(world, number, of)
    return choose.weighted(ALL, [step.likely(at) for step in ALL])


_COUNTS = text("""
    SELECT 'orders ' || state AS name, COUNT(*) AS n FROM orders GROUP BY state
    UNION ALL SELECT 'deliveries ' || state, COUNT(*) FROM deliveries GROUP BY state
    UNION ALL SELECT 'claims ' || state, COUNT(*) FROM claims GROUP BY state
    UNION ALL SELECT 'proposals ' || state, COUNT(*) FROM proposals GROUP BY state
    UNION ALL SELECT 'settlements ' || state, COUNT(*) FROM settlements GROUP BY state
    UNION ALL SELECT 'payouts ' || state, COUNT(*) FROM payouts GROUP BY state
    UNION ALL SELECT 'bill cases', COUNT(*) FROM bill_cases WHERE state = 'open'
    UNION ALL SELECT 'short', COUNT(*) FROM delivery_lines WHERE short
    UNION ALL SELECT 'bank files', COUNT(*) FROM bank_files WHERE answered_at IS NULL
    UNION ALL SELECT 'stuck', COUNT(*) FROM suspense_cases WHERE state = 'open'
    UNION ALL SELECT 'shifts ' || state, COUNT(*) FROM shifts GROUP BY state
    UNION ALL SELECT 'received', COUNT(*) FROM orders WHERE state = 'collected' AND aftersales_until > :now
    UNION ALL SELECT 'unpaid', COUNT(*) FROM orders WHERE state = 'ready' AND paid_at IS NULL
    UNION ALL SELECT 'parcels', COUNT(*) FROM parcels JOIN orders ON orders.id = order_id WHERE orders.state = 'ready'
    UNION ALL SELECT 'stuck refunds', COUNT(*) FROM refunds
        WHERE state = 'abnormal' OR (state = 'requested' AND waiting IN ('staff_task', 'refused'))
""").bindparams(bindparam("now", type_=Order.__table__.c.aftersales_until.type))


def _scenery(world: World, number: int, of: int) -> Scenery:
    with world.stage.unit.reading(CLOCK) as ctx:
        campaign = ctx.session.get_one(Campaign, world.scene.campaign_id)
        things = Counter({name: int(count) for name, count in ctx.session.execute(_COUNTS, {"now": ctx.now})})
    things["stuck"] += things["stuck refunds"]
    things["letters"], things["moods"] = len(world.letters), int(world.moody)
    orders = Counter({name.removeprefix("orders "): n for name, n in things.items() if name.startswith("orders ")})
    return Scenery(campaign.state, campaign.settled_at is not None, world.method, orders, things, number, of)


def _check(world: World, steps: int) -> None:
    with world.stage.unit.reading(CLOCK) as ctx:
        if breaches := invariants.check(ctx):
            raise Broken("; ".join(f"{breach.rule}: {breach.row}" for breach in breaches), steps)


def _reached(world: World, tally: Tally) -> None:
    tally.histories += 1
    if world.campaign.settled_at is not None:
        tally.reached["settled"] += 1
    tally.reached[world.campaign.state] += 1
    if world.rows(Settlement, Settlement.state == "paid"):
        tally.reached["paid out"] += 1
    if world.rows(Payout, Payout.state == "succeeded"):
        tally.reached["paid out by transfer"] += 1
    if world.rows(Shift, Shift.taken_fen > 0):
        tally.reached["cash taken at a desk"] += 1
    if world.rows(Payment, Payment.desk_by != "", Payment.state == "succeeded"):
        tally.reached["paid by WeChat at a desk"] += 1
    if world.rows(ShippingUpload, ShippingUpload.released_at.is_not(None)):
        tally.reached["frozen money set free" if world.freezes else "told of shipping"] += 1
    if world.method != "pickup" and world.orders("collected", "completed"):
        tally.reached[f"brought by {world.method}"] += 1
