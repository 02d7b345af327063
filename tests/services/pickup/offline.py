"""Desks with devices of their own, what they take along, and what they report."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from domain.actors import CLOCK, Actor
from models import LossCase, OrderLine, PickupStaff, Session
from services.pickup import leases, reporting
from services.pickup.leases import TakeLease
from services.pickup.reporting import HandedOut, Reported
from services.queries.leases import LeaseShown, shown
from tests.builders import people
from tests.services.pickup.world import World, lines_of


def device(world: World, by: Actor) -> Actor:
    """The same person on one more device."""
    with world.unit(CLOCK) as ctx:
        people.token(ctx, ctx.session.get_one(PickupStaff, by.id))
        newest = select(func.max(Session.id)).where(Session.staff_id == by.id)
        return replace(by, session_id=ctx.session.scalars(newest).one())


def desk(world: World, name: str = "小张", point: int = 0) -> Actor:
    """Somebody at the desk of a point, with a device."""
    return device(world, world.staff(name, point))


def take(world: World, by: Actor, *, take_over: bool = False) -> LeaseShown:
    """Take the lease of the point on that device."""
    with world.unit(by) as ctx:
        return shown(ctx, leases.take(ctx, TakeLease("柜台手机", take_over)))


def ready(world: World, units: dict[str, int], who: Actor | None = None) -> str:
    """A paid order whose goods wait at the first point."""
    campaign = world.campaign()
    order = world.order(who or world.resident(), campaign, units)
    world.bring(campaign)
    return order


def noted(world: World, order: str, client_id: str = "note-0001", token: str | None = None, **units: int) -> HandedOut:
    """What a device noted just now: `units` by the name of the offer."""
    with world.unit.reading() as ctx:
        by_line = {lines_of(ctx, order)[name].public_id: number for name, number in units.items()}
    return HandedOut(client_id, order, by_line, token, world.clock.now())


def report(world: World, by: Actor, lease: LeaseShown, what: HandedOut) -> Reported:
    """Report it once the device is back."""
    with world.unit(by) as ctx:
        return reporting.report(ctx, lease.id, what)


def cases(world: World) -> list[tuple[str, int, str]]:
    """Every loss case: the line's name, units, why."""
    with world.unit.reading() as ctx:
        rows = select(OrderLine.offer_name, LossCase.units, LossCase.why).join(
            LossCase, LossCase.order_line_id == OrderLine.id
        )
        return [(row[0], row[1], row[2]) for row in ctx.session.execute(rows.order_by(LossCase.id))]
