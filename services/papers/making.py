"""One place that makes any paper: short ones in the transaction that asks, long ones batch by batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from domain.actors import Role
from domain.clock import local
from domain.errors import NotFound, PaperTooLong
from models import Order
from services.context import Ctx
from services.papers import gathering, kinds
from services.papers.gathering import Bought, Scope
from services.papers.table import Paper, PaperKind
from services.queries import pick_lists

SUMMED = (PaperKind.PICK_LIST, PaperKind.POINTS)
"""Papers as long as there are offers and points, however many orders."""


@dataclass(frozen=True)
class AskPaper:
    """Which paper: of an own campaign and perhaps one of its points (public ids); neither for a desk's staff."""

    kind: str
    campaign_id: str = ""
    point_id: str = ""


def kind_of(name: str) -> PaperKind:
    """The paper of this name; raises `NotFound`."""
    try:
        return PaperKind(name)
    except ValueError:
        raise NotFound from None


def narrower(kind: PaperKind) -> ColumnElement[bool]:
    """Which orders of a campaign a paper speaks of: all that ever counted, or those that are packed."""
    if kind is PaperKind.ROSTER:
        return Order.roster_number.is_not(None)
    return Order.state.in_(gathering.PACKED)


def at_once(ctx: Ctx, asked: AskPaper) -> Paper:
    """The paper in this transaction; raises `NotFound`, and `PaperTooLong` for one to be exported."""
    kind = kind_of(asked.kind)
    scope = allowed(ctx, kind, asked)
    if kind in SUMMED:
        return summed(ctx, kind, scope)
    most = ctx.policy.paper_orders_at_once
    orders = gathering.bought(ctx, scope, narrower(kind), limit=most + 1, phones=with_phones(ctx, kind))
    if len(orders) > most:
        raise PaperTooLong(most=most)
    return listed(ctx, kind, scope, orders)


def allowed(ctx: Ctx, kind: PaperKind, asked: AskPaper) -> Scope:
    """The orders of a paper that the actor may have; raises `NotFound`."""
    return gathering.scope(ctx, asked.campaign_id, asked.point_id)


def with_phones(ctx: Ctx, kind: PaperKind) -> bool:
    """Only a leader's roster shows phones, and those masked: a desk finds people by their tail without reading it."""
    return kind is PaperKind.ROSTER and ctx.actor.role is Role.LEADER


def summed(ctx: Ctx, kind: PaperKind, scope: Scope) -> Paper:
    """A paper of sums, counted by the database: one statement."""
    sums = pick_lists.of_orders(ctx, *scope.conditions)
    made = kinds.pick_list(scope.title, sums) if kind is PaperKind.PICK_LIST else kinds.points(scope.title, sums)
    return _dated(ctx, made)


def listed(ctx: Ctx, kind: PaperKind, scope: Scope, orders: Iterable[Bought]) -> Paper:
    """A paper of people, from their orders."""
    if kind is PaperKind.SLIPS:
        return _dated(ctx, kinds.slips(scope.title, orders))
    if kind is PaperKind.LABELS:
        return _dated(ctx, kinds.labels(scope.title, orders, ctx.policy.bag_units, ctx.policy.buyer_labels))
    return _dated(ctx, kinds.roster(scope.title, orders, masked=ctx.actor.role is not Role.LEADER))


def _dated(ctx: Ctx, made: Paper) -> Paper:
    return Paper(made.kind, made.title, made.columns, made.groups, (f"截至 {local(ctx.now)}",))
