"""What becomes of a message in trouble, and that no chat or channel is spoken to too often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.actors import CLOCK
from models import Alert, Notification
from services.chat import outgoing, windows
from services.ports import ChatGone, ChatMoved, Limit, Refused, Unknown, Unreachable
from tests.bots.sending.conftest import Sender, words


@pytest.mark.parametrize(("channel", "state"), [("http", "sent"), ("wecom", "dead")])
def test_an_unknown_count_is_repeated_only_where_a_repeat_is_shown_once(
    sender: Sender, channel: str, state: str
) -> None:
    campaign, _ = sender.shown(channel)
    sender.buy(campaign)
    sender.chats[channel].fails = Unknown("time-out")
    sender.drain(3)
    sender.chats[channel].fails = None
    sender.drain(61)
    assert [row.state for row in sender.rows("chat_progress")] == [state]


def test_what_is_repeated_unchanged_has_the_same_key(sender: Sender) -> None:
    campaign, _ = sender.shown("http")
    chat = sender.chats["http"]
    sender.happens(campaign, "opened")
    taken = chat.push
    keys: list[str] = []

    def lose(address: object, payload: object, key: str) -> str:
        keys.append(key)
        if len(keys) == 1:
            raise Unknown("the answer was lost")
        return taken(address, payload, key)  # type: ignore[arg-type]  # handed on as it came

    chat.push = lose  # type: ignore[method-assign]  # the channel's answer is lost once
    sender.drain()
    sender.drain(61)
    assert len(keys) == 2 and len(set(keys)) == 1


def test_after_an_edit_of_unknown_fate_the_card_is_told_again(sender: Sender) -> None:
    campaign, binding = sender.shown("telegram")
    sender.happens(campaign, "opened")
    sender.drain()
    revision = sender.counts(campaign)
    sender.chats["telegram"].fails = Unknown("time-out")
    sender.drain(3)
    sender.chats["telegram"].fails = None
    sender.drain(32)
    assert (len(sender.chats["telegram"].edited), sender.standing(binding).card_revision) == (1, revision)


def test_a_card_that_cannot_be_changed_any_more_holds_nothing_up(sender: Sender) -> None:
    campaign, binding = sender.shown("sandbox")
    sender.happens(campaign, "opened")
    sender.drain()
    sender.counts(campaign)
    sender.chats["sandbox"].fails = Refused("no such message")
    sender.drain(3)
    assert sender.standing(binding).card_ref == ""
    sender.drain(1)
    assert [row.state for row in sender.rows("chat_progress")] == ["sent"]


def test_a_chat_that_moved_is_followed_at_once(sender: Sender) -> None:
    campaign, binding = sender.shown("telegram")
    sender.happens(campaign, "opened")
    sender.chats["telegram"].fails = ChatMoved("moved", "group-2")
    sender.drain()
    assert sender.binding(binding).remote_chat_id == "group-2"
    sender.chats["telegram"].fails = None
    sender.drain(2)
    assert [where for where, _, _ in sender.chats["telegram"].pushed] == ["group-2"]


def test_of_a_chat_that_is_gone_its_leader_is_told(sender: Sender) -> None:
    campaign, binding = sender.shown("wecom")
    sender.happens(campaign, "opened")
    sender.chats["wecom"].fails = ChatGone("no robot", code="93000")
    sender.drain()
    sender.happens(campaign, "extended")
    sender.drain(5)
    assert sender.binding(binding).dead_reason == "ChatGone 93000"
    with sender.room.unit.reading() as ctx:
        told = ctx.session.scalars(select(Notification).where(Notification.title == "群聊已断开")).one()
        assert told.resident_id == sender.room.world.leader_as_resident.resident_id
        assert "chat_gone" in ctx.session.scalars(select(Alert.kind)).all()


def test_messages_of_a_chat_leave_in_their_order_one_at_a_time(sender: Sender) -> None:
    campaign, _ = sender.shown("http")
    sender.happens(campaign, "opened")
    sender.happens(campaign, "extended")
    first, second = [row.id for row in sender.rows("chat_outcome")]
    with sender.room.unit(CLOCK) as ctx:
        assert outgoing.lease(ctx, second) is None
        assert outgoing.lease(ctx, first) is not None
    with sender.room.unit(CLOCK) as ctx:
        assert outgoing.lease(ctx, second) is None
        assert outgoing.due(ctx, 9, second) == []


def test_pauses_grow_at_random_up_to_five_minutes_and_alike_in_every_run(sender: Sender) -> None:
    campaign, _ = sender.shown("http")
    sender.happens(campaign, "opened")
    sender.chats["http"].fails = Unreachable("down")
    pauses = []
    for _ in range(7):
        sender.drain(301)
        (row,) = sender.rows("chat_outcome")
        pauses.append((row.due_at - sender.room.clock.now()).total_seconds())
    assert all(0 <= pause <= min(2**n, 300) for n, pause in enumerate(pauses))
    assert len(set(pauses)) == 7


def test_too_often_shuts_the_whole_chat_out_for_as_long_as_declared(sender: Sender) -> None:
    campaign, binding = sender.shown("wecom")
    sender.happens(campaign, "opened")
    sender.chats["wecom"].fails = Unreachable("freq", code="45009")
    sender.drain()
    sender.chats["wecom"].fails = None
    sender.happens(campaign, "extended")
    sender.drain(58)
    assert sender.chats["wecom"].pushed == []
    assert sender.binding(binding).closed_until is not None
    sender.drain(3)
    assert len(sender.chats["wecom"].pushed) == 2


def test_a_channels_own_limit_is_shared_by_all_its_chats(sender: Sender) -> None:
    for number in range(32):
        campaign, _ = sender.shown("telegram", f"group-{number}")
        sender.happens(campaign, "opened")
    sender.drain()
    assert len(sender.chats["telegram"].pushed) == 30
    sender.drain(0.5)
    assert len(sender.chats["telegram"].pushed) == 30
    sender.drain(0.502)
    assert len(sender.chats["telegram"].pushed) == 32


def test_a_call_on_its_way_counts_until_it_is_known_to_have_arrived(sender: Sender) -> None:
    limits = (Limit("channel", 1, 1),)
    with sender.room.unit(CLOCK) as ctx:
        began = ctx.now
        assert windows.claim(ctx, "x", limits) is None
    sender.room.clock.advance(seconds=5)
    with sender.room.unit(CLOCK) as ctx:
        assert windows.claim(ctx, "x", limits) is not None
        windows.settle(ctx, "x", limits, began)
        assert windows.claim(ctx, "x", limits) == ctx.now + timedelta(milliseconds=1001)
    sender.room.clock.advance(seconds=1.001)
    with sender.room.unit(CLOCK) as ctx:
        assert windows.claim(ctx, "x", limits) is None


def test_the_last_day_is_said_once_and_names_nobody(sender: Sender) -> None:
    from bots.sweeps import remind_pickup

    campaign, _ = sender.shown("wecom")
    sender.room.world.order(sender.room.world.resident("王小明"), campaign, {"纸巾": 1})
    sender.room.world.settle(campaign)
    sender.room.world.bring(campaign)
    for _ in range(30):
        remind_pickup(sender.room.unit, sender.outside)
        sender.drain(1)
        sender.room.clock.advance(hours=3)
    said = [words(payload) for _, payload, _ in sender.chats["wecom"].pushed if "最后一天" in words(payload)]
    assert len(said) == 1
    assert "请到" in said[0] and "王" not in said[0]
