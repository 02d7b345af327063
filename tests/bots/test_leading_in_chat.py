"""催付, 到货 and 取货码: who may, who is told, and what a group never reads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from domain.clock import SHANGHAI
from models import Delivery, Notification, Order
from services import ordering
from services.ordering import PlaceOrder
from tests.bots.room import Room
from tests.services.pickup.world import code_of, offer_named


def led(room: Room) -> str:
    """A campaign shown in the room whose leader is `li`."""
    campaign = room.world.campaign()
    room.bind(campaign)
    room.name("li", room.world.leader_as_resident)
    return campaign


def unpaid(room: Room, campaign: str, name: str) -> None:
    """Somebody orders and does not pay."""
    with room.unit(room.world.resident(name)) as ctx:
        offer = offer_named(ctx, campaign, "草莓").public_id
        ordering.place(ctx, PlaceOrder(campaign, room.world.point_ids[0], ((offer, 1),)))


def notices(room: Room, kind: str) -> list[tuple[str, str]]:
    """Title and text of the notices of a kind."""
    with room.unit.reading() as ctx:
        rows = ctx.session.scalars(select(Notification).where(Notification.kind == kind).order_by(Notification.id))
        return [(row.title, row.body) for row in rows]


def test_who_has_not_paid_is_reminded_alone_and_once(room: Room) -> None:
    campaign = led(room)
    unpaid(room, campaign, "张阿姨")
    unpaid(room, campaign, "李奶奶")
    answer = room.say("li", "催付")
    assert answer == "已私下提醒 2 单待付款。" and "张" not in answer
    assert notices(room, "reminder") == [("还差付款", "「周五水果」¥19.99 待付款，12:30 前有效，过时自动取消。")] * 2
    assert "都提醒过了" in room.say("li", "催付")
    unpaid(room, campaign, "老王")
    assert "已私下提醒 1 单待付款，另有 2 单今天提醒过" in room.say("li", "催付", group=False)
    assert len(notices(room, "reminder")) == 3


def test_nobody_is_reminded_who_paid_or_whose_time_is_over(room: Room) -> None:
    campaign = led(room)
    room.world.order(room.world.resident("张阿姨"), campaign, {"草莓": 1})
    unpaid(room, campaign, "老王")
    room.clock.advance(minutes=31)
    assert "没有待付款的订单" in room.say("li", "催付")
    assert notices(room, "reminder") == []


def test_only_the_leader_reminds_and_never_at_night(room: Room) -> None:
    campaign = led(room)
    unpaid(room, campaign, "老王")
    room.known("zhang", "张阿姨")
    assert "只有本团团长能催付" in room.say("zhang", "催付")
    assert "还不认识您" in room.say("stranger", "催付")
    room.clock.set(datetime(2026, 11, 26, 22, 30, tzinfo=SHANGHAI))
    assert notices(room, "reminder") == []


def test_at_night_neighbours_sleep(room: Room) -> None:
    room.clock.set(datetime(2026, 11, 26, 22, 30, tzinfo=SHANGHAI))
    unpaid(room, led(room), "老王")
    assert "不打扰邻居" in room.say("li", "催付")
    assert notices(room, "reminder") == []


def test_the_leader_alone_reads_who_has_not_paid(room: Room) -> None:
    unpaid(room, led(room), "张阿姨")
    assert "待付款 1 单：张\\*\\*" in room.say("li", "名单", group=False)
    assert "待付款" not in room.say("li", "名单")


def test_arrival_is_asked_back_and_then_everybody_is_told(room: Room) -> None:
    campaign = led(room)
    room.world.order(room.world.resident("张阿姨"), campaign, {"草莓": 2, "纸巾": 1})
    room.world.settle(campaign)
    assert room.say("li", "到货").startswith("「周五水果」东门：草莓×2、纸巾×1 都到齐了吗？")
    assert "没有改动" in room.say("li", "2")
    assert notices(room, "arrival") == []
    room.say("li", "到货了")
    assert room.say("li", "1") == "已登记到货：「周五水果」东门，草莓×2、纸巾×1。取货通知已发给邻居。"
    assert [title for title, _ in notices(room, "arrival")] == ["到货了，可以取货"]
    assert "没有等着到货的团" in room.say("li", "到货")


def test_with_two_points_it_is_asked_where(room: Room) -> None:
    campaign = led(room)
    for point in (0, 1):
        room.world.order(room.world.resident("张阿姨"), campaign, {"草莓": 1 + point}, point)
    room.world.settle(campaign)
    assert "1 「周五水果」东门\n2 「周五水果」西门" in room.say("li", "到货")
    assert "西门：草莓×2 都到齐了吗" in room.say("li", "2")
    assert "已登记到货：「周五水果」西门" in room.say("li", "1")
    assert "东门：草莓×1 都到齐了吗" in room.say("li", "到货")
    with room.unit.reading() as ctx:
        assert sorted(ctx.session.scalars(select(Delivery.state))) == ["arrived", "planned"]


def test_only_a_part_of_what_is_expected_is_counted_elsewhere(room: Room) -> None:
    campaign = led(room)
    room.world.order(room.world.resident("张阿姨"), campaign, {"草莓": 2, "纸巾": 1})
    room.world.settle(campaign)
    assert "这一批还有 纸巾" in room.say("li", "到货 草莓")
    assert "都到齐了吗" in room.say("li", "到货 草莓和纸巾")


def test_staff_take_in_what_is_on_its_way_in_their_own_chat_only(room: Room) -> None:
    campaign = room.world.campaign()
    room.world.order(room.world.resident("张阿姨"), campaign, {"草莓": 2})
    room.world.settle(campaign)
    room.bind(campaign, purpose="staff")
    room.name("zhou", room.world.staff("小周"))
    room.name("li", room.world.leader_as_resident)
    room.known("zhang", "张阿姨")
    assert "没有等着到货的团" in room.say("zhou", "到货")
    room.world.dispatch(campaign)
    assert "只有团长能登记到货" in room.say("zhang", "到货") and "只有团长" in room.say("zhou", "到货", group=False)
    assert "草莓×2 都到齐了吗" in room.say("zhou", "到货")
    assert "已登记到货" in room.say("zhou", "1")
    with room.unit.reading() as ctx:
        assert ctx.session.scalars(select(Order.state)).all() == ["ready"]


def test_staff_cannot_take_in_what_was_not_shipped(room: Room) -> None:
    campaign = room.world.campaign()
    room.world.order(room.world.resident("张阿姨"), campaign, {"草莓": 2})
    room.world.settle(campaign)
    with room.unit(room.world.leader) as ctx:
        from services.pickup import deliveries

        deliveries.dispatch(ctx, campaign)
    room.bind(campaign, purpose="staff")
    room.name("zhou", room.world.staff("小周"))
    assert "还没有登记发货" in room.say("zhou", "到货")


def test_own_codes_are_told_alone_and_in_a_group_only_where_to_ask(room: Room) -> None:
    campaign = led(room)
    order = room.world.order(room.known("zhang", "张阿姨"), campaign, {"草莓": 2})
    assert "没有等您取的货" in room.say("zhang", "取货码", group=False)
    room.world.bring(campaign)
    with room.unit.reading() as ctx:
        code = code_of(ctx, order).code
    alone, group = room.say("zhang", "取货码", group=False), room.say("zhang", "取货码")
    assert alone == f"周五水果：草莓×2，东门，取货码 {code[:4]} {code[4:]}"
    assert code[:4] not in group and "取货码不在群里发" in group
    assert "还不认识您" in room.say("stranger", "取货码", group=False)
