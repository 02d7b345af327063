"""Finding at the desk: any proof opens everything its owner has at this point; two owners are never chosen between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from domain.errors import AlreadyCollected, CodeWrong, Invalid, NotFound, PassOver
from domain.pickup import is_code, pass_token
from models import Order, Payment, PickupCode, PickupPoint, Redemption, Resident
from services.context import Ctx
from services.finding import by_public_id
from services.people import phone_tail_hash
from services.pickup import desks, evidence, passes, qr
from services.pickup.redeeming import Redeem, redeem

HERE = ("confirmed", "ready")


@dataclass(frozen=True)
class Search:
    """One proof: a code, a scanned QR, a roster number, the last four digits of a phone, or both of these, a payment's
    number, or a listed order's id.
    """

    code: str = ""
    qr: str = ""
    roster_number: int | None = None
    phone_tail: str = ""
    payment_id: str = ""
    order_id: str = ""


@dataclass(frozen=True)
class Found:
    """How it was found, and whose orders these are: (resident, orders) for each owner that fits.

    `fetched_by` is who fetches for the owner by a pass, in the owner's words.
    """

    found_by: str
    owners: dict[int, list[Order]]
    fetched_by: str = ""


def search(ctx: Ctx, wanted: Search) -> Found:
    """The owners that a proof points to at the actor's desk, each with all orders that wait or are to come there.

    A pass opens its own order only. Raises `CodeWrong` for a proof that fits nothing, `AlreadyCollected` for a used
    one, `PassOver` for a dead pass, `Invalid` for no proof or several.
    """
    if wanted.code:
        found_by, owners = "code", _owners_of_code(ctx, PickupCode.code == _number(wanted.code))
    elif wanted.qr and (token := pass_token(wanted.qr)) is not None:
        return _by_pass(ctx, token)
    elif wanted.qr:
        found_by, owners = "qr", _owners_of_qr(ctx, wanted.qr)
    elif wanted.order_id:
        order = by_public_id(ctx, Order, wanted.order_id, *desks.within_reach(ctx, Order))
        found_by, owners = "roster", [order.resident_id]
    elif wanted.payment_id:
        found_by, owners = "payment", _owners_where(ctx, _paid_by(wanted.payment_id))
    elif wanted.roster_number is not None or wanted.phone_tail:
        found_by, owners = "roster", _owners_where(ctx, *_said(ctx, wanted))
    else:
        raise Invalid("Give a code, a QR, a roster number, a phone tail or a payment's number.", field="code")
    if not owners:
        raise CodeWrong
    return Found(found_by, _everything(ctx, owners))


def redeem_by_code(ctx: Ctx, code: str, found_by: str = "chat") -> list[Redemption]:
    """Hand over everything that waits at the actor's desk for the owner of `code`; raises as `search` and `redeem`."""
    found = search(ctx, Search(code=code))
    ready = [order.public_id for orders in found.owners.values() for order in orders if order.state == "ready"]
    return redeem(ctx, Redeem(tuple(ready), found_by))


def _number(text: str) -> str:
    """The eight digits of a typed code; a typing mistake is found by its check digit before any query."""
    digits = text.replace(" ", "").replace("-", "")
    if not is_code(digits):
        raise CodeWrong
    return digits


def _owners_of_qr(ctx: Ctx, text: str) -> Sequence[int]:
    point = ctx.session.get(PickupPoint, ctx.actor.point_id)
    ticket = qr.read(ctx, text, point.public_id) if point else None
    if ticket is None:
        raise CodeWrong
    return _owners_of_code(ctx, PickupCode.public_id == ticket.code_id)


def _by_pass(ctx: Ctx, token: str) -> Found:
    try:
        found, order = passes.behind(ctx, token)
    except NotFound:
        raise CodeWrong from None
    here = (Order.id == order.id, *desks.within_reach(ctx, Order))
    if ctx.session.scalars(select(Order.id).where(*here)).one_or_none() is None:
        raise CodeWrong
    if passes.is_used(found, order):
        raise _used(ctx, order) or PassOver
    if order.state not in HERE:
        raise CodeWrong
    return Found("pass", {order.resident_id: [order]}, found.label)


def _used(ctx: Ctx, order: Order) -> AlreadyCollected | None:
    """Who handed the order over, and when."""
    last = evidence.last_hand_over(ctx, order)
    return AlreadyCollected(order=order.public_id, by=last.by_name, at=last.at) if last else None


def _owners_of_code(ctx: Ctx, proof: ColumnElement[bool]) -> Sequence[int]:
    """The owners of codes in use that meet `proof`; for a used code raises who handed it over, and when."""
    statement = (
        select(PickupCode.state, Order)
        .join(Order, Order.id == PickupCode.order_id)
        .where(proof, PickupCode.state != "voided", *desks.within_reach(ctx, Order))
        .order_by(PickupCode.id.desc())
    )
    rows = ctx.session.execute(statement).all()
    owners = [order.resident_id for state, order in rows if state == "issued"]
    if not owners and rows and (used := _used(ctx, rows[0][1])):
        raise used
    return owners


def _said(ctx: Ctx, wanted: Search) -> list[ColumnElement[bool]]:
    """What holds of the orders of somebody who says a roster number, a phone tail, or both."""
    fits: list[ColumnElement[bool]] = []
    if wanted.roster_number is not None:
        fits.append(Order.roster_number == wanted.roster_number)
    if wanted.phone_tail:
        owners = select(Resident.id).where(Resident.phone_tail_hash == phone_tail_hash(ctx, wanted.phone_tail))
        fits.append(Order.resident_id.in_(owners))
    return fits


def _paid_by(payment_id: str) -> ColumnElement[bool]:
    return Order.id.in_(select(Payment.order_id).where(Payment.public_id == payment_id))


def _owners_where(ctx: Ctx, *fits: ColumnElement[bool]) -> Sequence[int]:
    here = (Order.state.in_(HERE), *desks.within_reach(ctx, Order))
    return ctx.session.scalars(select(Order.resident_id).where(*fits, *here).distinct()).all()


def _everything(ctx: Ctx, owners: Sequence[int]) -> dict[int, list[Order]]:
    statement = (
        select(Order)
        .where(Order.resident_id.in_(owners), Order.state.in_(HERE), *desks.within_reach(ctx, Order))
        .order_by(Order.id)
    )
    found: dict[int, list[Order]] = {}
    for order in ctx.session.scalars(statement):
        found.setdefault(order.resident_id, []).append(order)
    return found
