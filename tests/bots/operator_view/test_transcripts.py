"""Transcripts: only what was said to the bot, masked and sealed, read with a reason that is kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bots.parsing.normalise import normalise
from bots.transcript import masked
from domain.actors import SYSTEM
from models import AuditRecord, ChatBinding, ChatEvent, Resident
from services.chat import rooms
from tests.bots.operator_view.desk import Desk
from tests.bots.room import Room
from tests.builders import people


def chat_of(room: Room) -> str:
    """The public id of the room's binding."""
    with room.unit.reading() as ctx:
        return ctx.session.scalars(select(ChatBinding.public_id)).one()


def resident_of(room: Room, nickname: str) -> str:
    """The public id of somebody."""
    with room.unit.reading() as ctx:
        return ctx.session.scalars(select(Resident.public_id).where(Resident.nickname == nickname)).one()


def looks(room: Room) -> list[tuple[str, str, str]]:
    """(who, event, why) of every look on record."""
    with room.unit.reading() as ctx:
        rows = ctx.session.scalars(select(AuditRecord).where(AuditRecord.event == "read_transcript"))
        return [(row.actor.split(":")[0], row.subject, row.reason) for row in rows]


def turns(desk: Desk, **query: object) -> list[tuple[str, str]]:
    """(what was said, what was answered), newest first."""
    shown = desk.seen(f"/chats/{chat_of(desk.room)}/transcript", reason="投诉 17", **query)
    return [(turn["said"], turn["told"]) for turn in shown["items"]]


def test_a_talk_is_shown_newest_first_in_local_time_with_masked_speakers(desk: Desk, room: Room) -> None:
    room.bind(room.world.campaign())
    room.known("zhang", "张阿姨")
    room.say("zhang", "草莓2盒")
    room.clock.advance(minutes=1)
    room.say("stranger", "帮助")
    page = desk.seen(f"/chats/{chat_of(room)}/transcript", reason="投诉 17")
    assert [(turn["by"], turn["said"]) for turn in page["items"]] == [("未绑定的人", "帮助"), ("张**", "草莓2盒")]
    assert page["items"][0]["at"] == "2026-11-26T12:01:00+08:00"
    assert all(turn["channel"] == "wecom" and turn["told"] for turn in page["items"])


def test_each_look_needs_a_reason_and_leaves_a_record(desk: Desk, room: Room) -> None:
    room.bind(room.world.campaign())
    path = f"/chats/{chat_of(room)}/transcript"
    assert desk.asked(path).status_code == 422
    assert desk.asked(path, reason="  ").status_code == 422
    assert looks(room) == []
    desk.seen(path, reason="投诉 17")
    desk.seen(path, reason="投诉 17", limit=1)
    assert looks(room) == [("operator", "chat_binding", "投诉 17")] * 2
    assert desk.asked("/chats/cht_01m8b057g0j2vzyaww1mjyz1zv/transcript", reason="x").status_code == 404


def test_nobody_else_reads_it_and_no_look_is_recorded(room: Room) -> None:
    room.bind(room.world.campaign())
    path = f"/api/admin/chats/{chat_of(room)}/transcript?reason=x"
    with room.unit(SYSTEM) as ctx:
        others = [people.token(ctx, people.leader(ctx)), people.token(ctx, people.resident(ctx))]
    assert room.client.get(path).status_code == 401
    assert {room.client.get(path, headers=people.bearer(token)).status_code for token in others} == {403}
    assert looks(room) == []


def test_codes_phones_names_and_addresses_are_masked_before_they_are_kept(desk: Desk, room: Room) -> None:
    room.bind(room.world.campaign())
    room.known("zhang", "张秀兰")
    for text in (
        "绑定 482913", "核销 6205 4471", "我电话13800001111，住3-502", "替李四接2盒", "草莓2盒，张秀兰",
        "收货人：王小明", "请问王老师在吗", "1 3 8 0 0 0 0 1 1 1 1",
    ):  # fmt: skip
        room.say("zhang", text)
    kept = str(turns(desk))
    for secret in ("482913", "6205", "4471", "13800001111", "3-502", "李四", "秀兰", "小明", "王老师", "0 0 0"):
        assert secret not in kept, secret
    assert "李**" in kept and "王**" in kept and "草莓2盒" in kept


