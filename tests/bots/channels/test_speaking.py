"""Every channel speaks within its platform's rules, and each refusal is read for what it is."""

from __future__ import annotations

from typing import Any

import pytest

from bots.channels.registry import CHANNELS
from services.ports import ChatGone, ChatMoved, Refused, Unknown, Unreachable
from tests.bots.channels.cards import CARD, LONG, answer_with_card
from tests.bots.channels.drivers import PERSON, Driver
from tests.bots.channels.table import ALL, CUSTOMER, GROUPS, HTTP, TABLE, TELEGRAM, WECOM, cases
from tests.integrations.sandbox_process import Stage

EDITS = [kind for kind in GROUPS if TABLE[kind].edits == "any"]
NO_EDITS = [kind for kind in GROUPS if TABLE[kind].edits != "any"]


def open_window(driver: Driver) -> None:
    """Customer service may speak only to who wrote."""
    if driver.kind == CUSTOMER:
        driver.speak("在吗")


def push(driver: Driver, payload: dict[str, Any], key: str) -> str:
    """One push by the product's own client."""
    return driver.port.push(driver.address, payload, f"{key}-{driver.user_id}-{driver.chat_id}")


def text_of(payload: dict[str, Any]) -> str:
    """The words in a channel's line."""
    text = payload["text"]
    return str(text["content"] if isinstance(text, dict) else text)


