"""One interleaving: a drawn situation, two to four of its actors, their statements in a drawn order, and a verdict."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from sqlalchemy import select

from chaos.interleavings.batches import TOGETHER
from chaos.interleavings.ground import Ground
from chaos.interleavings.scenes import SITUATIONS, Place, Situation
from chaos.interleavings.turns import Actor, Draw
from domain.actors import CLOCK
from models import Campaign, LossCase, Offer, OfflineHandOver, Order, Payment, Refund
from services import invariants

COMPARED = 4
"""One in so many is also played in every serial order, to see that it ended like one of them."""


@dataclass
class Tally:
    """What happened: interleavings by situation, actors by kind, how they ended, statements, Busy, what broke."""

    played: int = 0
    situations: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    busy: int = 0
    compared: int = 0
    broke: list[str] = field(default_factory=list)


def play(ground: Ground, seed: int, tally: Tally, *, only: str = "", kinds_of: Collection[str] = ()) -> None:
    """Play the interleaving of this seed and note what broke; what one raises is what broke of it.

    It is of the situation `only`, where one is named, and of actors of some kinds, where they are.
    """
    try:
        _play(ground, seed, tally, only, kinds_of)
    except Exception as error:  # whatever it is, it is what this looks for
        tally.broke.append(f"seed {seed}: {type(error).__name__} {error}"[:1000])


def _play(ground: Ground, seed: int, tally: Tally, only: str, kinds_of: Collection[str]) -> None:
    draw = Random(seed)  # noqa: S311 -- no secret
    names = list(SITUATIONS)
    name = only or draw.choices(names, [weight for _, weight in SITUATIONS.values()])[0]
    cast = _Cast(SITUATIONS[name][0], draw.random(), draw.random(), kinds_of)
    before = ground.turns.steps
    place, kinds, actors = _played(ground, cast, draw.choice)
    told = f"seed {seed} ({name}: {', '.join(kinds)})"
    tally.steps += ground.turns.steps - before
    tally.played += 1
    tally.situations[name] += 1
    tally.kinds.update(kinds)
    tally.ended.update(f"{kind} {actor.ended or 'done'}" for kind, actor in zip(kinds, actors, strict=True))
    tally.busy += sum(actor.busy for actor in actors)
    tally.broke += [f"{told}: {words}" for words in _breaches(ground)]
    if seed % COMPARED == 0 and len(kinds) == 2 and not any(kind.endswith(TOGETHER) for kind in kinds):
        tally.compared += 1
        ended = _summary(place)
        serial = _serial(ground, cast)
        if ended not in serial:
            tally.broke.append(f"{told}: ends as no serial order does: {ended} not in {serial}")


@dataclass(frozen=True)
class _Cast:
    """What is drawn before the first statement, so that it can be played again in another order."""

    situation: Situation
    scene_seed: float
    chosen_seed: float
    kinds: Collection[str]


def _played(ground: Ground, cast: _Cast, draw: Draw) -> tuple[Place, list[str], list[Actor]]:
    ground.clear()
    place = cast.situation(ground, Random(cast.scene_seed))  # noqa: S311 -- no secret
    chosen = Random(cast.chosen_seed)  # noqa: S311 -- no secret
    can = [act for act in place.can if not cast.kinds or act[0] in cast.kinds]
    acts = chosen.sample(can, min(len(can), chosen.choice((2, 2, 3, 4))))
    actors = ground.turns.play([act for _, act in acts], draw)
    return place, [kind for kind, _ in acts], actors


def _serial(ground: Ground, cast: _Cast) -> list[str]:
    """How the same two would end one after the other, in either order."""
    ends = []
    for order in itertools.permutations(range(2)):
        place, _, _ = _played(ground, cast, partial(_first_of, order))
        ends.append(_summary(place))
    return ends


def _first_of(order: Sequence[int], ready: Sequence[int]) -> int:
    return next(number for number in order if number in ready)


def _summary(place: Place) -> str:
    """Where a scene stands, without ids: campaign, offers, orders, payments, refunds, and what an offline desk told."""
    with place.ground.unit.reading(CLOCK) as ctx:
        mine = Order.campaign_id == place.scene.campaign_id
        campaign = ctx.session.get_one(Campaign, place.scene.campaign_id)
        offers = ctx.session.scalars(select(Offer).where(Offer.campaign_id == campaign.id).order_by(Offer.id))
        orders = ctx.session.scalars(select(Order).where(mine).order_by(Order.id)).all()
        payments = ctx.session.scalars(select(Payment).join(Order, Order.id == Payment.order_id).where(mine))
        refunds = ctx.session.scalars(select(Refund).join(Payment, Payment.id == Refund.payment_id).join(
            Order, Order.id == Payment.order_id).where(mine))  # fmt: skip
        return " ".join([
            f"{campaign.state} {campaign.participant_count} {campaign.counted_units}",
            *(f"{row.held_units}/{row.sold_units}" for row in offers),
            *sorted(f"{row.state}:{row.total_fen}:{row.paid_fen}:{row.refunded_fen}" for row in orders),
            *sorted(f"{row.state}:{row.received_fen}" for row in payments),
            str(sum(row.amount_fen for row in refunds)),
            *sorted(f"{row.client_id}:{row.result}" for row in ctx.session.scalars(select(OfflineHandOver))),
            *sorted(f"{row.why}:{row.units}" for row in ctx.session.scalars(select(LossCase))),
        ])  # fmt: skip


def _breaches(ground: Ground) -> Sequence[str]:
    with ground.unit.reading(CLOCK) as ctx:
        return [f"{breach.rule}: {breach.row}" for breach in invariants.check(ctx)]
