"""The operator's first page: what waits for somebody, and how the last two weeks went, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, case, func, select

from domain.actors import Role
from models import (
    Alert,
    BillCase,
    Campaign,
    Claim,
    ContentCheck,
    Delivery,
    Leader,
    Order,
    OutboxMessage,
    Payment,
    Proposal,
    Refund,
    Settlement,
    SuspenseCase,
)
from services.context import Ctx
from services.queries.console_days import begin_of, day_of, last_days, seconds_between
from services.refund_tasks import WAITS_FOR_PEOPLE

DAYS = 14
UNPAID = ("pending_payment", "expired")
HOURS = (2, 6, 24, 48)


@dataclass(frozen=True)
class Waiting:
    """How many things wait now, by the name of their list."""

    leaders: int
    claims: int
    proposals: int
    refund_tasks: int
    suspense_cases: int
    bill_cases: int
    statements: int
    content_checks: int
    letters: int
    alerts: int
    open_campaigns: int
    to_hand_over: int


@dataclass(frozen=True)
class DayFigures:
    """One business day: orders placed, those of them not paid, fen that came and went back, campaigns' outcomes."""

    day: date
    orders: int
    unpaid: int
    received_fen: int
    refunded_fen: int
    formed: int
    failed: int


@dataclass(frozen=True)
class Waits:
    """How long goods stood at their point before they were fetched: orders within 2, 6, 24, 48 hours, and later."""

    orders: list[int]
    average_minutes: float | None


def waiting(ctx: Ctx) -> Waiting:
    """What waits now: one statement."""
    ctx.require(Role.OPERATOR)
    counts = {
        "leaders": _count(Leader, Leader.state == "applied"),
        "claims": _count(Claim, Claim.state == "escalated"),
        "proposals": _count(Proposal, Proposal.state == "proposed"),
        "refund_tasks": select(func.count()).select_from(Refund).join(Payment, Payment.id == Refund.payment_id)
        .where(WAITS_FOR_PEOPLE),
        "suspense_cases": _count(SuspenseCase, SuspenseCase.state == "open"),
        "bill_cases": _count(BillCase, BillCase.state == "open"),
        "statements": _count(Settlement, Settlement.state == "draft"),
        "content_checks": _count(ContentCheck, ContentCheck.state == "review"),
        "letters": _count(OutboxMessage, OutboxMessage.state == "dead"),
        "alerts": _count(Alert, Alert.done_at.is_(None)),
        "open_campaigns": _count(Campaign, Campaign.state == "open"),
        "to_hand_over": _count(Order, Order.state == "ready"),
    }  # fmt: skip
    row = ctx.session.execute(select(*(query.scalar_subquery().label(name) for name, query in counts.items()))).one()
    return Waiting(**row._mapping)


def _count(table: Any, condition: Any) -> Select[Any]:
    return select(func.count()).select_from(table).where(condition)


def days(ctx: Ctx) -> list[DayFigures]:
    """The last two weeks, today last: four statements."""
    ctx.require(Role.OPERATOR)
    span = last_days(ctx, DAYS)
    since = begin_of(span[0])
    placed = _by_day(ctx, Order.created_at, since, func.count(), _sum(case((Order.state.in_(UNPAID), 1), else_=0)))
    came = _by_day(ctx, Payment.succeeded_at, since, _sum(Payment.received_fen))
    went = _by_day(ctx, Refund.succeeded_at, since, _sum(Refund.amount_fen))
    failed = _sum(case((Campaign.state == "failed", 1), else_=0))
    ended = _by_day(ctx, Campaign.outcome_at, since, func.count(), failed)
    return [
        _figures(day, *placed.get(day, (0, 0)), *came.get(day, (0,)), *went.get(day, (0,)), *ended.get(day, (0, 0)))
        for day in span
    ]


def _figures(day: date, *sums: int) -> DayFigures:
    orders, unpaid, received, refunded, decided, failed = sums
    return DayFigures(day, orders, unpaid, received, refunded, decided - failed, failed)


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def _by_day(ctx: Ctx, at: Any, since: Any, *figures: Any) -> dict[date, tuple[int, ...]]:
    day = day_of(ctx, at).label("day")
    rows = ctx.session.execute(select(day, *figures).where(at >= since).group_by(day))
    return {date.fromisoformat(row[0]): tuple(int(figure) for figure in row[1:]) for row in rows}


def waits(ctx: Ctx) -> Waits:
    """From the first arrival at the point to the hand-over, of orders fetched in the last two weeks: one statement."""
    ctx.require(Role.OPERATOR)
    first = (
        select(Delivery.campaign_id, Delivery.point_id, func.min(Delivery.arrived_at).label("at"))
        .where(Delivery.arrived_at.is_not(None))
        .group_by(Delivery.campaign_id, Delivery.point_id)
        .subquery()
    )
    stood = seconds_between(ctx, first.c.at, Order.collected_at)
    within = [_sum(case((stood <= hours * 3600, 1), else_=0)) for hours in HOURS]
    row = ctx.session.execute(
        select(*within, func.count(), func.avg(stood))
        .select_from(Order)
        .join(first, (first.c.campaign_id == Order.campaign_id) & (first.c.point_id == Order.point_id))
        .where(Order.collected_at >= begin_of(last_days(ctx, DAYS)[0]))
    ).one()
    up_to = [0, *(int(count) for count in row[:-1])]
    average = float(row[-1]) / 60 if row[-1] is not None else None
    return Waits([later - earlier for earlier, later in pairwise(up_to)], average)
