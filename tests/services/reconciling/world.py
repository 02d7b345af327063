"""Days of trade whose bills are to be reconciled: orders paid and refunded, bills written, runs made."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from domain.actors import SYSTEM, Actor, Role
from domain.clock import SHANGHAI, business_date
from domain.reconciling import Difference
from models import BillBooking, BillCase, JournalEntry, Operator, Posting
from services import cancelling, two_people
from services.context import Ctx
from services.flows import reconciling
from services.queries import reconciliation
from services.reconciling import resolving
from services.reconciling.resolving import ResolveCase
from services.transactions import Transactions
from tests.builders import bills, campaigns, people
from tests.builders.bills import Day
from tests.builders.campaigns import Scene, Terms, buyer
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside

Found = set[tuple[str, date, str]]


def trade(unit: Transactions, clock: FrozenClock, orders: int, refunds: int) -> tuple[Scene, date]:
    """Paid orders on the clock's day, the last of them refunded in full; the day they were."""
    stage = campaigns.stage_of(unit, Terms(price_fen=2990), Terms(name="牛奶", price_fen=1), buyers=orders, hours=240)
    made = [campaigns.buy(unit, stage, who) for who in range(orders)]
    for who, order in list(enumerate(made))[orders - refunds :]:
        with unit(buyer(stage.buyers[who])) as ctx:
            cancelling.cancel(ctx, order)
    while campaigns.refunded(unit):
        pass
    return stage, business_date(clock.now())


def written(unit: Transactions, *days: date) -> dict[date, Day]:
    """The true bills of these days."""
    with unit.reading(SYSTEM) as ctx:
        return bills.write(ctx, *days)


def run(unit: Transactions, outside: PretendOutside, clock: FrozenClock, *days: date) -> None:
    """Reconcile each day at noon of the next."""
    for day in days:
        clock.set(datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI) + timedelta(days=1))
        reconciling.reconcile(unit, outside, day)


def after(day: date, days: int) -> list[date]:
    """The day and those that follow it."""
    return [day + timedelta(days=n) for n in range(days + 1)]


def found(unit: Transactions) -> Found:
    """Every case but those whose cause is gone: difference, day, subject."""
    with unit.reading(SYSTEM) as ctx:
        rows = ctx.session.scalars(select(BillCase).where(BillCase.resolution != "vanished"))
        return {(row.difference, row.day, row.subject) for row in rows}


def case_on(ctx: Ctx, difference: Difference) -> BillCase:
    """The one case of a class."""
    return ctx.session.scalars(select(BillCase).where(BillCase.difference == difference)).one()


def operator(unit: Transactions, name: str = "") -> Actor:
    """An operator as an actor."""
    with unit(SYSTEM) as ctx:
        row: Operator = people.operator(ctx, name)
        return Actor(Role.OPERATOR, row.id)


def balance(unit: Transactions, account: str) -> int:
    """What stands on an account."""
    with unit.reading(SYSTEM) as ctx:
        return sum(ctx.session.scalars(select(Posting.amount_fen).where(Posting.account == account)))


def assert_clearing_is_explained(unit: Transactions) -> reconciliation.Standing:
    """The clearing account is exactly its items."""
    with unit.reading(SYSTEM) as ctx:
        standing = reconciliation.open_in_clearing(ctx)
    assert standing.unexplained_fen == 0
    return standing


def traces(unit: Transactions) -> list[str]:
    """Everything that reconciling wrote, for comparing two runs."""
    with unit.reading(SYSTEM) as ctx:
        entries = ctx.session.scalars(select(JournalEntry.cause).order_by(JournalEntry.id))
        cases = ctx.session.scalars(select(BillCase).order_by(BillCase.id))
        booked = ctx.session.scalars(select(BillBooking.cause).order_by(BillBooking.id))
        return [*entries, *(f"{case.public_id} {case.state} {case.detail}" for case in cases), *booked]


def moved(day: Day) -> int:
    """What a day's fund flow did to the balance."""
    return sum(flow.amount_fen if flow.direction == "in" else -flow.amount_fen for flow in day.flows)


def case_id(unit: Transactions, subject: str, difference: str) -> str:
    """The case of a class about a number."""
    with unit.reading(SYSTEM) as ctx:
        about = BillCase.subject == subject, BillCase.difference == difference
        return ctx.session.scalars(select(BillCase.public_id).where(*about)).one()


def resolve(unit: Transactions, case: str, how: str) -> None:
    """An operator ends a case."""
    with unit(operator(unit)) as ctx:
        resolving.resolve(ctx, ResolveCase(case, how, "核对过"))


def accept(unit: Transactions, case: str) -> None:
    """Two operators accept the bill as it is."""
    with unit(operator(unit)) as ctx:
        proposal = resolving.propose(ctx, case, "平台确认").public_id
    with unit(operator(unit)) as ctx:
        two_people.accept(ctx, proposal)
