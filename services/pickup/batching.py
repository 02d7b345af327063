"""Many orders handed over in one act, where one that is refused does not hold the others up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from domain.errors import Busy, DomainError
from models import Order
from services.context import Ctx
from services.pickup import desks
from services.pickup.redeeming import Redeem, hold, redeem
from services.queries import redemptions
from services.queries.redemptions import RedemptionShown
from services.words import refusal


@dataclass(frozen=True)
class OneOfBatch:
    """An order (public id), and `units` by line (public ids); without them everything that waits in it."""

    order_id: str
    units: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Batched:
    """What became of one order: `done` with its redemption, or `refused` with a refusal's code and words."""

    order_id: str
    result: str
    code: str = ""
    detail: str = ""
    redemption: RedemptionShown | None = None


def redeem_each(ctx: Ctx, wanted: Sequence[OneOfBatch]) -> list[Batched]:
    """Hand over each order as `redeeming.redeem` does, and tell for each what became of it, in the order given.

    All that are at this desk are held at first, in ascending id, so that two batches queue and never deadlock.
    Raises `Busy` when the database refused because of rivals: then nothing was done.
    """
    named = [each.order_id for each in wanted]
    here = list(
        ctx.session.scalars(select(Order.public_id).where(Order.public_id.in_(named), *desks.within_reach(ctx, Order)))
    )
    if here:
        hold(ctx, here)
    return [_one(ctx, each) for each in wanted]


def _one(ctx: Ctx, wanted: OneOfBatch) -> Batched:
    try:
        with ctx.session.begin_nested():
            made = redeem(ctx, Redeem((wanted.order_id,), "batch", wanted.units))
            ctx.session.flush()
    except Busy:
        raise
    except DomainError as refused:
        return Batched(wanted.order_id, "refused", refused.code(), refusal(refused))
    return Batched(wanted.order_id, "done", redemption=redemptions.shown(ctx, made)[0])
