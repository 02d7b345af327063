"""One push per notice: subscribe message, else customer service, else a call in the group, else the page alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from bots.channels import customer
from bots.sending.drain import drain
from domain.actors import SYSTEM, Actor
from domain.ids import new_id
from models import Notification, Order, OutboxMessage, Resident
from services import outbox, subscriptions
from services.chat import windows
from services.chat.windows import Opened
from services.ports import Refused, Unreachable
from tests.bots.room import Room
from tests.bots.test_sending import VOICE
from tests.builders.outside import PretendChat, PretendOutside
from tests.services.pickup.world import code_of

MINI_PROGRAM = Path(__file__).parents[2] / "miniprogram"


@pytest.fixture
def wecom(outside: PretendOutside) -> PretendChat:
    """The group's webhook."""
    chat = PretendChat(kind="wecom")
    outside.chats["wecom"] = chat
    return chat


def arrived(room: Room, who: Actor) -> str:
    """The person's goods have arrived; the other notices on the way there count as told. The pickup code."""
    campaign = room.world.campaign()
    room.bind(campaign, key="webhook-key")
    order = room.world.order(who, campaign, {"草莓": 2})
    room.world.bring(campaign)
    with room.unit(SYSTEM) as ctx:
        for row in ctx.session.scalars(select(OutboxMessage).where(OutboxMessage.kind != "notify")):
            row.expires_at = ctx.now
        for notice in ctx.session.scalars(select(Notification).where(Notification.kind != "arrival")):
            notice.reached_by = "page"
        return code_of(ctx, order).code


def send(room: Room, outside: PretendOutside) -> str:
    """Send what is due, those called in the group too; how the arrival was told."""
    drain(room.unit, outside, VOICE)
    room.clock.advance(seconds=11)
    drain(room.unit, outside, VOICE)
    with room.unit.reading() as ctx:
        return ctx.session.scalars(select(Notification.reached_by).where(Notification.kind == "arrival")).one()


def test_a_subscribe_message_brings_the_code(room: Room, outside: PretendOutside, wecom: PretendChat) -> None:
    code = arrived(room, room.known("zhang", "张阿姨"))
    assert send(room, outside) == "subscribe"
    ((_, template, data),) = outside.mini_program.sent
    assert (template, data["character_string2"]) == ("T-ARRIVED", f"{code[:4]} {code[4:]}")
    assert data["thing1"] == "周五水果" and data["thing3"] == "东门"
    with room.unit.reading() as ctx:
        assert code not in str([row.payload for row in ctx.session.scalars(select(OutboxMessage))])


def test_a_tap_on_a_subscribe_message_opens_the_order(room: Room, outside: PretendOutside, wecom: PretendChat) -> None:
    arrived(room, room.known("zhang", "张阿姨"))
    send(room, outside)
    with room.unit.reading() as ctx:
        order = ctx.session.scalars(select(Order.public_id)).one()
    (opened,) = outside.mini_program.opens
    page, _, query = opened.partition("?")
    assert query == f"id={order}"
    assert page in json.loads((MINI_PROGRAM / "app.json").read_text())["pages"]


def test_what_was_allowed_is_used_up_by_a_message_and_by_a_refusal(
    room: Room, outside: PretendOutside, wecom: PretendChat
) -> None:
    who = room.known("zhang", "张阿姨")
    with room.unit(who) as ctx:
        for _ in range(3):
            subscriptions.answered(ctx, VOICE.templates, {"T-ARRIVED": "accept"})
    left = []
    for refused in (False, True):
        arrived(room, who)
        if refused:
            refuse_subscribe(outside)
        drain(room.unit, outside, VOICE)
        with room.unit.reading(who) as ctx:
            left.append({item.purpose: item.quota for item in subscriptions.mine(ctx, VOICE.templates)}["arrived"])
    assert left == [2, 0]


