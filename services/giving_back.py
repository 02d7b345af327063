"""A leader or an operator gives money back: before hand-over like a cancellation, after it by units or an amount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select

from domain.actors import Role
from domain.campaigns import CancelReason
from domain.errors import Forbidden, Invalid, NotFound, WrongState
from models import Campaign, Order, OrderLine
from services import announcing, audit, commissions, counting, notices, pricing, refunds, returning, transitions
from services.content_safety import rows
from services.context import Ctx
from services.finding import by_public_id
from services.pickup.units import handed

BEFORE = ("paid", "confirmed", "ready")
AFTER = ("ready", "collected", "completed")
_WHO = {CancelReason.LEADER: "团长", CancelReason.OPERATOR: "平台"}


@dataclass(frozen=True)
class GiveBack:
    """Give back of an order (public id), by line (public ids), because of `reason`, in one transaction.

    `units` were not handed over, `handed_over` units were, `compensation_fen` is an amount for goods the buyer keeps.
    `rest` takes everything not handed over, and for an operator everything handed over as well.
    """

    order_id: str
    reason: str
    units: Mapping[str, int] = field(default_factory=dict)
    handed_over: Mapping[str, int] = field(default_factory=dict)
    compensation_fen: Mapping[str, int] = field(default_factory=dict)
    rest: bool = False


@dataclass(frozen=True)
class GivenBack:
    """What was decided by it (fen) and where the order stands."""

    id: str
    state: str
    decided_fen: int


def give_back(ctx: Ctx, command: GiveBack) -> GivenBack:
    """Decide it all, or nothing. A leader may for own campaigns: before hand-over once the campaign is formed, after it
    until after-sales ends; an operator always.

    Raises `NotFound`, `Invalid` for more than is left, `WrongState` when it is not the time or there is nothing left,
    `Forbidden` for a leader's own order after its hand-over.
    """
    order = by_public_id(ctx, Order, command.order_id, *_within_reach(ctx))
    transitions.lock(ctx, order)
    lines = {line.public_id: line for line in counting.lines_of(ctx, order)}
    if {*command.units, *command.handed_over, *command.compensation_fen} - set(lines):
        raise NotFound
    before, after = _wanted(ctx, command, lines)
    if not before and not after:
        raise WrongState(state=order.state, event="refund")
    decided = _take_off(ctx, order, before) if before else 0
    if after:
        decided += _return(ctx, order, after)
    audit.record(ctx, "order", order.id, "give_back", reason=command.reason)
    rows.keep_reason_back(ctx, "order", order.id, "give_back")
    ctx.session.flush()
    return GivenBack(order.public_id, order.state, decided)


def _within_reach(ctx: Ctx) -> list[ColumnElement[bool]]:
    ctx.require(Role.LEADER, Role.OPERATOR)
    if ctx.actor.role is Role.OPERATOR:
        return []
    return [Order.campaign_id.in_(select(Campaign.id).where(Campaign.leader_id == ctx.actor.id))]


def _wanted(ctx: Ctx, command: GiveBack, lines: Mapping[str, OrderLine]
            ) -> tuple[dict[OrderLine, int], list[tuple[OrderLine, int, int]]]:  # fmt: skip
    """Units by line not handed over, and (line, units, fen) of what was."""
    if command.rest:
        if command.units or command.handed_over or command.compensation_fen:
            raise Invalid("Either the rest or parts.", field="rest")
        before = {line: left for line in lines.values() if (left := _left(line))}
        return before, _all_handed_over(lines) if ctx.actor.role is Role.OPERATOR else []
    before = {lines[key]: _at_most(units, _left(lines[key]), "units") for key, units in command.units.items()}
    return before, [*_by_units(command, lines), *_by_amount(command, lines)]


def _all_handed_over(lines: Mapping[str, OrderLine]) -> list[tuple[OrderLine, int, int]]:
    every = ((line, line.collected_units - line.refunded_after_units, _kept_fen(line)) for line in lines.values())
    return [part for part in every if part[2]]


def _by_units(command: GiveBack, lines: Mapping[str, OrderLine]) -> Iterator[tuple[OrderLine, int, int]]:
    for key, units in command.handed_over.items():
        line = lines[key]
        _at_most(units, line.collected_units - line.refunded_after_units, "handed_over")
        yield line, units, pricing.after_sales_fen(line, units)


def _by_amount(command: GiveBack, lines: Mapping[str, OrderLine]) -> Iterator[tuple[OrderLine, int, int]]:
    for key, fen in command.compensation_fen.items():
        if key in command.handed_over:
            raise Invalid("Units or an amount of a line, not both.", field="compensation_fen")
        yield lines[key], 0, _at_most(fen, _kept_fen(lines[key]), "compensation_fen")


def _at_most(number: int, most: int, field_name: str) -> int:
    if not 1 <= number <= most:
        raise Invalid("More than is left.", field=field_name, left=most)
    return number


def _left(line: OrderLine) -> int:
    return line.ordered_units - line.refunded_units - handed(line)


def _kept_fen(line: OrderLine) -> int:
    """What the house still has of the units handed over."""
    return line.sales_fen - line.aftersales_fen


def _take_off(ctx: Ctx, order: Order, gone: Mapping[OrderLine, int]) -> int:
    """Before hand-over: money, stock and counters at once; an order of which nothing is left to come ends."""
    campaign = ctx.session.get_one(Campaign, order.campaign_id, populate_existing=True)
    by_operator = ctx.actor.role is Role.OPERATOR
    if order.state not in BEFORE or not (by_operator or campaign.state in ("formed", "fulfilling", "completed")):
        raise WrongState(state=order.state, event="refund")
    reason = CancelReason.OPERATOR if by_operator else CancelReason.LEADER
    decided = returning.take_off(ctx, order, gone, reason)
    returning.end(ctx, order, reason)
    if not decided:  # who gets money back hears it with the refund
        goods = "、".join(f"{line.offer_name} {units} {line.unit}" for line, units in gone.items())
        which = "-".join(f"{line.id}.{line.refunded_units}" for line in gone)
        body = f"「{campaign.title}」{_WHO[reason]}取消了您的 {goods}，不收费。"
        notices.tell(ctx, order, "changed", f"taken_off:{which}", "订单有变", body)
    ctx.session.refresh(campaign)
    if campaign.state in ("open", "paused"):
        announcing.progress(ctx, campaign)
    return decided


def _return(ctx: Ctx, order: Order, parts: list[tuple[OrderLine, int, int]]) -> int:
    """After hand-over: money only; the commission follows. The house bears it, so no leader gives it to themselves."""
    by_operator = ctx.actor.role is Role.OPERATOR
    if not by_operator and order.resident_id == ctx.actor.resident_id:
        raise Forbidden
    in_time = order.aftersales_until is None or ctx.now <= order.aftersales_until
    if order.state not in AFTER or not (by_operator or in_time):
        raise WrongState(state=order.state, event="refund")
    reason = CancelReason.OPERATOR if by_operator else CancelReason.LEADER
    for line, units, fen in parts:
        refunds.return_after(ctx, order, line, units, fen, reason)
        commissions.rebase(ctx, order, line)
    return sum(fen for _, _, fen in parts)
