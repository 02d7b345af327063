"""Customer service and the test channel: the same router behind other doors."""

from __future__ import annotations

from sqlalchemy import select

from bots.sending.drain import drain
from models import ChatEvent, Order, OutboxMessage, Resident
from tests.bots.room import Room
from tests.bots.test_sending import VOICE
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import code_of


def text(openid: str, content: str, number: int) -> dict[str, object]:
    """A text as the mini-program pushes it."""
    return {"ToUserName": "gh", "FromUserName": openid, "CreateTime": 1, "MsgType": "text", "Content": content,
            "MsgId": number}  # fmt: skip


def openid_of(room: Room, resident_id: int) -> str:
    """The person's openid."""
    with room.unit.reading() as ctx:
        return ctx.session.get_one(Resident, resident_id).openid


def test_customer_service_answers_by_a_call_of_its_own(room: Room, outside: PretendOutside) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990})
    who = room.world.resident("张阿姨")
    room.world.order(who, campaign, {"草莓": 1})
    openid = openid_of(room, who.id)
    response = room.push(text(openid, "再加2份", 1))
    assert (response.status_code, response.data) == (200, b"success")
    assert room.push(text(openid, "再加2份", 1)).data == b"success"
    drain(room.unit, outside, VOICE)
    ((to, said),) = outside.mini_program.texts
    with room.unit.reading() as ctx:
        (order,) = ctx.session.scalars(select(Order).where(Order.state == "pending_payment"))
        person = ctx.session.get_one(Resident, who.id)
    assert to == openid and f"点这里付款 https://lintuan.example/m/orders/{order.public_id}" in said
    assert person.customer_chat_at == room.clock.now()


def test_neither_inbox_nor_outbox_keeps_openid_or_code(room: Room, outside: PretendOutside) -> None:
    campaign = room.world.campaign()
    who = room.world.resident("张阿姨")
    order = room.world.order(who, campaign, {"草莓": 1})
    room.world.bring(campaign)
    openid = openid_of(room, who.id)
    room.push(text(openid, "我的", 1))
    room.push({"ToUserName": "gh", "FromUserName": openid, "CreateTime": 2, "MsgType": "event",
               "Event": "user_enter_tempsession", "SessionFrom": ""})  # fmt: skip
    with room.unit.reading() as ctx:
        code = code_of(ctx, order).code
        events = [(row.event_key, row.answer) for row in ctx.session.scalars(select(ChatEvent))]
        waiting = [(row.dedupe_key, row.payload) for row in ctx.session.scalars(select(OutboxMessage))]
    assert len(events) == 2
    assert openid not in str(events + waiting) and code not in str(events + waiting)
    assert code[:4] not in str(events)
    drain(room.unit, outside, VOICE)
    assert any(f"{code[:4]} {code[4:]}" in said for _, said in outside.mini_program.texts)


def test_a_stranger_in_customer_service_is_told_to_open_the_mini_program(room: Room, outside: PretendOutside) -> None:
    room.push(text("o-unknown", "我的", 1))
    drain(room.unit, outside, VOICE)
    assert outside.mini_program.texts == [("o-unknown", "还不认识您：请先打开小程序登录一次，再来这里说。")]


def test_other_pushes_are_taken_in_silence(room: Room) -> None:
    event = {"ToUserName": "gh", "FromUserName": "o-1", "CreateTime": 1, "MsgType": "event",
             "Event": "subscribe_msg_popup_event", "List": {}}  # fmt: skip
    assert room.push(event).data == b"success"
    with room.unit.reading() as ctx:
        assert ctx.session.scalars(select(ChatEvent)).all() == []


def heard(room: Room, said: str, number: int = 1) -> dict[str, object]:
    """A message in the test channel."""
    return {"event_id": f"e{number}", "chat_id": room.chat_id, "user_id": "zhang", "kind": "message", "text": said}


def test_the_test_channel_keeps_silent_about_what_is_not_for_it(room: Room) -> None:
    room.bind(room.world.campaign(), channel="sandbox")
    assert room.test_channel(heard(room, "今天天气不错")).get_json() == {"replies": [], "update": None}


def test_the_test_channel_posts_the_card_it_can_keep_current(room: Room, outside: PretendOutside) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990})
    room.bind(campaign, channel="sandbox")
    who = room.known("zhang", "张阿姨", "sandbox")
    room.world.order(who, campaign, {"草莓": 1})
    assert room.test_channel(heard(room, "发团")).get_json()["replies"] == []
    drain(room.unit, outside, VOICE)
    pushed = outside.chats["sandbox"].pushed  # type: ignore[attr-defined]  # the pretend channel keeps them
    (card,) = [payload["template_card"] for _, payload, _ in pushed if payload["msgtype"] == "template_card"]
    click = {"event_id": "e2", "chat_id": room.chat_id, "user_id": "zhang", "kind": "click", "message_id": "m1",
             "action": card["button_list"][2]["key"]}  # fmt: skip
    update = room.test_channel(click).get_json()["update"]
    assert update["template_card"]["emphasis_content"]["title"] == "1 人"
    answer = room.test_channel(heard(room, "再加2份", 3)).get_json()["replies"]
    assert "草莓×2，¥59.80" in answer[0]["markdown"]["content"]
