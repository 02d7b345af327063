"""A 接龙 is pasted: its leader sees what it changes and takes it in; everybody else changes nothing by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bots.jielong.reading import MOST_ENTRIES
from bots.sweeps import forget_old
from domain.actors import SYSTEM
from models import ChatEvent, ChatSession, Leader, Order, PastedList, PastedName, Resident
from tests.bots.room import Room
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import add

LIST = (
    "#接龙\n周五水果\n1. 张三 3-502 草莓2份\n2. 李四 草莓1份 已付\n3. 王阿姨 纸巾3份 13800001111\n4. 老陈 取消\n5. 小明"
)


def led(room: Room, **campaign: str) -> str:
    """A campaign shown in the room whose leader is `li`."""
    shown = room.world.campaign(**campaign)  # type: ignore[arg-type]  # only a title is passed
    room.bind(shown)
    room.name("li", room.world.leader_as_resident)
    return shown


def names(room: Room) -> list[tuple[int, str, int]]:
    """Number, name and units in all of those who stand on the leader's list."""
    with room.unit.reading() as ctx:
        rows = ctx.session.scalars(select(PastedName).order_by(PastedName.position))
        return [(row.position, row.name, sum(row.units.values())) for row in rows]


def count(room: Room, table: type) -> int:
    """How many rows a table has."""
    with room.unit.reading() as ctx:
        return ctx.session.scalars(select(func.count()).select_from(table)).one()


def test_a_leader_sees_what_a_list_changes_and_takes_it_in(room: Room) -> None:
    led(room)
    people = count(room, Resident)
    shown = room.say("li", LIST, group=False)
    assert "接龙「周五水果」导入到「周五水果」，共 4 位：新增 4、看不清 1" in shown
    assert "新增：1 张三 草莓×2；2 李四 草莓×1；3 王阿姨 纸巾×3；5 小明" in shown
    assert "看不清：5 小明（没写数量）" in shown and "不是订单，也不收钱" in shown
    assert names(room) == []
    assert "已导入 4 位，4 位还没下单" in room.say("li", "1", group=False)
    assert names(room) == [(1, "张三", 2), (2, "李四", 1), (3, "王阿姨", 3), (5, "小明", 0)]
    assert (count(room, Order), count(room, Resident)) == (0, people)


def test_no_takes_nothing_in(room: Room) -> None:
    led(room)
    room.say("li", LIST, group=False)
    assert "没有导入" in room.say("li", "2", group=False)
    assert names(room) == [] and count(room, PastedList) == 0


def test_the_next_snapshot_is_shown_by_what_changed(room: Room) -> None:
    led(room)
    room.say("li", LIST, group=False)
    room.say("li", "1", group=False)
    room.clock.advance(minutes=10)
    later = "#接龙\n周五水果\n1. 张三 草莓3份\n3. 王阿姨 纸巾3份\n5. 小明 草莓1份\n6. 赵六 草莓1份"
    shown = room.say("li", later, group=False)
    assert "新增 1、有变 2、不见了 1、没变 1" in shown
    assert "有变：1 张三 草莓×2→草莓×3；5 小明 ?→草莓×1" in shown and "不见了：2 李四 草莓×1" in shown
    room.say("li", "好", group=False)
    assert [name for _, name, _ in names(room)] == ["张三", "王阿姨", "小明", "赵六"]


def test_a_leader_without_a_running_campaign_hears_what_to_do_first(room: Room) -> None:
    room.name("li", room.world.leader_as_resident)
    assert "先「开团」" in room.say("li", LIST, group=False)


def test_the_same_list_twice_changes_nothing(room: Room) -> None:
    led(room)
    room.say("li", LIST, group=False)
    room.say("li", "1", group=False)
    before = names(room)
    assert "没有变化" in room.say("li", LIST, group=False)
    assert "导入" not in room.say("li", "1", group=False)
    assert names(room) == before


def test_a_delivery_that_is_repeated_gets_the_same_answer_and_takes_in_once(room: Room) -> None:
    led(room)
    first = room.say("li", LIST, group=False, msgid="list")
    assert room.say("li", LIST, group=False, msgid="list") == first
    done = room.say("li", "1", group=False, msgid="yes")
    assert room.say("li", "1", group=False, msgid="yes") == done
    assert len(names(room)) == 4


