"""Ending a case so that its money is explained: by the account's own movement, by two people, or with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from domain.actors import Role
from domain.errors import Invalid, PlanIsStale, WrongState
from domain.reconciling import ALLOWED, Difference, Resolution
from models import BillBooking, BillCase, BillRow, Proposal
from services import transitions, two_people
from services.context import Ctx
from services.finding import by_public_id
from services.reconciling import booking, cases, clearing
from services.reconciling.agreeing import COMPLETE, is_complete
from services.reconciling.booking import Target
from services.reconciling.importing import hold_beside

KIND = "bill_case"
_SIGNED = {"other_in": ("payment", 1), "other_out": ("payment", -1)}
_MOVED = {"flow_payment": ("payment", 1), "flow_refund": ("refund", 1), "flow_fee": ("fee", 1),
          "flow_fee_back": ("fee", -1), "transfer": ("transfer", 1), "transfer_back": ("transfer_back", 1),
          **_SIGNED}  # fmt: skip


@dataclass(frozen=True)
class ResolveCase:
    """How an operator ends a case, and why."""

    case: str
    resolution: str
    reason: str


def allowed(ctx: Ctx, public_id: str, resolution: Resolution) -> BillCase:
    """The open case, held with its day, if this resolution fits its class.

    Raises `NotFound`, `Invalid`, and `WrongState`, also while a bill that just came waits to be matched.
    """
    ctx.require(Role.OPERATOR)
    row = by_public_id(ctx, BillCase, public_id)
    is_matched = _hold(ctx, row)
    if resolution not in ALLOWED[Difference(row.difference)]:
        raise Invalid(f"A case of {row.difference} is not ended by {resolution}.", field="resolution")
    if row.state != "open" or not (is_matched or resolution is Resolution.ASK):
        raise WrongState(state=row.state if row.state != "open" else "unmatched", event="resolve")
    return row


def _hold(ctx: Ctx, row: BillCase) -> bool:
    """Hold the case, its day first as everybody does; whether all that came for the day and beside it was matched."""
    days = hold_beside(ctx, row.day)
    transitions.lock(ctx, row)
    return all(day.matched_at is not None or day.status not in COMPLETE for day in days)


def resolve(ctx: Ctx, command: ResolveCase) -> BillCase:
    """End a case by the fund flow or with a reason; raises as `allowed`.

    Raises `WrongState` when the account moved nothing of it (but for what nobody here knows either), and while money
    of its number would stay in clearing unexplained.
    """
    resolution = Resolution(command.resolution)
    row = allowed(ctx, command.case, resolution)
    if resolution is Resolution.FUND_FLOW:
        moved = _moved(ctx, row.subject)
        if not moved and (row.difference != Difference.MISSING_HERE or not is_complete(ctx, "fund_flow", row.day)):
            raise WrongState(state="unmoved", event="resolve")
        _set(ctx, row.subject, {**_nothing(ctx, row.subject), **moved})
    elif resolution is not Resolution.IGNORE:
        raise Invalid("This resolution has a way of its own.", field="resolution")
    cases.end(ctx, row, resolution, command.reason)
    _must_be_explained(ctx, row)
    return row


def propose(ctx: Ctx, public_id: str, reason: str) -> Proposal:
    """Ask a second operator to accept the bill as it is; raises as `allowed` and `two_people.propose`.

    Raises `WrongState` for a row of another merchant while its money may still come with a bill of the account.
    """
    row = allowed(ctx, public_id, Resolution.ACCEPT)
    if row.difference == Difference.UNKNOWN_MERCHANT and not is_complete(ctx, "fund_flow", row.day):
        raise WrongState(state="unread", event="propose")
    return two_people.propose(ctx, KIND, row.id, _plan(ctx, row), reason)


def _plan(ctx: Ctx, row: BillCase) -> dict[str, int | str]:
    return {"difference": row.difference, "subject": row.subject, "day": row.day.isoformat(),
            "ours_fen": row.ours_fen, "theirs_fen": row.theirs_fen,
            "in_clearing_fen": clearing.left(ctx, row.subject)}  # fmt: skip


@two_people.carries_out(KIND)
def accept(ctx: Ctx, proposal: Proposal) -> None:
    """Book what the bill says, and what is left of our sum as an accepted difference."""
    row = ctx.session.get_one(BillCase, proposal.subject_id)
    if not _hold(ctx, row) or row.state != "open":
        raise PlanIsStale
    two_people.hold_to(proposal, **_plan(ctx, row))
    _set(ctx, row.subject, _theirs(ctx, row))
    if left := clearing.left(ctx, row.subject):
        accepted = _booked(ctx, row.subject).get(("accepted", row.subject), (0, 0))[0]
        _set(ctx, row.subject, {"accepted": accepted + left})
    cases.end(ctx, row, Resolution.ACCEPT, proposal.reason)


def _theirs(ctx: Ctx, row: BillCase) -> dict[str, int]:
    """What the bill says of the case's number in all: by its row, by the account, or nothing.

    A row of another merchant tells of no money of ours: only what our own account moved is booked, which may be
    nothing, and what stands open of our sum is then the accepted difference.
    """
    if row.source == "flow" or row.difference == Difference.UNKNOWN_MERCHANT:
        return {**_nothing(ctx, row.subject), **_moved(ctx, row.subject)}
    says = ctx.session.get(BillRow, row.bill_row_id) if row.bill_row_id else None
    if says is None or says.state != "SUCCESS":
        return _nothing(ctx, row.subject)
    kind, sign = _SIGNED.get(says.kind, (says.kind, 1))
    fee = {"fee": says.fee_fen} if kind in ("payment", "refund") else {}
    return {kind: sign * says.amount_fen, **fee}


def _nothing(ctx: Ctx, number: str) -> dict[str, int]:
    """Nothing of any part that was booked of it."""
    return {kind: 0 for kind, _ in _booked(ctx, number) if kind != "accepted"}


def _moved(ctx: Ctx, number: str) -> dict[str, int]:
    """What the account moved for a number by its fund flow; one of no known kind goes by the movement's own."""
    nameless = BillRow.kind.in_(_SIGNED)
    statement = (
        select(BillRow.kind, func.sum(BillRow.amount_fen))
        .where(or_(and_(BillRow.number == number, ~nameless), and_(BillRow.gateway_number == number, nameless)))
        .where(BillRow.kind.in_(_MOVED), ~BillRow.withdrawn)
        .group_by(BillRow.kind)
    )
    found = {kind: int(fen) for kind, fen in ctx.session.execute(statement)}
    moved: dict[str, int] = {}
    for kind, fen in found.items():
        part, sign = _MOVED[kind]
        moved[part] = moved.get(part, 0) + sign * fen
    return moved


def _set(ctx: Ctx, number: str, parts: Mapping[str, int]) -> None:
    booking.book(ctx, [Target(kind, number, fen) for kind, fen in parts.items()], _booked(ctx, number))


def _booked(ctx: Ctx, number: str) -> booking.Booked:
    return booking.booked(ctx, BillBooking.number == number)


def _must_be_explained(ctx: Ctx, row: BillCase) -> None:
    """Refuse an end that leaves money of the number in clearing without another open case about it."""
    other = select(BillCase.id).where(BillCase.subject == row.subject, BillCase.state == "open").limit(1)
    if clearing.left(ctx, row.subject) and ctx.session.scalars(other).first() is None:
        raise WrongState(state="unexplained", event=row.resolution)
