"""What waits under one key is replaced by what is newer, also while an older message is on its way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM
from models import OutboxMessage
from services import outbox
from services.chat import outgoing
from services.transactions import Transactions


def tell(unit: Transactions, number: int) -> bool:
    """The count changed for the `number`th time."""
    with unit(SYSTEM) as ctx:
        return outbox.enqueue(ctx, "count", f"count:{number}", {"number": number}, coalesce_key="count")


def waiting(unit: Transactions) -> list[dict[str, Any]]:
    """What has not been sent."""
    with unit.reading() as ctx:
        found = select(OutboxMessage).where(OutboxMessage.state == "pending").order_by(OutboxMessage.id)
        return [message.payload for message in ctx.session.scalars(found)]


def test_a_newer_message_takes_the_place_of_the_one_that_waits(unit: Transactions) -> None:
    assert [tell(unit, number) for number in (1, 2, 2)] == [True, True, False]
    assert waiting(unit) == [{"number": 2}]


def test_one_that_could_not_be_sent_waits_beside_the_newer_one_and_only_that_is_replaced(unit: Transactions) -> None:
    tell(unit, 1)
    with unit(CLOCK) as ctx:
        leased = outgoing.lease(ctx, ctx.session.scalars(select(OutboxMessage.id)).one())
        assert leased is not None
        attempt = leased.attempts
    tell(unit, 2)
    with unit(CLOCK) as ctx:
        mine = outgoing.mine(ctx, leased.id, attempt)
        assert mine is not None
        outgoing.failed(ctx, mine, "the network refused")
    assert [tell(unit, 3), tell(unit, 4)] == [True, True]
    assert waiting(unit) == [{"number": 1}, {"number": 4}]
