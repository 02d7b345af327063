"""Many clocks and many clerks at once: each thing happens once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from domain.actors import CLOCK, SYSTEM
from domain.errors import Invalid, WrongState
from models import AuditRecord, Campaign
from services.campaigns import drafting, ending, opening
from services.transactions import Transactions
from tests.builders.campaigns import scene
from tests.builders.clock import FrozenClock
from tests.builders.shops import campaign_terms, shop

RIVALS = 4


def at_once(act: Callable[[], int]) -> int:
    """What all rivals report together."""
    with ThreadPoolExecutor(RIVALS) as pool:
        return sum(done.result() for done in [pool.submit(act) for _ in range(RIVALS)])


def moves(unit: Transactions, event: str) -> int:
    with unit.reading() as ctx:
        return ctx.session.scalar(select(func.count()).where(AuditRecord.event == event)) or 0


def test_four_clocks_open_each_campaign_once(unit: Transactions, clock: FrozenClock) -> None:
    with unit(SYSTEM) as ctx:
        own = shop(ctx)
        acting = ctx.acting_as(own.actor)
        for _ in range(6):
            terms = campaign_terms(ctx, own, opens_at=ctx.now + timedelta(hours=1))
            opening.schedule(acting, drafting.create(acting, terms).public_id)
    clock.advance(hours=1)

    def sweep() -> int:
        with unit(CLOCK) as ctx:
            return opening.open_due(ctx)

    assert at_once(sweep) + sweep() == 6
    assert moves(unit, "open") == 6


def test_of_four_extensions_one_counts(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        stage = scene(ctx)

    def extend() -> int:
        try:
            with unit(stage.leader) as ctx:
                ending.extend(ctx, stage.campaign, stage.closes_at + timedelta(hours=1))
        except (WrongState, Invalid):
            return 0
        return 1

    assert at_once(extend) == 1
    assert moves(unit, "extend") == 1


def test_without_the_comparison_two_clerks_would_both_extend(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        stage = scene(ctx)
    seen = []
    for _ in range(2):
        with unit.reading() as ctx:
            seen.append(ctx.session.get_one(Campaign, stage.campaign_id).extended_at)
    written = 0
    for extended_at in seen:
        if extended_at is None:  # read-then-write: both looked before either wrote
            with unit(SYSTEM) as ctx:
                ctx.session.get_one(Campaign, stage.campaign_id).extended_at = ctx.now
                written += 1
    assert written == 2
