"""One history: thirty drawn steps, the invariants after each, then everything comes to rest and the sandbox judges."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import func, select

from chaos.histories import buying, giving_back, handing_over, judge, paying_out, running  # noqa: F401 -- their steps register themselves
from chaos.histories.stage import Stage
from chaos.histories.steps import ALL, Scenery, Step
from chaos.histories.world import Choices, World, begin
from domain.actors import CLOCK
from domain.errors import DomainError
from models import (
    BankFile,
    Campaign,
    Claim,
    Delivery,
    DeliveryLine,
    Order,
    Payout,
    Proposal,
    Refund,
    Settlement,
    SuspenseCase,
)
from services import invariants, refund_tasks

STEPS = 30
WAITING: tuple[type[Any], ...] = (Delivery, Claim, Proposal, Settlement, Payout)


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


def play(stage: Stage, data: st.DataObject, tally: Tally, steps: int = STEPS) -> None:
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
        if unexplained := judge.unexplained(world):
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
    weighted = [step for step in ALL for _ in range(step.likely(at))]
    return choose.one_of(weighted)


def _scenery(world: World, number: int, of: int) -> Scenery:
    with world.stage.unit.reading(CLOCK) as ctx:
        campaign = ctx.session.get_one(Campaign, world.scene.campaign_id)
        orders = select(Order.state, func.count()).where(Order.campaign_id == campaign.id).group_by(Order.state)
        things = Counter({"letters": len(world.letters), "moods": int(world.moody)})
        for table in WAITING:
            for state, count in ctx.session.execute(select(table.state, func.count()).group_by(table.state)):
                things[f"{table.__table__.name} {state}"] = count
        short = select(func.count()).select_from(DeliveryLine).where(DeliveryLine.short)
        things["short"] = ctx.session.scalars(short).one()
        unanswered = select(func.count()).select_from(BankFile).where(BankFile.answered_at.is_(None))
        things["bank files"] = ctx.session.scalars(unanswered).one()
        stuck = select(func.count()).select_from(Refund).where(refund_tasks.WAITS_FOR_PEOPLE)
        cases = select(func.count()).select_from(SuspenseCase).where(SuspenseCase.state == "open")
        things["stuck"] = ctx.session.scalars(stuck).one() + ctx.session.scalars(cases).one()
        return Scenery(
            campaign.state, campaign.settled_at is not None, Counter(dict(ctx.session.execute(orders).all())), things,
            number, of,
        )  # fmt: skip


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
