"""Approving a statement: never by whoever drafted it."""

from __future__ import annotations

from domain.actors import Role
from domain.errors import SamePerson
from models import Settlement
from services.context import Ctx
from services.finding import by_public_id
from services.transitions import move


def approve(ctx: Ctx, settlement_id: str) -> Settlement:
    """An operator approves a draft of another operator or of the clock.

    Raises `NotFound`, `SamePerson` for an own draft, `WrongState`.
    """
    ctx.require(Role.OPERATOR)
    settlement = by_public_id(ctx, Settlement, settlement_id)
    if settlement.drafted_by == ctx.actor.label:
        raise SamePerson
    mine = Settlement.drafted_by != ctx.actor.label
    move(ctx, settlement, "approve", where=mine, approved_by=ctx.actor.label)
    return settlement
