"""Actors around a desk without a network: its device reports, sends again, gives its lease back, or is taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.actors import Actor
from services.pickup import leases, reporting
from services.pickup.leases import TakeLease
from services.pickup.redeeming import Redeem, redeem
from services.pickup.reporting import HandedOut

if TYPE_CHECKING:
    from chaos.interleavings.scenes import Place


def reports(place: Place, staff: Actor, *names: str) -> None:
    """Each order noted whole and once more in part; a report of the whole comes twice, as after a lost answer."""
    with place.ground.unit(staff) as ctx:
        lease, now = leases.take(ctx, TakeLease("柜台手机")).public_id, ctx.now
    for name in names:
        order = place.orders[name]
        whole = HandedOut(f"whole-of-{name}", order, {place.line(name): 2, place.line(name, 1): 1}, None, now)
        part = HandedOut(f"part-of-{name}", order, {place.line(name): 1}, None, now)
        for noted in (whole, whole, part):
            place.add("report", place.asked(staff, reporting.report, lease, noted))
    place.add("lease", place.asked(staff, leases.give_back))
    place.add("lease", place.asked(staff, leases.take, TakeLease("另一台手机", take_over=True)))


def meanwhile(place: Place, staff: Actor, *names: str) -> None:
    """Colleagues with a network: each order whole and in part, and all of them at once."""
    for name in names:
        for units in ({}, {place.line(name): 1}):
            place.add("redeem", place.asked(staff, redeem, Redeem((place.orders[name],), "code", units)))
    every = tuple(place.orders[name] for name in reversed(names))
    place.add("redeem", place.asked(staff, redeem, Redeem(every, "batch")))
