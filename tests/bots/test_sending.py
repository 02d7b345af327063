"""Draining the outbox: once, in turn, at the pace of the channel, true at the moment of sending, never personal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bots.sending import drain as draining
from bots.sweeps import remind_closing
from bots.voice import Voice
from domain.actors import SYSTEM
from models import Alert, Campaign, ChatCampaign, OutboxMessage
from services import announcing
from services.ports import ChatAddress, Unknown, Unreachable
from tests.bots.room import Room
from tests.builders.outside import PretendChat, PretendOutside
from tests.services.pickup.world import one

VOICE = Voice("https://lintuan.example", "小邻", {"arrived": "T-ARRIVED", "refund": "T-REFUND", "formed": "T-FORMED"})


@pytest.fixture
def wecom(outside: PretendOutside) -> PretendChat:
    """The webhook of the group, with what WeCom allows."""
    chat = PretendChat(kind="wecom")
    outside.chats["wecom"] = chat
    return chat


@pytest.fixture
def sandbox(outside: PretendOutside) -> PretendChat:
    """The channel in which messages can be edited."""
    chat = outside.chats["sandbox"]
    assert isinstance(chat, PretendChat)
    return chat


class Dying(PretendChat):
    """The process ends inside the call."""

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Never returns."""
        raise KeyboardInterrupt


def drain(room: Room, outside: PretendOutside) -> int:
    """Send what is due once counts have rested."""
    room.clock.advance(seconds=3)
    return draining.drain(room.unit, outside, VOICE)


def texts(chat: PretendChat) -> list[str]:
    """The lines that were pushed."""
    return [payload["text"]["content"] for _, payload, _ in chat.pushed if payload["msgtype"] == "text"]


def kinds(room: Room, kind: str) -> list[OutboxMessage]:
    """Outbox rows of a kind."""
    with room.unit.reading() as ctx:
        return list(ctx.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)))


def minimum(room: Room, campaign: str, people: int) -> None:
    """Give a campaign a minimum of people."""
    with room.unit(SYSTEM) as ctx:
        one(ctx, Campaign, campaign).minimum = people


def buy(room: Room, campaign: str, times: int = 1) -> None:
    """So many new people order and pay."""
    for _ in range(times):
        room.world.order(room.world.resident("王小明13800001111"), campaign, {"草莓": 1})


def test_lines_are_batched_by_minutes_and_by_orders(room: Room, outside: PretendOutside, wecom: PretendChat) -> None:
    campaign = room.world.campaign()
    room.bind(campaign, key="webhook-key")
    buy(room, campaign)
    drain(room, outside)
    buy(room, campaign, 2)
    drain(room, outside)
    assert texts(wecom) == ["「周五水果」1 人，1 份。"]
    room.clock.advance(minutes=3)
    drain(room, outside)
    assert texts(wecom)[1:] == ["「周五水果」3 人，3 份。"]
    buy(room, campaign, 10)
    drain(room, outside)
    room.clock.advance(seconds=181)
    drain(room, outside)
    assert texts(wecom)[2:] == ["「周五水果」13 人，13 份。"]


def test_reaching_the_minimum_is_no_promise_and_missing_is_told_once_a_day(
    room: Room, outside: PretendOutside, wecom: PretendChat
) -> None:
    campaign = room.world.campaign()
    minimum(room, campaign, 6)
    room.bind(campaign, key="webhook-key")
    for _ in range(7):
        buy(room, campaign)
        drain(room, outside)
        room.clock.advance(minutes=4)
    assert texts(wecom) == [
        "「周五水果」过半了：3/6 人，3 份。", "「周五水果」5/6 人，5 份，还差 1 人。",
        "「周五水果」已达 6 人，截团时确认。",
    ]  # fmt: skip
    assert "成团" not in "".join(texts(wecom))


