"""Ordering, changing and taking back by message: said, sealed, opened, done, answered."""

from __future__ import annotations

from sqlalchemy import select

from domain.actors import SYSTEM, Actor
from domain.ids import new_id
from models import Campaign, HelpSell, Order
from services import ordering
from services.finding import by_public_id
from services.ordering import PlaceOrder
from tests.bots.room import Room
from tests.builders import people
from tests.services.pickup.world import lines_of, offer_named

BOTH = {"草莓": 2990, "纸巾": 1001}


def orders(room: Room, state: str = "") -> list[Order]:
    """All orders, or those in a state."""
    with room.unit.reading() as ctx:
        found = select(Order).order_by(Order.id)
        return list(ctx.session.scalars(found.where(Order.state == state) if state else found))


def open_room(room: Room, **prices: int) -> str:
    """A campaign shown in the room."""
    campaign = room.world.campaign(prices=prices or BOTH)
    room.bind(campaign)
    return campaign


def at_east_gate(room: Room, campaign: str, who: Actor) -> None:
    """Let the person have an order at the first point, so that it is their usual one."""
    room.world.order(who, campaign, {"纸巾": 1})


def test_a_neighbour_orders_and_is_shown_the_sum_and_where_to_pay(room: Room) -> None:
    open_room(room)
    room.known("zhang", "张阿姨")
    assert "在哪里自提" in room.say("zhang", "草莓两盒纸巾一份")
    answer = room.say("zhang", "1")
    (order,) = orders(room, "pending_payment")
    assert answer == (
        f"张\\*\\* 草莓×2、纸巾×1，¥69.81，[点这里付款](https://lintuan.example/m/orders/{order.public_id})"
        "（12:30 前有效），自提 东门。"
    )
    assert order.channel == "chat"


def test_a_stranger_hears_how_to_become_known(room: Room) -> None:
    open_room(room)
    assert "绑定 482913" in room.say("nobody", "草莓2盒")
    assert orders(room) == []


def test_who_orders_again_is_not_asked_for_the_point_again(room: Room) -> None:
    campaign = open_room(room)
    who = room.known("zhang", "张阿姨")
    at_east_gate(room, campaign, who)
    assert "草莓×2" in room.say("zhang", "草莓2盒")


def test_the_same_words_twice_are_one_unpaid_order(room: Room) -> None:
    open_room(room)
    room.known("zhang", "张阿姨")
    room.say("zhang", "草莓2盒")
    room.say("zhang", "2")
    assert "已经登记过了" in room.say("zhang", "草莓2盒")
    assert len(orders(room)) == 1


def test_an_unpaid_order_is_changed_by_a_new_one(room: Room) -> None:
    open_room(room)
    room.known("zhang", "张阿姨")
    room.say("zhang", "草莓2盒")
    room.say("zhang", "2")
    assert "草莓×3，¥89.70" in room.say("zhang", "草莓改成3盒")
    assert [order.state for order in orders(room)] == ["cancelled", "pending_payment"]


def test_a_changed_order_keeps_what_was_not_said_anew(room: Room) -> None:
    campaign = open_room(room)
    who = room.known("zhang", "张阿姨")
    with room.unit(SYSTEM) as ctx:
        helper = people.leader(ctx, people.resident(ctx, "帮卖团长"))
        shown = by_public_id(ctx, Campaign, campaign)
        via = HelpSell(public_id=new_id("HelpSell", ctx.now), campaign_id=shown.id, leader_id=helper.id,
                       share_bps=5000, created_at=ctx.now, state="active")  # fmt: skip
        ctx.session.add(via)
        ctx.session.flush()
        through = via.public_id
    with room.unit(who) as ctx:
        lines = ((offer_named(ctx, campaign, "草莓").public_id, 2),)
        ordering.place(ctx, PlaceOrder(campaign, room.world.point_ids[0], lines, note="放门口", via=through))
    assert "草莓×3" in room.say("zhang", "草莓改成3盒")
    (changed,) = orders(room, "pending_payment")
    assert (changed.note, changed.help_sell_id) == ("放门口", 1)


def test_an_order_for_a_neighbour_stands_beside_ones_own_and_bears_the_neighbours_name(room: Room) -> None:
    open_room(room, 草莓=2990)
    room.known("zhang", "张阿姨")
    room.say("zhang", "1份")
    room.say("zhang", "1")
    assert "草莓×2（替李四），¥59.80" in room.say("zhang", "替李四接2份")
    assert [(order.recipient, order.state) for order in orders(room)] == [
        ("", "pending_payment"), ("李四", "pending_payment"),
    ]  # fmt: skip
    assert "草莓×3（替李四）" in room.say("zhang", "帮李四改成3份")
    assert [order.total_fen for order in orders(room, "pending_payment")] == [2990, 8970]


def test_a_bare_plus_one_on_top_of_an_order_is_asked_back(room: Room) -> None:
    campaign = open_room(room, 草莓=2990)
    who = room.known("zhang", "张阿姨")
    room.world.order(who, campaign, {"草莓": 1})
    assert "要再加一份，还是重复了" in room.say("zhang", "+1")
    assert len(orders(room)) == 1
    assert "没有改动" in room.say("zhang", "2")
    room.say("zhang", "+1")
    assert "点这里付款" in room.say("zhang", "1")
    assert len(orders(room)) == 2


def test_more_than_was_paid_is_a_new_order_and_asked_first(room: Room) -> None:
    campaign = open_room(room, 草莓=2990)
    who = room.known("zhang", "张阿姨")
    room.world.order(who, campaign, {"草莓": 1})
    assert "多出的 2 份是新的一单" in room.say("zhang", "改成3份")
    assert "草莓×2，¥59.80" in room.say("zhang", "好")


