"""Pickup codes: issued with the first arrived line, one in use per order, unique among those in use at a point."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from domain.actors import Role
from domain.errors import Busy, NotReady
from domain.ids import new_id
from domain.pickup import new_code
from domain.state_tables import PICKUP_CODE
from models import Order, PickupCode
from services.context import Ctx
from services.finding import by_public_id
from services.transitions import lock, move, try_move
from services.writing import insert_all

TRIES = 12


def issue(ctx: Ctx, orders: Sequence[Order]) -> None:
    """Give each order a code; a number that is in use at its point is drawn again. Raises `Busy` if none is free."""
    waiting = {order.id: order for order in orders}
    for _ in range(TRIES):
        rows = [
            {
                "public_id": new_id("PickupCode", ctx.now), "order_id": order.id, "point_id": order.point_id,
                "code": new_code(), "state": PICKUP_CODE.initial, "created_at": ctx.now,
            }
            for order in waiting.values()
        ]  # fmt: skip
        for (order_id,) in insert_all(ctx.session, PickupCode, rows, PickupCode.order_id):
            del waiting[order_id]
        if not waiting:
            return
    raise Busy


def reissue(ctx: Ctx, order_id: str) -> PickupCode:
    """Void the code of one's own order and issue another, e.g. after it was shown to the wrong people.

    Raises `NotFound`, or `NotReady` when no code is in use.
    """
    ctx.require(Role.RESIDENT)
    order = by_public_id(ctx, Order, order_id, Order.resident_id == ctx.resident_id)
    lock(ctx, order)
    move(ctx, in_use(ctx, order), "void", reason="reissued")
    issue(ctx, [order])
    return in_use(ctx, order)


def in_use(ctx: Ctx, order: Order) -> PickupCode:
    """The issued code of an order; raises `NotReady` when there is none."""
    mine = (PickupCode.order_id == order.id, PickupCode.state == "issued")
    code = ctx.session.scalars(select(PickupCode).where(*mine)).one_or_none()
    if code is None:
        raise NotReady(state=order.state)
    return code


def reopen(ctx: Ctx, order: Order) -> None:
    """Put the redeemed code of an order back in use, under a new number if another order has got the old one.

    Of an order that ended because the rest of it went back, the code is void: it gets a new one.
    """
    mine = (PickupCode.order_id == order.id, PickupCode.state == "redeemed")
    code = ctx.session.scalars(select(PickupCode).where(*mine)).one_or_none()
    if code is None:
        issue(ctx, [order])
        return
    for number in (code.code, *(new_code() for _ in range(TRIES))):
        if _reopen_as(ctx, code, number):
            return
    raise Busy


def _reopen_as(ctx: Ctx, code: PickupCode, number: str) -> bool:
    other = aliased(PickupCode)
    taken = exists().where(other.point_id == code.point_id, other.code == number, other.state == "issued")
    try:
        with ctx.session.begin_nested():
            return try_move(ctx, code, "reopen", where=~taken, code=number)
    except IntegrityError:  # a rival took the number between the look and the write
        return False