def test_a_pickup_code_that_was_answered_is_not_in_the_transcript(desk: Desk, room: Room) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    room.world.order(room.known("zhang", "张阿姨"), campaign, {"草莓": 1})
    room.world.bring(campaign)
    told = room.say("zhang", "取货码", group=False)
    code = next(word for word in told.replace("，", " ").split() if word.isdigit())
    page = desk.seen(f"/residents/{resident_of(room, '张阿姨')}/transcript", reason="没收到取货码")
    assert page["items"][0]["said"] == "取货码" and code not in str(page)
    assert looks(room) == [("operator", "resident", "没收到取货码")]


def test_a_pasted_list_and_the_names_answered_to_it_are_not_kept(desk: Desk, room: Room) -> None:
    room.bind(room.world.campaign())
    room.name("li", room.world.leader_as_resident)
    shown = room.say("li", "#接龙\n周五水果\n1. 张三 草莓2份\n2. 李小四 草莓1份\n3. 陈五 草莓1份", group=False)
    assert "李小四" in shown
    with room.unit.reading() as ctx:
        leader = ctx.session.get_one(Resident, room.world.leader_as_resident.id).public_id
    (turn,) = desk.seen(f"/residents/{leader}/transcript", reason="核对")["items"]
    assert turn["said"] == "〔名单，5 行〕" and "导入到" in turn["told"]
    assert not {"张三", "李小四", "陈五"} & {name for name in ("张三", "李小四", "陈五") if name in str(turn)}


def test_what_neighbours_say_among_themselves_is_not_kept(desk: Desk, room: Room) -> None:
    room.bind(room.world.campaign(), channel="sandbox")

    def said(number: int, text: str) -> None:
        body = {"event_id": f"e{number}", "chat_id": room.chat_id, "user_id": "zhang", "kind": "message", "text": text}
        assert room.test_channel(body).status_code == 200

    said(1, "今天天气不错")
    said(2, "进度")
    assert [text for text, _ in turns(desk)] == ["进度"]
    with room.unit.reading() as ctx:
        kept = {row.event_key: row.turn_enc for row in ctx.session.scalars(select(ChatEvent))}
    assert sorted(turn is None for turn in kept.values()) == [False, True]


def test_what_is_kept_is_sealed(desk: Desk, room: Room) -> None:
    room.bind(room.world.campaign())
    room.say("zhang-user-id", "进度")
    with room.unit.reading() as ctx:
        (row,) = ctx.session.scalars(select(ChatEvent))
        assert row.turn_enc is not None and "进度" not in row.turn_enc
        assert "zhang-user-id" not in f"{row.turn_enc}{row.room}{row.event_key}" and room.chat_id not in str(row.room)


def test_the_transcript_follows_a_chat_to_its_new_id(desk: Desk, room: Room) -> None:
    room.bind(room.world.campaign())
    room.say("zhang", "进度")
    with room.unit(SYSTEM) as ctx:
        assert rooms.move(ctx, "wecom", room.chat_id, "group-new") == 1
    assert [text for text, _ in turns(desk)] == ["进度"]


def test_a_transcript_comes_page_by_page_in_as_many_statements(desk: Desk, room: Room) -> None:
    room.bind(room.world.campaign())
    for number in range(5):
        room.known(f"user-{number}", f"王小{number}")
        room.say(f"user-{number}", "帮助")
    path = f"/chats/{chat_of(room)}/transcript"
    first = desk.seen(path, reason="x", limit=3)
    rest = desk.seen(path, reason="x", limit=3, cursor=first["next_cursor"])
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (3, 2, None)
    assert desk.statements(path, reason="x", limit=1) == desk.statements(path, reason="x", limit=100) == 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("要2盒草莓", "要2盒草莓"), ("帮我来1份", "帮我来1份"), ("帮忙取消", "帮忙取消"), ("58元一只", "58元一只"),
        ("周五20:00截", "周五20:00截"), ("帮张三要2份", "帮张**要2份"), ("代王阿姨拿", "代王**拿"),
        ("码是62054471", "码是****"),
    ],
)  # fmt: skip
def test_words_that_name_nobody_stay_as_they_are(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(
    st.text(alphabet="替帮给张阿姨收货人：:，。 \n-.0123456789一两份号栋室¥元点", max_size=60) | st.text(max_size=60)
)
def test_no_text_breaks_the_masks_or_brings_a_code_through(text: str) -> None:
    assert not re.search(r"(?<!\d)(?:\d{6}|\d{8}|\d{4} \d{4}|1[3-9]\d{9})(?!\d)", masked(normalise(text)))