def test_the_last_hour_is_told_once(room: Room, outside: PretendOutside, wecom: PretendChat) -> None:
    campaign = room.world.campaign()
    minimum(room, campaign, 3)
    room.bind(campaign, key="webhook-key")
    for _ in range(3):
        remind_closing(room.unit, outside)
        drain(room, outside)
    assert texts(wecom) == ["「周五水果」0/3 人，还差 3 人成团，13:00 截团。"]


def test_the_night_is_quiet_but_for_what_cannot_wait(room: Room, outside: PretendOutside, wecom: PretendChat) -> None:
    room.clock.advance(hours=11)
    campaign = room.world.campaign()
    room.bind(campaign, key="webhook-key")
    buy(room, campaign)
    drain(room, outside)
    assert texts(wecom) == []
    room.world.settle(campaign)
    drain(room, outside)
    assert any("成团啦" in text for text in texts(wecom))


def test_two_senders_send_each_line_once(room: Room, outside: PretendOutside, wecom: PretendChat, app: Flask) -> None:
    campaign = room.world.campaign()
    room.bind(campaign, key="webhook-key")
    buy(room, campaign)
    room.world.settle(campaign)

    def run(_: int) -> None:
        for _round in range(4):
            drain(room, outside)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    room.clock.advance(seconds=5)
    drain(room, outside)
    assert len([text for text in texts(wecom) if "成团啦" in text]) == 1
    assert len({key for _, _, key in wecom.pushed}) == len(wecom.pushed)


def test_no_chat_is_pushed_to_faster_than_its_channel_allows(
    room: Room, outside: PretendOutside, wecom: PretendChat
) -> None:
    for number in range(22):
        room.bind(room.world.campaign(title=f"团{number}"), key="webhook-key")
    with room.unit(SYSTEM) as ctx:
        for campaign in ctx.session.scalars(select(Campaign)):
            announcing.outcome(ctx, campaign, "opened")
    drain(room, outside)
    assert len(wecom.pushed) == 20
    drain(room, outside)
    assert len(wecom.pushed) == 20
    room.clock.advance(seconds=61)
    drain(room, outside)
    assert len(wecom.pushed) == 22


def test_a_line_whose_fate_is_unknown_is_not_said_again_and_the_operator_hears_of_one_that_had_to_be(
    room: Room, outside: PretendOutside, wecom: PretendChat
) -> None:
    campaign = room.world.campaign()
    room.bind(campaign, key="webhook-key")
    buy(room, campaign)
    wecom.fails = Unknown("time-out")
    drain(room, outside)
    assert [row.state for row in kinds(room, "chat_progress")] == ["dead"]
    with room.unit(SYSTEM) as ctx:
        announcing.outcome(ctx, one(ctx, Campaign, campaign), "opened")
    drain(room, outside)
    wecom.fails = None
    room.clock.advance(minutes=6)
    drain(room, outside)
    assert [row.state for row in kinds(room, "chat_outcome")] == ["dead"] and wecom.pushed == []
    with room.unit.reading() as ctx:
        (alert,) = ctx.session.scalars(select(Alert))
    assert alert.kind == "outbox_dead" and alert.detail.startswith("群里播报结果（")


def test_a_refusing_network_is_tried_again_later_and_then_given_up_loudly(
    room: Room, outside: PretendOutside, wecom: PretendChat
) -> None:
    campaign = room.world.campaign()
    room.bind(campaign, key="webhook-key")
    with room.unit(SYSTEM) as ctx:
        announcing.outcome(ctx, one(ctx, Campaign, campaign), "opened")
    wecom.fails = Unreachable("throttled", retry_after=60)
    drain(room, outside)
    (row,) = kinds(room, "chat_outcome")
    assert row.state == "pending" and row.due_at == room.clock.now() + timedelta(seconds=60)
    wecom.fails = Unreachable("down")
    for _ in range(8):
        room.clock.advance(minutes=6)
        drain(room, outside)
    (row,) = kinds(room, "chat_outcome")
    assert (row.state, row.attempts) == ("dead", 8)
    with room.unit.reading() as ctx:
        assert ctx.session.scalars(select(Alert.kind)).all() == ["outbox_dead"]


