"""A broken unit refused at the desk: shown in a picture, refunded without after-sales, and back to its supplier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import update

from domain.actors import Role
from domain.campaigns import CancelReason
from domain.clock import business_date
from domain.errors import BrokenLimitReached, Invalid, NotFound, WrongState
from domain.posting_rules import Event
from models import BrokenCount, Campaign, Leader, Order, OrderLine, PickupPoint
from services import (
    announcing,
    audit,
    counting,
    evidence_pictures,
    ledger,
    notices,
    payments,
    returning,
    suppliers,
    transitions,
)
from services.content_safety import rows
from services.context import Ctx
from services.finding import by_public_id
from services.pickup import desks
from services.pickup.units import waiting
from services.writing import changed, upsert


@dataclass(frozen=True)
class RefuseUnits:
    """`units` by line (public ids) that wait in an order and are broken, with pictures of them."""

    order: str
    units: Mapping[str, int]
    evidence: tuple[str, ...]
    reason: str = ""


def refuse(ctx: Ctx, command: RefuseUnits) -> Order:
    """Take broken units out of what waits for their buyer: refunded, and no longer owed to the merchant.

    Staff may at their point within `policy.broken_units_per_day`, the leader at all points of own campaigns without
    that limit. Raises `NotFound`, `WrongState` (nothing waits, or it is being paid at this moment), `Invalid` (more
    units than wait, no picture) and `BrokenLimitReached`.
    """
    order = by_public_id(ctx, Order, command.order, *desks.within_reach(ctx, Order))
    transitions.lock(ctx, order)
    if order.state != "ready":
        raise WrongState(state=order.state, event="refuse_broken")
    if payments.live_numbers(ctx, order.id):
        raise WrongState("This order is being paid.", state="paying", event="refuse_broken")
    broken = _chosen(counting.lines_of(ctx, order), command.units)
    if not command.evidence:
        raise Invalid("Show a picture of what is broken.", field="evidence")
    evidence_pictures.attach(ctx, command.evidence, "broken", order=order)
    if ctx.actor.role is Role.STAFF:
        _count(ctx, order.point_id, sum(broken.values()))
    for line, units in broken.items():
        _send_back(ctx, order, line, units)
    decided = returning.take_off(ctx, order, broken, CancelReason.BROKEN)
    returning.end(ctx, order, CancelReason.BROKEN)
    audit.record(ctx, "order", order.id, "refuse_broken", reason=command.reason)
    rows.keep_reason_back(ctx, "order", order.id, "refuse_broken")
    _tell(ctx, order, broken, decided)
    return order


def _chosen(lines: list[OrderLine], wanted: Mapping[str, int]) -> dict[OrderLine, int]:
    by_id = {line.public_id: line for line in lines}
    if not wanted or not set(wanted) <= set(by_id):
        raise NotFound
    for line_id, units in wanted.items():
        here = waiting(by_id[line_id])
        if not 1 <= units <= here:
            raise Invalid("More units than wait here.", field="units", line=line_id, waiting=here)
    return {by_id[line_id]: wanted[line_id] for line_id in sorted(wanted, key=lambda one: by_id[one].id)}


def _count(ctx: Ctx, point_id: int, units: int) -> None:
    """Take the units off today's limit of the point's staff, in one conditional write."""
    limit = ctx.policy.broken_units_per_day
    today = {"point_id": point_id, "day": business_date(ctx.now)}
    total = BrokenCount.units + units
    counted = upsert(ctx.session, BrokenCount).values(**today, units=units)
    counted = counted.on_conflict_do_update(index_elements=list(today), set_={"units": total}, where=total <= limit)
    if units > limit or not changed(ctx.session, counted):
        raise BrokenLimitReached(limit=limit)


def _send_back(ctx: Ctx, order: Order, line: OrderLine, units: int) -> None:
    """The units never arrived: the shelf holds fewer, and their supplier is owed less."""
    still_here = update(OrderLine).where(
        OrderLine.id == line.id,
        OrderLine.arrived_units - units >= OrderLine.collected_units + OrderLine.lapsed_units,
    )
    if not changed(ctx.session, still_here.values(arrived_units=OrderLine.arrived_units - units)):
        raise WrongState(state="handed over", event="refuse_broken")
    ctx.session.refresh(line, ["arrived_units"])
    cause = f"broken:{line.id}:{line.refunded_units + units}"  # refunded units only grow: each refusal has its own
    cost = {"cost": -line.supply_price_fen * units}
    owners = {"merchant": suppliers.merchant_of(ctx, line)}
    ledger.post(ctx, Event.GOODS_ARRIVED, cause, cost, order=order, owners=owners)


def _tell(ctx: Ctx, order: Order, broken: Mapping[OrderLine, int], decided_fen: int) -> None:
    """The leader hears of it unless it was the leader; a buyer who gets no money back reads it here."""
    campaign = ctx.session.get_one(Campaign, order.campaign_id)
    goods = "、".join(f"{line.offer_name} {units} {line.unit}" for line, units in broken.items())
    which = "-".join(f"{line.id}.{line.refunded_units}" for line in broken)
    if ctx.actor.role is not Role.LEADER:
        leader = ctx.session.get_one(Leader, campaign.leader_id)
        point = ctx.session.get_one(PickupPoint, order.point_id).name
        notices.tell(ctx, order, "changed", f"broken:{which}:leader", "取货点退了坏果",
                     f"「{campaign.title}」{point}：{goods}", to=leader.resident_id)  # fmt: skip
    if not decided_fen or order.paid_at is None:
        notices.tell(ctx, order, "changed", f"broken:{which}:owner", "坏果已退", f"「{campaign.title}」{goods}，不收费")
    announcing.progress(ctx, campaign)
