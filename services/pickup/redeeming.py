"""Handing over at the desk: all or part of what waits, for one person or many, exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import select

from domain.actors import Actor
from domain.errors import AlreadyCollected, Invalid, NotFound, NotReady, WrongState
from domain.ids import is_id, new_id
from domain.pickup import aftersales_until
from models import Order, OrderLine, Parcel, PickupCode, Redemption, RedemptionLine
from services.context import Ctx
from services.desk_money import due
from services.pickup import desks, evidence, finishing, passes
from services.pickup.handing import HandOver, hand_over
from services.pickup.units import live, to_come, waiting
from services.transitions import move_all
from services.writing import insert_all

IN_PERSON: Mapping[int, str] = {}


@dataclass(frozen=True)
class Redeem:
    """Hand over what waits in these orders (public ids), or only `units` by line (public ids); `found_by` says how.

    `found_by` is code, qr, roster, batch, chat, photo, payment, or pass: then `pass_shown` is the text of the pass that
    was scanned, which is used up.
    """

    orders: tuple[str, ...]
    found_by: str
    units: Mapping[str, int] = field(default_factory=dict)
    pass_shown: str = ""


def redeem(ctx: Ctx, command: Redeem) -> list[Redemption]:
    """Hand over and book it; one Redemption per order. All of the command happens, or nothing.

    Raises `NotFound` for an order or line not at this desk, `AlreadyCollected` (with `by` and `at`) when another was
    first, `NotReady` before arrival, `Invalid` for more units than wait, `PaymentDue` for what is to be paid first,
    `WrongState` for what left by courier, `PassOver` for a pass that is dead or another order's.
    """
    orders = hold(ctx, command.orders)
    lines = _lines(ctx, orders)
    taken = _chosen(ctx, command, lines) if command.units else {line: waiting(line) for line in lines if waiting(line)}
    touched = {line.order_id for line in taken}
    for order in orders:
        if order.state != "ready" or (not command.units and order.id not in touched):
            _refuse(ctx, order)
        if order.id not in touched:
            raise Invalid("Name units of each order.", field="units", order=order.public_id)
    due.refuse_unpaid(orders, lines)
    _refuse_sent(ctx, orders)
    fetched_by = passes.use(ctx, orders, command.pass_shown) if command.found_by == "pass" else {}
    return record(ctx, command.found_by, desks.name(ctx), orders, lines, taken, fetched_by)


def hold(ctx: Ctx, order_ids: Sequence[str]) -> list[Order]:
    """The orders at the actor's desk in ascending id, held until the transaction ends and seen as they are now.

    Raises `NotFound` unless every one is there.
    """
    wanted = set(order_ids)
    if not wanted or not all(is_id("Order", order_id) for order_id in wanted):
        raise NotFound
    ctx.session.flush()
    statement = (
        select(Order)
        .where(Order.public_id.in_(wanted), *desks.within_reach(ctx, Order))
        .order_by(Order.id)
        .with_for_update()
    )
    found = list(ctx.session.scalars(statement, execution_options={"populate_existing": True}))
    if len(found) != len(wanted):
        raise NotFound
    return found


def _lines(ctx: Ctx, orders: Sequence[Order]) -> Sequence[OrderLine]:
    ids = [order.id for order in orders]
    statement = select(OrderLine).where(OrderLine.order_id.in_(ids)).order_by(OrderLine.order_id, OrderLine.id)
    return ctx.session.scalars(statement, execution_options={"populate_existing": True}).all()


def _chosen(ctx: Ctx, command: Redeem, lines: Sequence[OrderLine]) -> dict[OrderLine, int]:
    by_id = {line.public_id: line for line in lines}
    if not set(command.units) <= set(by_id):
        raise NotFound
    for line_id, units in command.units.items():
        line = by_id[line_id]
        if waiting(line) == 0:
            _refuse(ctx, ctx.session.get_one(Order, line.order_id))
        if not 1 <= units <= waiting(line):
            raise Invalid("More units than wait here.", field="units", line=line_id, waiting=waiting(line))
    return {by_id[line_id]: units for line_id, units in command.units.items()}


def _refuse(ctx: Ctx, order: Order) -> NoReturn:
    """Say who was first and when, or that nothing waits in this order."""
    last = evidence.last_hand_over(ctx, order)
    if last is not None:
        raise AlreadyCollected(order=order.public_id, by=last.by_name, at=last.at)
    raise NotReady(order=order.public_id, state=order.state)


def _refuse_sent(ctx: Ctx, orders: Sequence[Order]) -> None:
    """What left by courier is not handed over a second time; what is fetched has a deadline and needs no look."""
    brought = [order.id for order in orders if order.pickup_deadline is None]
    if brought and ctx.session.scalars(select(Parcel.order_id).where(Parcel.order_id.in_(brought))).first():
        raise WrongState(state="sent", event="redeem")


def record(ctx: Ctx, found_by: str, by_name: str, orders: Sequence[Order], lines: Sequence[OrderLine],
           taken: Mapping[OrderLine, int], fetched_by: Mapping[int, str] = IN_PERSON) -> list[Redemption]:  # fmt: skip
    """Write down that `taken` (line -> units) of the held `orders` changed hands, and book it; one row per order.

    `lines` are all lines of the orders as they stand. `by_name` is who handed over, in people's words, `fetched_by`
    who fetched for the owner, by order.
    """
    rows = [
        {**values(order, ctx.actor, by_name, found_by, ctx.now), "fetched_by": fetched_by.get(order.id, "")}
        for order in orders
    ]
    written = insert_all(ctx.session, Redemption, rows, Redemption.order_id, Redemption.id)
    redemptions = {row.order_id: row.id for row in written}
    rows = [
        {"redemption_id": redemptions[line.order_id], "order_line_id": line.id, "units": units}
        for line, units in taken.items()
    ]
    written = insert_all(ctx.session, RedemptionLine, rows, RedemptionLine.order_line_id, RedemptionLine.id)
    _hand_over(ctx, orders, taken, {row.order_line_id: row.id for row in written})
    _finish(ctx, orders, lines)
    made = select(Redemption).where(Redemption.id.in_(redemptions.values())).order_by(Redemption.id)
    return list(ctx.session.scalars(made))


def values(order: Order, by: Actor, by_name: str, found_by: str, now: datetime) -> dict[str, Any]:
    """The columns of the redemption of an order."""
    return {
        "public_id": new_id("Redemption", now), "order_id": order.id, "point_id": order.point_id, "by_label": by.label,
        "by_name": by_name, "found_by": found_by, "reason": "", "created_at": now,
    }  # fmt: skip


def _hand_over(ctx: Ctx, orders: Sequence[Order], taken: Mapping[OrderLine, int],
               row_of: Mapping[int, int]) -> None:  # fmt: skip
    by_id = {order.id: order for order in orders}
    acts = [
        HandOver(by_id[line.order_id], line, units, f"redemption_line:{row_of[line.id]}")
        for line, units in taken.items()
    ]
    if not hand_over(ctx, "collected_units", acts):
        _refuse(ctx, orders[0])


def _finish(ctx: Ctx, orders: Sequence[Order], lines: Sequence[OrderLine]) -> None:
    """Orders with nothing left to collect or to come are collected, and their codes are used up."""
    open_ids = {line.order_id for line in lines if waiting(line) or to_come(line)}
    fresh_ids = {line.order_id for line in lines if line.fresh and live(line)}
    for fresh in (True, False):
        done = [order.id for order in orders if order.id not in open_ids and (order.id in fresh_ids) is fresh]
        if done:
            until = aftersales_until(ctx.now, fresh, ctx.policy)
            move_all(ctx, Order, "collect", Order.id.in_(done), collected_at=ctx.now, aftersales_until=until)
            move_all(ctx, PickupCode, "redeem", PickupCode.order_id.in_(done))
    finishing.finished(ctx, [order for order in orders if order.id not in open_ids], at_point=True)
