"""The offline lease of a point: one device at a time may hand out without the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from sqlalchemy import ColumnElement, exists, func, select, update

from domain.actors import Role
from domain.clock import business_date, local
from domain.content import Subject
from domain.errors import LeaseTaken, NotFound
from domain.ids import new_id
from domain.leases import LeaseEnd, lease_until
from domain.tickets import day_of
from models import DeskLease, Order, PickupStaff
from services import audit, sessions
from services.content_safety import rows
from services.context import Ctx
from services.pickup import desks
from services.writing import changed, insert_all


@dataclass(frozen=True)
class TakeLease:
    """What this device is called, and whether it takes the lease away from another one."""

    device_label: str
    take_over: bool = False


def take(ctx: Ctx, command: TakeLease) -> DeskLease:
    """The lease of the acting device's point: its own that still runs, a fresh one, or one taken over.

    Who lost it may still report what was handed out under it. Raises `LeaseTaken` with `by`, `device` and `since`.
    """
    ctx.require(Role.STAFF)
    _close_expired(ctx)
    held = _live(ctx)
    if held is not None and _is_own(ctx, held):
        return held
    if held is not None:
        if not command.take_over:
            _refuse(ctx, held)
        _end(ctx, held, LeaseEnd.TAKEN_OVER)
    return _begin(ctx, command.device_label)


def give_back(ctx: Ctx) -> None:
    """End the acting device's own lease: everything was reported. Raises `NotFound` when it has none."""
    ctx.require(Role.STAFF)
    held = _live(ctx)
    if held is None or not _is_own(ctx, held) or not _end(ctx, held, LeaseEnd.GIVEN_BACK):
        raise NotFound


def take_away(ctx: Ctx, point_id: str) -> None:
    """The acting leader ends whatever lease runs at a point (public id) of own campaigns: the device is lost.

    What it still reports is booked as after a lease that was taken over. Raises `NotFound`.
    """
    there = desks.leader_at(ctx, point_id)
    held = _live(there)
    if held is None or not _end(there, held, LeaseEnd.TAKEN_OVER):
        raise NotFound


def may_be_handed_out(ctx: Ctx) -> ColumnElement[bool]:
    """Whether an order may have been handed out under a lease that runs, or that may still report it.

    Given back, a lease has reported everything; one that was taken after the order's deadline never had the order.
    """
    since = ctx.now - timedelta(hours=ctx.policy.lease_report_hours)
    return exists().where(
        DeskLease.point_id == Order.point_id,
        DeskLease.how_ended != LeaseEnd.GIVEN_BACK,
        DeskLease.taken_at < Order.pickup_deadline,
        func.coalesce(DeskLease.ended_at, DeskLease.until) > since,
    )


def may_report(ctx: Ctx, lease: DeskLease) -> bool:
    """Whether what was handed out under the lease is still booked as a hand-over."""
    return (lease.ended_at or lease.until) > ctx.now - timedelta(hours=ctx.policy.lease_report_hours)


def _live(ctx: Ctx) -> DeskLease | None:
    mine = select(DeskLease).where(DeskLease.point_id == ctx.actor.point_id, DeskLease.ended_at.is_(None))
    return ctx.session.scalars(mine, execution_options={"populate_existing": True}).one_or_none()


def _is_own(ctx: Ctx, lease: DeskLease) -> bool:
    return lease.staff_id == ctx.actor.id and lease.session_id == ctx.actor.session_id


def _close_expired(ctx: Ctx) -> None:
    over = (DeskLease.point_id == ctx.actor.point_id, DeskLease.ended_at.is_(None), DeskLease.until <= ctx.now)
    values = {"ended_at": DeskLease.until, "how_ended": LeaseEnd.EXPIRED}
    changed(ctx.session, update(DeskLease).where(*over).values(**values))


def _end(ctx: Ctx, lease: DeskLease, how: LeaseEnd) -> bool:
    """False when another was first."""
    mine = update(DeskLease).where(DeskLease.id == lease.id, DeskLease.ended_at.is_(None))
    if not changed(ctx.session, mine.values(ended_at=ctx.now, how_ended=how)):
        return False
    audit.record(ctx, "desk_lease", lease.id, how)
    return True


def _begin(ctx: Ctx, device: str) -> DeskLease:
    row = {
        "public_id": new_id("DeskLease", ctx.now), "point_id": ctx.actor.point_id, "staff_id": ctx.actor.id,
        "session_id": ctx.actor.session_id, "device": device, "day": day_of(business_date(ctx.now)),
        "taken_at": ctx.now, "until": lease_until(ctx.now, ctx.policy), "how_ended": "",
    }  # fmt: skip
    made = insert_all(ctx.session, DeskLease, [row], DeskLease.id)
    held = _live(ctx)
    if held is None:
        raise LeaseTaken
    if not made:  # another device was first: its row is committed and readable
        _refuse(ctx, held)
    rows.keep_back(ctx, Subject.LEASE, held, {"device": sessions.UNNAMED})
    audit.record(ctx, "desk_lease", held.id, "take")
    return held


def _refuse(ctx: Ctx, lease: DeskLease) -> NoReturn:
    by = ctx.session.get_one(PickupStaff, lease.staff_id).display_name
    since = lease.taken_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    raise LeaseTaken(by=by, device=lease.device, since=since, when=local(lease.taken_at))
