"""Commands in the group and one to one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from domain.actors import SYSTEM
from domain.clock import local_time
from models import Campaign, ChatBinding, PickupCode
from services import chat_bindings, people
from tests.bots.room import Room
from tests.services.pickup.world import code_of, one


def test_help_names_the_commands(room: Room) -> None:
    assert "发团、进度、名单" in room.say("anybody", "帮助")


def test_a_person_becomes_known_by_a_one_time_code(room: Room) -> None:
    who = room.world.resident("张阿姨")
    with room.unit(who) as ctx:
        code = people.make_chat_code(ctx).code
    assert "绑定好了，张" in room.say("zhang", f"绑定 {code}")
    assert "已过期" in room.say("thief", f"绑定 {code}")
    assert "您还没有订单" in room.say("zhang", "我的")


def test_guessing_codes_is_cut_off_and_a_redelivery_is_no_guess(room: Room) -> None:
    for number in range(5):
        assert "没有找到这个码" in room.say("thief", f"绑定 {100000 + number}", msgid=f"guess-{number}")
    assert "没有找到这个码" in room.say("thief", "绑定 100004", msgid="guess-4")
    assert "操作太频繁，请 600 秒后再试" in room.say("thief", "绑定 200000")
    assert "操作太频繁" in room.say("thief", "绑定本群 200001")
    assert "没有找到这个码" in room.say("somebody-else", "绑定 200001")


def test_a_group_is_bound_by_the_leaders_code(room: Room) -> None:
    campaign = room.world.campaign()
    with room.unit(room.world.leader) as ctx:
        code = chat_bindings.group_code(ctx, campaign).code
    assert "发在要绑定的群里" in room.say("li", f"绑定本群 {code}", group=False)
    assert "本群已绑定「周五水果」" in room.say("li", f"绑定本群 {code}")
    assert "周五水果" in room.say("li", "进度")
    with room.unit.reading() as ctx:
        assert ctx.session.scalars(select(ChatBinding.remote_chat_id)).all() == [room.chat_id]


def test_progress_and_roster_show_true_counts_and_masked_names(room: Room) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    assert "还没有人付款接龙" in room.say("anybody", "名单")
    room.world.order(room.world.resident("王小明13800001111"), campaign, {"草莓": 2})
    assert "1 人，2 份" in room.say("anybody", "进度")
    assert room.say("anybody", "名单").endswith("1 王\\*\\* 草莓×2")


def test_one_sees_own_orders_and_the_code_only_when_alone(room: Room) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    who = room.known("zhang", "张阿姨")
    order = room.world.order(who, campaign, {"草莓": 2})
    room.world.bring(campaign)
    with room.unit.reading() as ctx:
        code = code_of(ctx, order).code
    shown = f"{code[:4]} {code[4:]}"
    in_group, alone = room.say("zhang", "我的"), room.say("zhang", "我的", group=False)
    assert "草莓×2" in in_group and shown not in in_group and code not in in_group
    assert shown in alone
    with room.unit.reading() as ctx:
        from models import ChatEvent

        kept = str(ctx.session.scalars(select(ChatEvent.answer)).all())
    assert code not in kept and shown not in kept


def test_staff_hand_over_in_their_own_chat_and_a_second_time_is_refused(room: Room) -> None:
    campaign = room.world.campaign()
    buyer = room.world.resident("张阿姨")
    order = room.world.order(buyer, campaign, {"草莓": 2})
    room.world.bring(campaign)
    room.bind(campaign, purpose="staff")
    room.name("zhou", room.world.staff("小周"))
    room.known("passer-by", "路人")
    with room.unit.reading() as ctx:
        code = code_of(ctx, order).code
    assert "只有这个自提点的店员" in room.say("passer-by", f"核销 {code}")
    answer = room.say("zhou", f"核销 {code[:4]} {code[4:]}")
    assert answer == f"张\\*\\* 草莓×2 → 已交付（小周，{local_time(room.clock.now())}）"
    again = room.say("zhou", f"核销 {code}")
    assert "已由 小周 核销" in again and "Z" not in again


def test_a_right_code_makes_the_field_quick_again(room: Room) -> None:
    campaign = room.world.campaign()
    order = room.world.order(room.world.resident("张阿姨"), campaign, {"草莓": 2})
    room.world.bring(campaign)
    room.bind(campaign, purpose="staff")
    room.name("zhou", room.world.staff("小周"))
    with room.unit.reading() as ctx:
        code = code_of(ctx, order).code
    for _ in range(9):
        assert "没有找到这个码" in room.say("zhou", "核销 00000001")
    assert "已交付" in room.say("zhou", f"核销 {code}")
    for _ in range(9):
        assert "没有找到这个码" in room.say("zhou", "核销 00000001")


def test_elsewhere_a_code_is_refused_and_the_owners_own_is_replaced(room: Room) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    who = room.known("zhang", "张阿姨")
    order = room.world.order(who, campaign, {"草莓": 2})
    room.world.bring(campaign)
    with room.unit.reading() as ctx:
        code = code_of(ctx, order).code
    assert "只在店员群里有效" in room.say("stranger", f"核销 {code}")
    answer = room.say("zhang", f"核销 {code}")
    assert "已作废" in answer
    with room.unit.reading() as ctx:
        states = ctx.session.scalars(select(PickupCode.state).order_by(PickupCode.id)).all()
        fresh = code_of(ctx, order).code
    assert states == ["voided", "issued"] and fresh != code and fresh not in answer


@pytest.mark.parametrize("spell", [
    lambda code: code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    lambda code: " ".join(code[at : at + 2] for at in range(0, 8, 2)),
    lambda code: f"{code[:4]}\u200b{code[4:]}",
    lambda code: f"我的码 3 {code}，谁去帮我拿",
])  # fmt: skip
def test_a_pasted_code_is_replaced_however_it_is_written(room: Room, spell: Callable[[str], str]) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    who = room.known("zhang", "张阿姨")
    order = room.world.order(who, campaign, {"草莓": 2})
    room.world.bring(campaign)
    with room.unit.reading() as ctx:
        code = code_of(ctx, order).code
    assert "已作废" in room.say("zhang", spell(code))


def test_only_the_leader_closes_and_is_asked_first(room: Room) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    room.known("zhang", "张阿姨")
    room.name("li", room.world.leader_as_resident)
    assert "只有本团团长" in room.say("zhang", "截团")
    assert "现在就截团吗" in room.say("li", "截团")
    assert "没有改动" in room.say("li", "2")
    room.say("li", "截团")
    assert "已截团" in room.say("li", "1")
    with room.unit(SYSTEM) as ctx:
        closed = one(ctx, Campaign, campaign)
        assert (closed.state, closed.close_reason) == ("closed", "leader")


def test_after_the_close_orders_and_cancellations_are_refused_in_words(room: Room) -> None:
    campaign = room.world.campaign(prices={"草莓": 1000})
    room.bind(campaign)
    who = room.known("zhang", "张阿姨")
    room.world.order(who, campaign, {"草莓": 2})
    room.world.settle(campaign)
    assert "请联系团长" in room.say("zhang", "取消")
    room.known("wang", "老王")
    assert "不接单" in room.say("wang", "2份")


def test_the_first_visit_of_a_day_is_greeted_with_help(room: Room) -> None:
    enter = {"msgid": "e1", "msgtype": "event", "chattype": "single", "from": {"userid": "zhang"}, "create_time": 1,
             "event": {"eventtype": "enter_chat"}}  # fmt: skip
    answer = room.call(enter)
    assert answer is not None and answer["msgtype"] == "text" and "参团" in answer["text"]["content"]
