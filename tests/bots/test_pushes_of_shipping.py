"""What the platform tells of shipping comes by the address of customer service, and never to the chat."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from models import ChatEvent, Order, OutboxMessage, Payment, ShippingUpload
from models.records import Alert
from services.shipping_watch import REMINDER, SETTLEMENT
from tests.bots.room import Room
from tests.services.pickup.world import one


@pytest.fixture
def paid(room: Room) -> dict[str, Any]:
    """What every push says of a payment that waits for its goods."""
    order = room.world.order(room.world.resident(), room.world.campaign(), {"草莓": 1})
    with room.unit.reading() as ctx:
        mine = select(Payment).where(Payment.order_id == one(ctx, Order, order).id)
        payment = ctx.session.scalars(mine).one()
        return {"ToUserName": "gh", "FromUserName": "o-payer", "CreateTime": 1, "MsgType": "event",
                "transaction_id": payment.transaction_id, "merchant_trade_no": payment.public_id}  # fmt: skip


def _rows(room: Room) -> tuple[int, int, int]:
    """How many chat events, messages that must leave, and alerts there are."""
    with room.unit.reading() as ctx:
        counts = [ctx.session.scalar(select(func.count()).select_from(table))
                  for table in (ChatEvent, OutboxMessage, Alert)]  # fmt: skip
        return (counts[0] or 0, counts[1] or 0, counts[2] or 0)


def _upload(room: Room) -> ShippingUpload | None:
    with room.unit.reading() as ctx:
        return ctx.session.scalars(select(ShippingUpload)).one_or_none()


def test_a_reminder_and_a_settlement_are_booked_once_and_told_to_nobody(room: Room, paid: dict[str, Any]) -> None:
    events, messages, alerts = _rows(room)
    for content in ({"Event": REMINDER}, {"Event": SETTLEMENT, "settlement_time": 5}):
        for _ in range(3):
            response = room.push(paid | content)
            assert (response.status_code, response.data) == (200, b"success")
    upload = _upload(room)
    assert upload and (upload.state, upload.reminded_at, upload.released_at) == (
        "waiting", room.clock.now(), room.clock.now(),
    )  # fmt: skip
    assert _rows(room) == (events, messages, alerts + 1)


def test_what_is_not_sealed_by_the_platform_changes_nothing(room: Room, paid: dict[str, Any]) -> None:
    bare = room.client.post("/hooks/wechat/push", json=paid | {"Event": REMINDER})
    assert (bare.status_code, _upload(room)) == (401, None)


@pytest.mark.parametrize("number", [None, ["4200"], "", "42\u0000", "4" * 65])
def test_an_event_without_a_number_is_refused(room: Room, paid: dict[str, Any], number: object) -> None:
    response = room.push(paid | {"Event": SETTLEMENT, "settlement_time": 5, "transaction_id": number})
    assert (response.status_code, _upload(room)) == (401, None)


def test_nobody_speaks_for_the_platform_in_a_text(room: Room, paid: dict[str, Any]) -> None:
    said = paid | {"MsgType": "text", "Event": REMINDER, "Content": "催发货", "MsgId": 7}
    assert room.push(said).status_code == 200
    assert _upload(room) is None
