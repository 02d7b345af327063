"""Live counts: they rest before they are told, a chat hears one digest, and a minimum is told by its milestones."""

from __future__ import annotations

from datetime import timedelta

from tests.bots.sending.conftest import Sender, words


def test_a_count_is_told_when_it_has_rested_for_three_seconds(sender: Sender) -> None:
    campaign, _ = sender.shown("sandbox")
    sender.happens(campaign, "opened")
    sender.drain()
    sender.counts(campaign)
    sender.drain(2)
    sender.counts(campaign)
    sender.drain(2)
    assert sender.chats["sandbox"].edited == []
    sender.drain(1)
    assert len(sender.chats["sandbox"].edited) == 1


def test_a_count_that_never_rests_is_told_within_fifteen_seconds(sender: Sender) -> None:
    campaign, _ = sender.shown("sandbox")
    sender.happens(campaign, "opened")
    sender.drain()
    began = sender.room.clock.now()
    while not sender.chats["sandbox"].edited:
        sender.counts(campaign)
        sender.drain(1)
    assert timedelta(seconds=10) < sender.room.clock.now() - began <= timedelta(seconds=15)


def test_what_failed_keeps_its_pause_when_a_newer_count_comes(sender: Sender) -> None:
    from services.ports import Unreachable

    campaign, _ = sender.shown("sandbox")
    sender.happens(campaign, "opened")
    sender.drain()
    sender.counts(campaign)
    sender.chats["sandbox"].fails = Unreachable("busy", retry_after=40)
    sender.drain(3)
    sender.chats["sandbox"].fails = None
    sender.counts(campaign)
    sender.drain(30)
    assert sender.chats["sandbox"].edited == []
    sender.drain(10)
    assert len(sender.chats["sandbox"].edited) == 1


def test_a_chat_with_several_campaigns_hears_one_line_of_all(sender: Sender) -> None:
    first, _ = sender.shown("wecom")
    second, _ = sender.shown("wecom")
    sender.buy(first)
    sender.buy(second, 2)
    sender.drain(3)
    sender.drain(3)
    (line,) = [words(payload) for _, payload, _ in sender.chats["wecom"].pushed]
    assert line.splitlines() == ["「周五水果」1 人，1 份。", "「周五水果」2 人，2 份。"]
    sender.buy(first)
    sender.drain(60)
    sender.buy(second)
    sender.drain(60)
    assert len(sender.chats["wecom"].pushed) == 1
    sender.drain(60)
    sender.drain(3)
    assert len(sender.chats["wecom"].pushed) == 2


def test_the_tenth_order_does_not_wait_for_the_minutes(sender: Sender) -> None:
    campaign, _ = sender.shown("http")
    sender.buy(campaign)
    sender.drain(3)
    sender.buy(campaign, 2)
    sender.drain(3)
    assert len(sender.chats["http"].pushed) == 1
    sender.buy(campaign, 8)
    sender.drain(4)
    assert [words(payload) for _, payload, _ in sender.chats["http"].pushed][1:] == ["「周五水果」11 人，11 份。"]


def test_each_milestone_is_told_once_and_nothing_between(sender: Sender) -> None:
    campaign, _ = sender.shown("wecom", minimum=8)
    for _ in range(10):
        sender.buy(campaign)
        sender.drain(200)
    assert [words(payload) for _, payload, _ in sender.chats["wecom"].pushed] == [
        "「周五水果」过半了：4/8 人，4 份。",
        "「周五水果」7/8 人，7 份，还差 1 人。",
        "「周五水果」已达 8 人，截团时确认。",
    ]


def test_the_end_is_shown_on_the_card_and_said_once(sender: Sender) -> None:
    campaign, binding = sender.shown("sandbox")
    sender.happens(campaign, "opened")
    sender.drain()
    sender.buy(campaign)
    sender.room.world.settle(campaign)
    sender.drain(3)
    sender.drain(14)
    said = [words(payload) for _, payload, _ in sender.chats["sandbox"].pushed]
    assert len([line for line in said if "成团啦" in line]) == 1
    assert sender.standing(binding).card_revision == max(sender.standing(binding).card_revision, 1)
    assert sender.chats["sandbox"].edited