@cases("fits")
def test_a_line_of_the_most_bytes_is_shown_whole(kind: str, driver: Driver) -> None:
    open_window(driver)
    words = "邻" * (TABLE[kind].max_bytes // 3)
    push(driver, CHANNELS[kind].line(words), "full")
    assert driver.shown()[-1]["text"] == words


@cases("fits")
def test_a_longer_line_is_cut_at_a_character(kind: str, driver: Driver) -> None:
    open_window(driver)
    payload = CHANNELS[kind].line("🦀邻" * 2000)
    assert len(text_of(payload).encode()) <= TABLE[kind].max_bytes
    assert text_of(payload).rstrip("…").rstrip("邻🦀") == ""
    push(driver, payload, "cut")
    assert driver.shown()[-1]["text"].endswith("…")


@cases("fits")
def test_the_platform_refuses_what_nobody_cut(kind: str, driver: Driver) -> None:
    open_window(driver)
    payload = CHANNELS[kind].line("x")
    raw = "x" * (TABLE[kind].max_bytes + 1)
    before = len(driver.shown())
    with pytest.raises(Refused):
        push(driver, {**payload, "text": {"content": raw} if isinstance(payload["text"], dict) else raw}, "uncut")
    assert len(driver.shown()) == before


@cases("card")
def test_a_card_that_presses_against_every_length_is_shown(kind: str, driver: Driver) -> None:
    open_window(driver)
    push(driver, CHANNELS[kind].card(LONG, "n1"), "long-card")
    assert driver.shown()[-1]["text"]


@cases("card", [WECOM])
def test_the_robots_own_card_has_buttons_and_is_shown(kind: str, driver: Driver, stage: Stage) -> None:
    answer_with_card(driver, stage, CHANNELS[kind], LONG)
    assert driver.shown()[-1]["card"]["card_type"] == "button_interaction"


@cases("edit", EDITS)
def test_what_may_be_changed_is_changed_in_place(kind: str, driver: Driver, stage: Stage) -> None:
    card = CHANNELS[kind].card(CARD, "n1")
    remote = push(driver, card, "card")
    port = driver.product.outside.chats[kind]
    newer = CHANNELS[kind].card(LONG, "n1")
    port.edit(driver.address, remote, newer)
    port.edit(driver.address, remote, newer)
    (line,) = driver.shown()
    assert line["edited"] and "周五🦀" in line["text"]
    with pytest.raises(Refused) as caught:
        port.edit(driver.address, "999999", newer)
    assert not isinstance(caught.value, ChatGone)


@cases("edit", NO_EDITS)
def test_what_may_not_be_changed_is_refused_without_asking(kind: str, driver: Driver) -> None:
    push(driver, CHANNELS[kind].line("还差 3 份"), "line")
    with pytest.raises(Refused):
        driver.product.outside.chats[kind].edit(driver.address, "1", CHANNELS[kind].line("还差 2 份"))
    assert [line["text"] for line in driver.shown()] == ["还差 3 份"]


@cases("limit", [WECOM, HTTP])
def test_the_message_too_many_comes_back_with_when_to_try_again(kind: str, driver: Driver, stage: Stage) -> None:
    (limit,) = TABLE[kind].limits
    for number in range(limit.count):
        push(driver, CHANNELS[kind].line("还差 3 份"), f"n{number}")
    with pytest.raises(Unreachable) as caught:
        push(driver, CHANNELS[kind].line("还差 2 份"), "too-many")
    assert 0 < caught.value.retry_after <= limit.seconds
    assert len(driver.shown()) == limit.count
    stage.move_clock(int(stage.offset.total_seconds()) + limit.seconds + 1)
    push(driver, CHANNELS[kind].line("还差 2 份"), "again")


@cases("limit", [TELEGRAM])
def test_one_a_second_to_a_chat(kind: str, driver: Driver) -> None:
    with pytest.raises(Unreachable) as caught:
        for number in range(10):
            push(driver, CHANNELS[kind].line("还差 3 份"), f"n{number}")
    assert caught.value.retry_after == 1


@cases("limit", [TELEGRAM])
def test_twenty_a_minute_to_a_group(kind: str, driver: Driver, stage: Stage) -> None:
    start = int(stage.offset.total_seconds())
    for number in range(20):
        push(driver, CHANNELS[kind].line("还差 3 份"), f"n{number}")
        stage.move_clock(start + 2 * number + 2)
    with pytest.raises(Unreachable) as caught:
        push(driver, CHANNELS[kind].line("还差 2 份"), "too-many")
    assert 1 < caught.value.retry_after <= 60
    assert len(driver.shown()) == 20


@cases("limit", [CUSTOMER])
def test_five_answers_to_a_message_and_none_two_days_later(kind: str, driver: Driver, stage: Stage) -> None:
    driver.speak("在吗")
    for number in range(5):
        push(driver, CHANNELS[kind].line("在"), f"n{number}")
    with pytest.raises(Refused) as caught:
        push(driver, CHANNELS[kind].line("在"), "sixth")
    assert caught.value.code == "45047"
    stage.move_clock(int(stage.offset.total_seconds()) + 48 * 3600 + 1)
    with pytest.raises(Refused) as caught:
        push(driver, CHANNELS[kind].line("在"), "late")
    assert caught.value.code == "45015"


@cases("gone", GROUPS)
def test_a_chat_that_is_gone_is_told_as_gone(kind: str, driver: Driver) -> None:
    push(driver, CHANNELS[kind].line("还在"), "before")
    driver.end()
    with pytest.raises(ChatGone):
        push(driver, CHANNELS[kind].line("还在吗"), "after")


@cases("moved", [TELEGRAM])
def test_a_group_that_became_a_supergroup_tells_its_new_id(kind: str, driver: Driver, stage: Stage) -> None:
    ids = stage.control(f"telegram/chats/{driver.room_id}/migrate")
    with pytest.raises(ChatMoved) as caught:
        push(driver, CHANNELS[kind].line("还在吗"), "k")
    assert caught.value.new_chat_id == str(ids["new"])
    heard = CHANNELS[kind].parse(driver.opened(stage.notice(driver.path)))
    assert heard is not None
    assert (heard.kind, heard.place.chat_id, heard.subject) == ("moved", str(ids["old"]), str(ids["new"]))


@cases("privacy", [TELEGRAM])
def test_in_privacy_mode_only_what_is_meant_arrives(kind: str, driver: Driver, stage: Stage) -> None:
    stage.control(f"telegram/chats/{driver.room_id}/privacy", on=True)
    for text in ("今天天气不错", "2份"):
        stage.control(f"rooms/{driver.room_id}/say", person=PERSON, text=text)
    heard = CHANNELS[kind].parse(driver.opened(driver.speak("/progress@lintuan_bot")))
    assert heard is not None and heard.text == "进度"


@cases("lost", GROUPS)
def test_a_lost_answer_is_unknown_and_the_message_stands(kind: str, driver: Driver) -> None:
    driver.lose_next_answer()
    with pytest.raises(Unknown):
        push(driver, CHANNELS[kind].line("到货了"), "lost")
    assert [line["text"] for line in driver.shown()] == ["到货了"]


@cases("once", GROUPS)
def test_the_same_key_again_sends_once_exactly_where_that_is_declared(kind: str, driver: Driver, stage: Stage) -> None:
    push(driver, CHANNELS[kind].line("到货了"), "once")
    stage.move_clock(int(stage.offset.total_seconds()) + 2)
    push(driver, CHANNELS[kind].line("到货了"), "once")
    assert len(driver.shown()) == (1 if TABLE[kind].sends_once else 2)


def test_every_clause_has_its_channels() -> None:
    assert set(EDITS) | set(NO_EDITS) | {CUSTOMER} == set(ALL)
