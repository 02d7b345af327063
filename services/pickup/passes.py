"""代取: a one-time pass with which somebody else fetches an order; only the hash of its token is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from domain.actors import Role
from domain.campaigns import DeliveryMethod
from domain.content import Subject
from domain.errors import NotFound, PassOver, WrongState
from domain.ids import new_id
from domain.pickup import pass_token
from models import Campaign, Order, PickupPass
from services import audit
from services.content_safety import rows
from services.context import Ctx
from services.finding import by_public_id
from services.transitions import lock, move

TOKEN_BYTES = 16
SOMEBODY = "代取人"
"""Who fetches, while nobody else may read who it is."""
TO_FETCH = ("paid", "confirmed", "ready")


@dataclass(frozen=True)
class MadePass:
    """A fresh pass; the token is shown here only."""

    id: str
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class OwnPass:
    """A pass in use as its owner reads it; `label_check` says where the check of the label stands ("": passed)."""

    public_id: str
    label: str
    expires_at: datetime
    label_check: str


def make(ctx: Ctx, order_id: str, label: str) -> MadePass:
    """A pass for an own order that is to be fetched; an earlier one of the order is replaced.

    `label` is who fetches, in the owner's words. Raises `NotFound`, `WrongState`.
    """
    order = _own(ctx, order_id)
    lock(ctx, order)
    campaign = ctx.session.get_one(Campaign, order.campaign_id)
    if order.state not in TO_FETCH or campaign.delivery_method != DeliveryMethod.PICKUP:
        raise WrongState(state=order.state, event="pass")
    for earlier in ctx.session.scalars(select(PickupPass).where(*_in_use(order))).all():
        move(ctx, earlier, "replace")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = PickupPass(
        public_id=new_id("PickupPass", ctx.now), order_id=order.id, state="issued", token_hash=hash_of(token),
        label=label, expires_at=ctx.now + timedelta(days=ctx.policy.pass_days), created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(made)
    rows.keep_back(ctx, Subject.PASS, made, {"label": SOMEBODY})
    audit.record(ctx, "pickup_pass", made.id, "issue", states=("", made.state))
    return MadePass(made.public_id, token, made.expires_at)


def of_order(ctx: Ctx, order_id: str) -> list[OwnPass]:
    """The pass in use of an own order, if there is one; raises `NotFound`."""
    order = _own(ctx, order_id)
    found = ctx.session.scalars(select(PickupPass).where(*_in_use(order), PickupPass.expires_at > ctx.now)).all()
    waits = rows.own(ctx, Subject.PASS, [row.id for row in found])
    return [_shown(row, waits.get(row.id, rows.SEEN)) for row in found]


def _shown(row: PickupPass, waits: rows.OwnWords) -> OwnPass:
    return OwnPass(row.public_id, waits.words.get("label", row.label), row.expires_at, waits.state)


def revoke(ctx: Ctx, order_id: str, pass_id: str) -> None:
    """Take a pass of an own order back; raises `NotFound`, or `WrongState` for one that is dead already."""
    order = _own(ctx, order_id)
    move(ctx, by_public_id(ctx, PickupPass, pass_id, PickupPass.order_id == order.id), "revoke")


def behind(ctx: Ctx, token: str) -> tuple[PickupPass, Order]:
    """The pass with this token and its order; raises `NotFound`, or `PassOver` unless it may be used or was used."""
    row = ctx.session.execute(
        select(PickupPass, Order)
        .join(Order, Order.id == PickupPass.order_id)
        .where(PickupPass.token_hash == hash_of(token))
    ).one_or_none()
    if row is None:
        raise NotFound
    found: tuple[PickupPass, Order] = row[0], row[1]
    if is_used(*found):
        return found
    if found[0].state != "issued" or found[0].expires_at <= ctx.now:
        raise PassOver
    return found


def is_used(a_pass: PickupPass, order: Order) -> bool:
    """Whether something was fetched by it, or nothing is left to fetch."""
    return a_pass.state == "used" or (a_pass.state == "issued" and order.state not in TO_FETCH)


def use(ctx: Ctx, orders: Sequence[Order], shown: str) -> dict[int, str]:
    """Use the pass up whose text was shown; who fetches, by order.

    A desk's word is not enough: raises `PassOver` unless the text is that of the living pass of each of these held
    orders, so of one order.
    """
    token_hash = hash_of(pass_token(shown) or "")
    labels: dict[int, str] = {}
    for order in orders:
        mine = (*_in_use(order), PickupPass.token_hash == token_hash)
        found = ctx.session.scalars(select(PickupPass).where(*mine)).one_or_none()
        if found is None or found.expires_at <= ctx.now:
            raise PassOver(order=order.public_id)
        move(ctx, found, "use", where=PickupPass.expires_at > ctx.now)
        labels[order.id] = found.label
    return labels


def hash_of(token: str) -> str:
    """By what a pass is found."""
    return hashlib.sha256(token.encode()).hexdigest()


def _own(ctx: Ctx, order_id: str) -> Order:
    ctx.require(Role.RESIDENT)
    return by_public_id(ctx, Order, order_id, Order.resident_id == ctx.resident_id)


def _in_use(order: Order) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return PickupPass.order_id == order.id, PickupPass.state == "issued"