def test_a_sender_that_died_holds_nothing_up(room: Room, outside: PretendOutside, wecom: PretendChat) -> None:
    campaign = room.world.campaign()
    room.bind(campaign, key="webhook-key")
    with room.unit(SYSTEM) as ctx:
        announcing.outcome(ctx, one(ctx, Campaign, campaign), "opened")

    outside.chats["wecom"] = Dying(kind="wecom")
    with pytest.raises(KeyboardInterrupt):
        drain(room, outside)
    outside.chats["wecom"] = wecom
    drain(room, outside)
    assert wecom.pushed == []
    with room.unit(SYSTEM) as ctx:
        announcing.outcome(ctx, one(ctx, Campaign, campaign), "extended")
    for _ in range(3):
        room.clock.advance(seconds=31)
        drain(room, outside)
    assert [row.state for row in kinds(room, "chat_outcome")] == ["dead", "sent"]
    assert ["延长到" in payload["text"]["content"] for _, payload, _ in wecom.pushed] == [True]
    with room.unit.reading() as ctx:
        assert ctx.session.scalars(select(Alert.kind)).all() == ["outbox_dead"]


def test_where_cards_can_be_edited_the_posted_one_follows_the_count(
    room: Room, outside: PretendOutside, sandbox: PretendChat
) -> None:
    campaign = room.world.campaign()
    room.bind(campaign, channel="sandbox")
    with room.unit(SYSTEM) as ctx:
        announcing.outcome(ctx, one(ctx, Campaign, campaign), "opened")
    drain(room, outside)
    assert [payload["msgtype"] for _, payload, _ in sandbox.pushed] == ["template_card"]
    buy(room, campaign, 2)
    drain(room, outside)
    ((_, remote_id, payload),) = sandbox.edited
    assert (remote_id, payload["template_card"]["emphasis_content"]["title"]) == ("m1", "2 人")
    with room.unit.reading() as ctx:
        shown = ctx.session.scalars(select(ChatCampaign)).one()
        assert shown.card_revision == one(ctx, Campaign, campaign).revision


def test_an_older_count_never_takes_the_place_of_a_newer_one(
    room: Room, outside: PretendOutside, sandbox: PretendChat
) -> None:
    campaign = room.world.campaign()
    room.bind(campaign, channel="sandbox")
    with room.unit(SYSTEM) as ctx:
        announcing.outcome(ctx, one(ctx, Campaign, campaign), "opened")
    drain(room, outside)
    buy(room, campaign)
    with room.unit(SYSTEM) as ctx:
        ctx.session.scalars(select(ChatCampaign)).one().card_revision = 99
    drain(room, outside)
    assert sandbox.edited == []


def test_no_group_line_holds_a_name_a_phone_an_openid_or_a_code(
    room: Room, outside: PretendOutside, wecom: PretendChat
) -> None:
    campaign = room.world.campaign()
    room.bind(campaign, key="webhook-key")
    buy(room, campaign, 2)
    drain(room, outside)
    room.world.bring(campaign)
    for _ in range(5):
        room.clock.advance(minutes=4)
        drain(room, outside)
    said = " ".join(texts(wecom))
    assert "到货了" in said
    with room.unit.reading() as ctx:
        from models import PickupCode, Resident

        secrets = [*ctx.session.scalars(select(PickupCode.code)), *ctx.session.scalars(select(Resident.openid))]
        kept = str(
            [(row.payload, row.last_error, row.dedupe_key) for row in ctx.session.scalars(select(OutboxMessage))]
        )
    assert len(secrets) > 3 and "webhook-key" not in said + kept
    for secret in [*secrets, "13800001111", "王小明"]:
        assert secret not in said and secret not in kept
