"""One person's drawer at one point: opened, counted, handed over; a difference is booked with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from domain.actors import Role
from domain.content import Subject
from domain.errors import Invalid, NoShift, NotFound, SamePerson, WrongState
from domain.ids import new_id
from domain.posting_rules import Event
from models import Leader, PickupPoint, PickupStaff, Shift
from services import audit, ledger, transitions
from services.content_safety import rows
from services.context import Ctx
from services.finding import by_public_id
from services.pickup import desks
from services.writing import insert_all

OF_DESK = (Role.STAFF, Role.LEADER)


@dataclass(frozen=True)
class CloseShift:
    """What was counted (fen) in the drawer of a shift (public id), and why it is not what it should be."""

    shift_id: str
    counted_fen: int
    reason: str = ""


def begin(ctx: Ctx) -> Shift:
    """Open the actor's drawer at the actor's desk, or find it open: a person has one, on however many devices."""
    ctx.require(*OF_DESK)
    if ctx.actor.point_id is None:
        raise NotFound
    row = {
        "public_id": new_id("Shift", ctx.now), "state": "open", "point_id": ctx.actor.point_id,
        "by_label": ctx.actor.label, "by_name": desks.name(ctx), "taken_fen": 0, "counted_fen": 0,
        "difference_reason": "", "handed_to": "", "opened_at": ctx.now,
    }  # fmt: skip
    made = insert_all(ctx.session, Shift, [row], Shift.id)
    if made:
        audit.record(ctx, "shift", made[0].id, "open", states=("", "open"))
    return mine_open(ctx)


def mine_open(ctx: Ctx) -> Shift:
    """The actor's open shift at this desk; raises `NoShift`."""
    mine = (Shift.point_id == ctx.actor.point_id, Shift.by_label == ctx.actor.label, Shift.state == "open")
    shift = ctx.session.scalars(select(Shift).where(*mine)).one_or_none()
    if shift is None:
        raise NoShift
    return shift


def close(ctx: Ctx, command: CloseShift) -> Shift:
    """Close one's own drawer with a count; what differs from what was taken is booked as it is found.

    Raises `NotFound`, `WrongState` when it is closed, and `Invalid` for a difference without a reason: also when
    another of one's devices took cash while this one was counting.
    """
    ctx.require(*OF_DESK)
    shift = by_public_id(ctx, Shift, command.shift_id, Shift.by_label == ctx.actor.label)
    transitions.lock(ctx, shift)
    if shift.state != "open":
        raise WrongState(state=shift.state, event="close")
    short = shift.taken_fen - command.counted_fen
    reason = command.reason.strip() if short else ""
    if short and not reason:
        raise Invalid("Say why it is not what it should be.", field="reason", taken_fen=shift.taken_fen)
    counted = {"counted_fen": command.counted_fen, "difference_reason": reason, "closed_at": ctx.now}
    transitions.move(ctx, shift, "close", reason=reason, where=Shift.taken_fen == shift.taken_fen, **counted)
    rows.keep_back(ctx, Subject.SHIFT, shift)
    ledger.post(ctx, Event.CASH_DIFFERENCE, f"shift:{shift.id}", {"amount": short}, owners={"shift": shift.public_id})
    return shift


def receive(ctx: Ctx, shift_id: str) -> Shift:
    """Confirm that one has got what a closed drawer held: the leader of its point, or an operator.

    Raises `NotFound`, `WrongState` unless it is closed, and `SamePerson` for whoever kept the drawer.
    """
    shift = by_public_id(ctx, Shift, shift_id, *seen_by(ctx, Role.LEADER, Role.OPERATOR))
    if ctx.actor.role is Role.LEADER and _keeper(ctx, shift) == ctx.resident_id:
        raise SamePerson
    transitions.move(ctx, shift, "hand_over", handed_to=ctx.actor.label, handed_over_at=ctx.now)
    amounts = {"amount": shift.counted_fen}
    ledger.post(ctx, Event.CASH_HANDED_OVER, f"shift:{shift.id}", amounts, owners={"shift": shift.public_id})
    return shift


def seen_by(ctx: Ctx, *roles: Role) -> list[ColumnElement[bool]]:
    """Which shifts the actor may look at, as conditions; raises `Forbidden` for other roles than `roles`."""
    ctx.require(*roles)
    if ctx.actor.role is Role.OPERATOR:
        return []
    mine: ColumnElement[bool] = Shift.by_label == ctx.actor.label
    if ctx.actor.role is Role.STAFF:
        return [mine]
    return [or_(mine, Shift.point_id.in_(select(PickupPoint.id).where(PickupPoint.leader_id == ctx.actor.id)))]


def _keeper(ctx: Ctx, shift: Shift) -> int:
    """The resident behind whoever kept the drawer."""
    role, _, number = shift.by_label.partition(":")
    if role == Role.STAFF:
        return ctx.session.get_one(PickupStaff, int(number)).resident_id
    return ctx.session.get_one(Leader, int(number)).resident_id
