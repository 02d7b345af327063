"""Goods that are brought or paid on pickup, ordered by message: addresses belong on the page, money at the desk."""

from __future__ import annotations

import pytest

from bots import cards
from bots.channels import telegram
from bots.sending import lines
from bots.voice import Voice
from domain.actors import CLOCK, SYSTEM
from models import Campaign
from services.desk_money import shifts
from services.finding import by_public_id
from tests.bots.room import Room
from tests.bots.test_talk_of_orders import orders
from tests.services.desk_money.drawer import open_shift, take
from tests.services.pickup.world import code_of

VOICE = Voice("https://lintuan.example")


@pytest.mark.parametrize("method", ["door", "courier"])
def test_goods_that_are_brought_are_ordered_on_the_page(room: Room, method: str) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990}, delivery_method=method)
    room.bind(campaign)
    room.known("zhang", "张阿姨")
    answer = room.say("zhang", "草莓两盒")
    assert "需要填写收货地址" in answer
    assert f"https://lintuan.example/m/campaigns/{campaign}" in answer
    assert orders(room) == []


@pytest.mark.parametrize(("method", "how"), [("door", "送货上门"), ("courier", "快递发货")])
def test_no_pickup_point_is_named_for_goods_that_are_brought(room: Room, method: str, how: str) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990}, delivery_method=method)
    room.bind(campaign)
    card = room.card("zhang")
    assert {"keyname": "收货", "value": how} in card["horizontal_content_list"]
    with room.unit(SYSTEM) as ctx:
        row = by_public_id(ctx, Campaign, campaign)
        view = cards.card_of(ctx, VOICE, row)
        row.state = "formed"
        assert lines.outcome(ctx, VOICE, row, "formed").endswith(f"，{how}。")
        ctx.session.refresh(row)
    for shown in (str(card), telegram.card(view, "")["text"]):
        assert how in shown
        assert "自提" not in shown


def test_what_is_paid_on_pickup_counts_at_once_and_asks_for_no_payment(room: Room) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990}, payment_policy="on_pickup")
    room.bind(campaign)
    room.known("zhang", "张阿姨")
    room.say("zhang", "草莓两盒")
    answer = room.say("zhang", "1")
    (order,) = orders(room, "confirmed")
    assert (order.roster_number, "点这里付款" in answer) == (1, False)
    assert "已登记，收货时付款，接龙号 1" in answer
    assert "已成团" not in answer


def test_nobody_is_promised_money_back_that_was_never_paid(room: Room) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990}, payment_policy="on_pickup")
    room.bind(campaign)
    room.world.order(room.known("zhang", "张阿姨"), campaign, {"草莓": 2})
    assert "还没付款，不用退款" in room.say("zhang", "取消")
    answer = room.say("zhang", "1")
    assert "已取消 草莓×2" in answer
    assert "退回" not in answer


def test_staff_who_type_the_code_first_hear_that_money_is_due(room: Room) -> None:
    world = room.world
    campaign = world.campaign(prices={"草莓": 2990}, payment_policy="on_pickup")
    order = world.order(world.resident(), campaign, {"草莓": 1})
    world.bring(campaign)
    staff = world.staff()
    room.bind(campaign, purpose="staff")
    room.name("chen", staff)
    with world.unit(CLOCK) as ctx:
        code = code_of(ctx, order).code
    assert "请先收 ¥29.90 再交货" in room.say("chen", f"核销 {code}")
    open_shift(world, staff)
    take(world, staff, order)
    with world.unit(staff) as ctx:
        assert shifts.mine_open(ctx).taken_fen == 2990