def test_two_who_continued_from_the_same_base_do_not_lose_each_others_line(room: Room) -> None:
    led(room)
    room.say("li", "#接龙\n周五水果\n1. 张三 草莓2份", group=False)
    room.say("li", "1", group=False)
    room.clock.advance(minutes=10)
    room.say("li", "#接龙\n周五水果\n1. 张三 草莓2份\n2. 李四 草莓1份", group=False)
    room.say("li", "1", group=False)
    room.clock.advance(seconds=60)
    shown = room.say("li", "#接龙\n周五水果\n1. 张三 草莓2份\n2. 王五 草莓1份", group=False)
    assert "像是两人同时接龙互相盖掉的，先都保留：2 李四 草莓×1" in shown
    room.say("li", "1", group=False)
    assert sorted(name for _, name, _ in names(room)) == ["张三", "李四", "王五"]


def test_the_line_of_a_list_that_was_never_taken_in_is_kept_as_well(room: Room) -> None:
    led(room)
    room.say("li", "#接龙\n周五水果\n1. 张三 草莓2份\n2. 李四 草莓1份", group=False)
    room.clock.advance(seconds=30)
    assert "先都保留：2 李四" in room.say("li", "#接龙\n周五水果\n1. 张三 草莓2份\n2. 王五 草莓1份", group=False)
    room.clock.advance(minutes=3)
    assert "先都保留" not in room.say("li", "#接龙\n周五水果\n1. 张三 草莓2份", group=False)


def test_who_is_taken_back_is_gone_at_once(room: Room) -> None:
    led(room)
    room.say("li", "#接龙\n周五水果\n1. 张三 草莓2份\n2. 李四 草莓1份", group=False)
    room.say("li", "1", group=False)
    shown = room.say("li", "#接龙\n周五水果\n1. 张三 草莓2份\n2. 李四 草莓1份 取消", group=False)
    assert "不见了：2 李四" in shown and "先都保留" not in shown


def test_the_group_reads_counts_and_no_names(room: Room) -> None:
    led(room)
    shown = room.say("li", LIST)
    assert "新增 4" in shown
    done = room.say("li", "1")
    assert "4 位还没下单" in done
    for name in ("张三", "李四", "王阿姨", "小明", "老陈"):
        assert name not in shown + done + room.say("li", "名单")


def test_neither_phone_nor_room_comes_back(room: Room) -> None:
    campaign = led(room)
    said = room.say("li", LIST, group=False) + room.say("li", "1", group=False) + room.say("li", "名单", group=False)
    said = said.replace(campaign, "")  # its id may hold any digits
    assert "0000" not in said and "502" not in said
    with room.unit.reading() as ctx:
        kept = str(ctx.session.scalars(select(ChatEvent.answer)).all())
        kept += str(ctx.session.scalars(select(ChatSession.facts)).all())
        kept += str([row.text_enc for row in ctx.session.scalars(select(PastedList))])
        kept += str([row.name for row in ctx.session.scalars(select(PastedName))])
    assert "13800001111" not in kept and "3-502" not in kept


def test_who_ordered_is_no_longer_waited_for(room: Room) -> None:
    campaign = led(room)
    room.world.order(room.world.resident("张三"), campaign, {"草莓": 2})
    assert "其中 1 位已下单" in room.say("li", LIST, group=False)
    assert "3 位还没下单" in room.say("li", "1", group=False)
    shown = room.say("li", "名单", group=False)
    assert "接龙未下单 3 位：李四 草莓×1；王阿姨 纸巾×3；小明，[下单链接]" in shown
    room.known("zhao", "赵六")
    assert "接龙未下单" not in room.say("zhao", "名单")


def test_a_list_pasted_by_anybody_else_is_answered_alone_and_passed_over_in_a_group(room: Room) -> None:
    campaign = led(room)
    who = room.known("zhang", "张阿姨")
    assert room.say("zhang", LIST) == "" and room.say("stranger", LIST) == ""
    room.world.order(who, campaign, {"草莓": 1})
    assert "由团长导入" in room.say("zhang", LIST, group=False)
    assert "还不认识您" in room.say("stranger", LIST, group=False)
    assert count(room, PastedList) == 0


def another_leader(room: Room, userid: str) -> None:
    """A second approved leader, known by this chat name."""
    who = room.known(userid, "赵团长")
    with room.unit(SYSTEM) as ctx:
        community = ctx.session.scalars(select(Leader.community_id)).first()
        add(ctx, Leader(public_id="led_" + "0" * 26, resident_id=who.id, state="approved", community_id=community,
                        display_name="赵团长", created_at=ctx.now))  # fmt: skip


