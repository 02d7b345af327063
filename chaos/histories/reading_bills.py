"""Steps of the gateway's bills: they are read the next morning, sometimes with errors in them; people end the cases."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time, timedelta

from chaos.histories.inner_sandbox import Declined
from chaos.histories.steps import step, with_things
from chaos.histories.world import Choices, World
from domain.clock import SHANGHAI, business_date
from domain.errors import NotReady
from domain.reconciling import ALLOWED, Difference, Resolution
from models import BillCase
from services.flows import reconciling
from services.reconciling import resolving
from services.reconciling.resolving import ResolveCase

ERRORS = (Difference.MISSING_HERE, Difference.MISSING_THERE, Difference.AMOUNT, Difference.STATUS, Difference.DUPLICATE)
BY_HAND = (Resolution.FUND_FLOW, Resolution.IGNORE)


@step(lambda at: 1 if at.number % 2 else 0)
def bills_of_the_day(world: World, choose: Choices) -> None:
    """The next morning the bills of the day, or of all days before, are fetched and matched, sometimes spoilt."""
    today = business_date(world.stage.clock.now())
    morning = datetime.combine(today + timedelta(days=1), time(10, 30), SHANGHAI)
    world.stage.clock.set(max(world.stage.clock.now(), morning))
    world.sweep(choose)
    world.post()
    if choose.chance(40):
        error, number = choose.one_of(ERRORS), choose.number(1, 9)
        with suppress(Declined):  # too few rows for it
            world.stage.sandbox.control("bills/plant", bill_date=str(today), error=error.value, seed=number)
    if choose.chance(12):
        reconciling.reconcile_due(world.unit, world.stage.outside)
    else:
        reconciling.reconcile(world.unit, world.stage.outside, today)


@step(with_things(6, "bill cases"))
def end_a_bill_case(world: World, choose: Choices) -> None:
    """An operator ends a case by the account's own movement, or asks the gateway again."""
    cases = world.rows(BillCase, BillCase.state == "open")
    if not cases:
        raise NotReady
    case = choose.one_of(cases)
    ways = [way for way in ALLOWED[Difference(case.difference)] if way in BY_HAND]
    if ways and choose.chance(60):
        with world.unit(world.operators[0]) as ctx:
            resolving.resolve(ctx, ResolveCase(case.public_id, ways[0], "按资金账单"))
        return
    reconciling.ask(world.unit, world.stage.outside, world.operators[0], case.public_id)