def test_without_consent_the_open_customer_window_is_used(
    room: Room, outside: PretendOutside, wecom: PretendChat
) -> None:
    who = room.known("zhang", "张阿姨")
    code = arrived(room, who)
    with room.unit(SYSTEM) as ctx:
        ctx.session.get_one(Resident, who.id).customer_chat_at = ctx.now
    refuse_subscribe(outside)
    assert send(room, outside) == "customer"
    ((_, text),) = outside.mini_program.texts
    assert f"{code[:4]} {code[4:]}" in text


def test_else_the_person_is_called_in_the_group_without_details(
    room: Room, outside: PretendOutside, wecom: PretendChat
) -> None:
    code = arrived(room, room.known("zhang", "张阿姨"))
    refuse_subscribe(outside)
    assert send(room, outside) == "chat"
    ((_, payload, _),) = wecom.pushed
    assert payload["text"]["mentioned_list"] == ["zhang"]
    assert code not in str(payload) and "草莓" not in str(payload)


def test_else_only_the_page_has_it(room: Room, outside: PretendOutside, wecom: PretendChat) -> None:
    arrived(room, room.world.resident("李小花"))
    refuse_subscribe(outside)
    assert send(room, outside) == "page" and wecom.pushed == []


def test_nobody_is_called_in_a_group_about_a_refund(room: Room, outside: PretendOutside, wecom: PretendChat) -> None:
    campaign = room.world.campaign()
    room.bind(campaign, key="webhook-key")
    who = room.known("zhang", "张阿姨")
    order = room.world.order(who, campaign, {"草莓": 2})
    from services import cancelling

    with room.unit(who) as ctx:
        cancelling.cancel(ctx, order)
    refuse_subscribe(outside)
    for _ in range(3):
        drain(room.unit, outside, VOICE)
        room.clock.advance(minutes=4)
    assert "zhang" not in str(wecom.pushed)
    with room.unit.reading() as ctx:
        refunds = ctx.session.scalars(select(Notification.reached_by).where(Notification.kind == "refund")).all()
    assert refunds == ["page"]


def test_an_outage_delays_the_push_and_loses_nothing(room: Room, outside: PretendOutside, wecom: PretendChat) -> None:
    arrived(room, room.known("zhang", "张阿姨"))
    outside.mini_program.fails = Unreachable("no token")
    assert send(room, outside) == ""
    outside.mini_program.fails = None
    room.clock.advance(minutes=1)
    assert send(room, outside) == "subscribe"
    assert len(outside.mini_program.sent) == 1


def refuse_subscribe(outside: PretendOutside) -> None:
    """Nobody has accepted a prompt."""

    def refuse(*_: object) -> None:
        raise Refused("no quota", code="43101")

    vars(outside.mini_program)["send_subscribe"] = refuse


@pytest.mark.parametrize(("spent", "way"), [(4, "customer"), (5, "chat")])
def test_lesser_news_leaves_the_customer_window_room_for_the_arrival(
    room: Room, outside: PretendOutside, spent: int, way: str
) -> None:
    who = room.known("zhang", "张阿姨")
    arrived(room, who)
    refuse_subscribe(outside)
    with room.unit(SYSTEM) as ctx:
        person = ctx.session.get_one(Resident, who.id)
        person.customer_chat_at = ctx.now
        place = ctx.vault.digest("customer window", person.openid)
        for _ in range(spent):
            windows.take(ctx, customer.KIND, customer.CAPABILITIES.limits, [Opened(customer.WROTE, ctx.now)], place)
        refund = Notification(
            public_id=new_id("Notification", ctx.now), resident_id=who.id, kind="refund", title="已退款",
            cause="now", body="-", created_at=ctx.now,
        )  # fmt: skip
        ctx.session.add(refund)
        outbox.enqueue(ctx, "notify", "notify:now", {"notification": refund.public_id}, must=True)
    assert send(room, outside) == way
    with room.unit.reading() as ctx:
        told = select(Notification.reached_by).where(Notification.cause == "now")
        assert ctx.session.scalars(told).one() == "page"