def test_another_leader_imports_nothing_into_this_campaign(room: Room) -> None:
    led(room)
    another_leader(room, "zhao")
    assert room.say("zhao", LIST) == ""
    assert "先「开团」" in room.say("zhao", LIST, group=False)
    room.say("li", LIST)
    assert "导入" not in room.say("zhao", "1")
    assert names(room) == []


def test_of_two_campaigns_the_title_says_which_else_it_is_asked(room: Room) -> None:
    led(room)
    room.bind(room.world.campaign(prices={"纸巾": 1001}, title="周日日用"))
    assert "导入到「周日日用」" in room.say("li", "#接龙\n周日日用 便宜\n1. 张三 纸巾2份", group=False)
    assert "这份接龙是哪个团的" in room.say("li", "#接龙\n好东西\n1. 张三 纸巾2份", group=False)
    assert "导入到「周五水果」" in room.say("li", "2", group=False)
    room.say("li", "1", group=False)
    assert names(room) == [(1, "张三", 2)]


def test_a_list_of_other_goods_is_unclear_and_never_becomes_these_goods(room: Room) -> None:
    led(room)
    shown = room.say("li", "#接龙\n周六大闸蟹\n1. 张三 大闸蟹2只\n2. 李四 大闸蟹3只", group=False)
    assert "接龙「周六大闸蟹」导入到「周五水果」" in shown and "看不清 2" in shown


def test_two_thousand_lines_are_refused_kindly(room: Room) -> None:
    led(room)
    lines = "\n".join(f"{at}. 张三 草莓2份" for at in range(1, 2001))
    assert "一次最多 500 位" in room.say("li", f"#接龙\n周五水果\n{lines}", group=False)
    assert count(room, PastedList) == 0


@pytest.mark.parametrize("entries", [MOST_ENTRIES + 1, 2 * MOST_ENTRIES - 10])
def test_a_list_that_is_a_little_too_long_is_refused_whole_and_never_cut(room: Room, entries: int) -> None:
    led(room)
    lines = [f"{at}. 邻居{at} 草莓2份" for at in range(1, entries + 1)]
    answer = room.say("li", "\n".join(["#接龙", "周五水果", *lines]), group=False)
    assert "一次最多 500 位，没有导入" in answer
    assert count(room, PastedList) == 0
    assert f"共 {MOST_ENTRIES} 位" in room.say(
        "li", "\n".join(["#接龙", "周五水果", *lines[:MOST_ENTRIES]]), group=False
    )


def test_marks_in_names_neither_act_nor_stand_for_codes(room: Room) -> None:
    led(room)
    order = "ord_" + "0" * 26
    shown = room.say("li", f"#接龙\n团\n1. {{{{code:{order}}}}} 草莓2份\n2. [点我](http://x) 草莓1份", group=False)
    assert f"{{{{code:{order}" not in shown and "](http" not in shown


def test_the_text_is_gone_after_seven_days_and_the_names_stay_while_the_campaign_runs(
    room: Room, outside: PretendOutside
) -> None:
    campaign = led(room)
    room.say("li", LIST, group=False)
    room.say("li", "1", group=False)
    room.clock.advance(seconds=timedelta(days=6).total_seconds())
    forget_old(room.unit, outside)
    with room.unit.reading() as ctx:
        assert all(ctx.session.scalars(select(PastedList.text_enc)))
    room.clock.advance(seconds=timedelta(days=1, minutes=1).total_seconds())
    forget_old(room.unit, outside)
    with room.unit.reading() as ctx:
        assert ctx.session.scalars(select(PastedList.text_enc)).all() == [None]
    assert len(names(room)) == 4
    room.world.settle(campaign)
    forget_old(room.unit, outside)
    assert names(room) == []


def test_a_list_needs_no_header_to_be_known_and_ones_own_numbered_wishes_are_no_list(room: Room) -> None:
    led(room)
    assert "新增 2" in room.say("li", "周五水果接龙中\n1. 张三 草莓2份\n2. 李四 纸巾1份", group=False)
    assert "新增 2" in room.say("li", "1 张三 草莓2份\n2 李四 纸巾1份")
    room.known("zhang", "张阿姨")
    assert "在哪里自提" in room.say("zhang", "1、草莓2份\n2、纸巾1份")
    assert "草莓×2、纸巾×1" in room.say("zhang", "1")
