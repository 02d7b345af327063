"""Operators who decide in twos, and refunds that the gateway leaves to them."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select

from domain.actors import CLOCK, GATEWAY, SYSTEM, Actor, Role
from domain.errors import DomainError
from models import Refund
from services import cancelling, refund_results, two_people
from services.ports import GatewayRefund
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Scene, buy, buyer


def operators(unit: Transactions) -> tuple[Actor, Actor]:
    """Two operators."""
    with unit(SYSTEM) as ctx:
        first, second = people.operator(ctx).id, people.operator(ctx).id
    return Actor(Role.OPERATOR, first), Actor(Role.OPERATOR, second)


def cancelled(unit: Transactions, stage: Scene, who: int = 0, units: int = 1) -> str:
    """An order that was paid and taken back; returns its public id."""
    order = buy(unit, stage, who, units)
    with unit(buyer(stage.buyers[who])) as ctx:
        cancelling.cancel(ctx, order)
    return order


def answered(unit: Transactions, state: Literal["PROCESSING", "SUCCESS", "CLOSED", "ABNORMAL"]) -> str:
    """Send the refund that is due, if one is, and let the gateway answer so for the newest; its public id."""
    with unit(CLOCK) as ctx:
        for refund_id in refund_results.claimable(ctx):
            refund_results.claim(ctx, refund_id)
    with unit(GATEWAY) as ctx:
        refund = ctx.session.scalars(select(Refund).order_by(Refund.id.desc()).limit(1)).one()
        refund_results.book(ctx, GatewayRefund(refund.public_id, "-", state, refund.amount_fen, None, ctx.now))
        return refund.public_id


def accepted(unit: Transactions, by: Actor, proposal: str) -> None:
    """Accept a proposal in a transaction of its own."""
    with unit(by) as ctx:
        two_people.accept(ctx, proposal)


def refusal(unit: Transactions, by: Actor, proposal: str) -> str:
    """Try to accept a proposal; the code of the refusal, "" when it was accepted."""
    try:
        accepted(unit, by, proposal)
    except DomainError as error:
        return error.code()
    return ""