def test_a_paid_order_is_cancelled_only_after_asking_back(room: Room) -> None:
    campaign = open_room(room, 草莓=2990)
    who = room.known("zhang", "张阿姨")
    room.world.order(who, campaign, {"草莓": 2})
    assert "要退掉 草莓×2 吗" in room.say("zhang", "取消")
    assert orders(room, "paid")
    assert "已取消 草莓×2。¥59.80 将原路退回" in room.say("zhang", "1")
    assert not orders(room, "paid")


def test_only_one_line_of_a_paid_order_goes_back(room: Room) -> None:
    campaign = open_room(room)
    who = room.known("zhang", "张阿姨")
    order = room.world.order(who, campaign, {"草莓": 2, "纸巾": 1})
    assert "要退掉 纸巾×1 吗" in room.say("zhang", "纸巾不要了")
    assert "¥10.01 将原路退回" in room.say("zhang", "确认")
    with room.unit.reading() as ctx:
        left = {name: line.refunded_units for name, line in lines_of(ctx, order).items()}
    assert left == {"草莓": 0, "纸巾": 1}


def test_units_of_a_paid_order_go_back_and_the_others_stay(room: Room) -> None:
    campaign = open_room(room, 草莓=2990)
    who = room.known("zhang", "张阿姨")
    first = room.world.order(who, campaign, {"草莓": 2})
    second = room.world.order(who, campaign, {"草莓": 1})
    assert "要退掉 草莓×1；草莓×1 吗" in room.say("zhang", "退2份")
    assert "¥59.80 将原路退回" in room.say("zhang", "1")
    with room.unit.reading() as ctx:
        assert [lines_of(ctx, order)["草莓"].refunded_units for order in (first, second)] == [1, 1]
    assert "要退掉 草莓×1 吗" in room.say("zhang", "退9份")


def test_an_unpaid_order_is_cancelled_at_once(room: Room) -> None:
    open_room(room, 草莓=2990)
    room.known("zhang", "张阿姨")
    room.say("zhang", "2份")
    room.say("zhang", "1")
    assert "不用退款" in room.say("zhang", "取消")
    assert [order.state for order in orders(room)] == ["cancelled"]


def test_the_same_order_on_another_channel_is_asked_back(room: Room) -> None:
    campaign = open_room(room, 草莓=2990)
    who = room.known("zhang", "张阿姨")
    with room.unit(who) as ctx:
        from services import ordering

        offer = lines_offer(room, campaign)
        ordering.place(ctx, ordering.PlaceOrder(campaign, room.world.point_ids[0], ((offer, 2),), recipient="老王"))
    assert "再来一份" in room.say("zhang", "2份")
    assert len(orders(room)) == 1
    assert "点这里付款" in room.say("zhang", "1")


def lines_offer(room: Room, campaign: str) -> str:
    """The public id of the strawberries."""
    from tests.services.pickup.world import offer_named

    with room.unit.reading() as ctx:
        return offer_named(ctx, campaign, "草莓").public_id


def test_what_is_sold_out_leaves_nothing_behind(room: Room) -> None:
    from sqlalchemy import update

    from models import Offer

    campaign = open_room(room)
    room.known("zhang", "张阿姨")
    with room.unit(room.world.leader) as ctx:
        ctx.session.execute(update(Offer).where(Offer.name == "纸巾").values(quota=1))
    room.say("zhang", "草莓1盒纸巾2份")
    assert "纸巾：余量不足，还剩 1 份" in room.say("zhang", "1")
    with room.unit.reading() as ctx:
        assert set(ctx.session.scalars(select(Offer.held_units))) == {0}
    assert orders(room) == []
    assert campaign


def test_questions_are_answered_and_never_orders(room: Room) -> None:
    open_room(room)
    room.known("chen", "老陈")
    assert "东门 / 西门自提" in room.say("chen", "几点到货啊")
    assert "草莓 ¥29.90/份" in room.say("chen", "草莓多少钱")
    assert "截团" in room.say("chen", "还能接吗")
    assert "照片" in room.say("chen", "坏了2个")
    assert "帮助" in room.say("chen", "今天天气不错")
    assert orders(room) == []


def test_with_two_campaigns_the_bot_asks_which_and_remembers_what_for(room: Room) -> None:
    open_room(room, 草莓=2990)
    room.bind(room.world.campaign(prices={"纸巾": 1001}, title="周日纸巾"))
    room.known("zhang", "张阿姨")
    assert "1 周日纸巾\n2 周五水果" in room.say("zhang", "2份")
    assert "在哪里自提" in room.say("zhang", "2")
    assert "草莓×2" in room.say("zhang", "1")


def test_a_name_that_only_one_campaign_knows_needs_no_question(room: Room) -> None:
    open_room(room, 草莓=2990)
    room.bind(room.world.campaign(prices={"纸巾": 1001}, title="周日纸巾"))
    room.known("zhang", "张阿姨")
    assert "在哪里自提" in room.say("zhang", "草莓2盒")
    assert "草莓×2" in room.say("zhang", "2")


def test_a_question_is_forgotten_after_some_minutes(room: Room) -> None:
    open_room(room, 草莓=2990)
    room.known("zhang", "张阿姨")
    assert "在哪里自提" in room.say("zhang", "5份")
    room.clock.advance(minutes=6)
    assert "已经过时了" in room.say("zhang", "1"), "its answer is no order"
    assert "在哪里自提" in room.say("zhang", "1份")
    assert "草莓×1" in room.say("zhang", "1")
