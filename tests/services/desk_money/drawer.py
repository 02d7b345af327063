"""Orders that are paid on pickup and wait, and the drawers they are paid into."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.actors import CLOCK, GATEWAY, Actor
from domain.payments import Arrival
from models import Order, Payment, Shift
from services import payments
from services.desk_money import cash, shifts, wechat
from services.ports import Trade
from tests.services.pickup.world import World, one


def waiting(world: World, units: dict[str, int] | None = None, who: Actor | None = None, **values: Any) -> str:
    """An order paid on pickup that stands at the first point."""
    campaign = world.campaign(payment_policy="on_pickup", **values)
    order = world.order(who or world.resident(), campaign, units or {"草莓": 2})
    world.bring(campaign)
    return order


def open_shift(world: World, who: Actor) -> str:
    """Somebody's open drawer; its public id."""
    with world.unit(who) as ctx:
        return shifts.begin(ctx).public_id


def take(world: World, who: Actor, *orders: str) -> None:
    """Take the cash for the orders and hand them over."""
    with world.unit(who) as ctx:
        cash.take(ctx, cash.TakeCash(orders, "code"))


def begin(world: World, who: Actor, order: str) -> None:
    """Staff lets the buyer pay by WeChat."""
    with world.unit(who) as ctx:
        wechat.begin(ctx, order)


def ask(world: World, payer: Actor, order: str) -> str:
    """The buyer asks to pay; the number of the payment."""
    with world.unit(payer) as ctx:
        asked = payments.ask(ctx, order)
        payments.prepaid(ctx, asked.payment, f"prepay-{asked.payment}")
        return asked.request.out_trade_no


def capture(world: World, number: str) -> Arrival | None:
    """The gateway says that it was paid."""
    with world.unit(GATEWAY) as ctx:
        fen = ctx.session.scalars(select(Payment.amount_fen).where(Payment.public_id == number)).one()
        return payments.book_trade(ctx, Trade(number, "SUCCESS", f"42{number}", fen, fen, ctx.now))


def state_of(world: World, order: str) -> str:
    """Where the order stands."""
    with world.unit(CLOCK) as ctx:
        return one(ctx, Order, order).state


def taken(world: World, shift: str) -> int:
    """What a drawer should hold."""
    with world.unit(CLOCK) as ctx:
        return one(ctx, Shift, shift).taken_fen
