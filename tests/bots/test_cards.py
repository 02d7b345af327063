"""The campaign card on WeCom: what it shows, what its buttons do, and that the platform would take it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bots.channels.card_shape import template_card
from bots.channels.texts import cut, cut_bytes
from bots.messages import Card, CardOffer
from domain.actors import SYSTEM
from models import Order, PriceTier
from sandbox.wecom.replies import check_reply
from tests.bots.room import Room
from tests.builders.clock import NOON
from tests.services.pickup.world import offer_named


def shown(update: dict[str, Any]) -> dict[str, Any]:
    """The card of an update the platform takes."""
    assert check_reply(update, "card") == "update_template_card"
    card: dict[str, Any] = update["template_card"]
    return card


def test_the_card_shows_title_price_count_and_buttons(room: Room) -> None:
    room.bind(room.world.campaign(prices={"草莓": 2990}))
    card = room.card("li")
    assert check_reply({"msgtype": "template_card", "template_card": card}, "message")
    assert card["main_title"] == {"title": "周五水果", "desc": "草莓 ¥29.90/份"}
    assert [button["text"] for button in card["button_list"]] == ["接龙", "看详情", "进度"]
    assert [option["id"] for option in card["button_selection"]["option_list"]] == ["1", "2", "3", "4", "5"]


def test_two_cards_never_share_a_task_id(room: Room) -> None:
    room.bind(room.world.campaign())
    assert room.card("li")["task_id"] != room.card("li")["task_id"]


def test_a_press_orders_the_chosen_quantity_and_everybody_sees_the_fresh_card(room: Room) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990})
    room.bind(campaign)
    who = room.known("zhang", "张阿姨")
    first = room.world.order(who, campaign, {"草莓": 1})
    with room.unit(who) as ctx:
        from services import cancelling

        cancelling.cancel(ctx, first)
    card = room.card("li")
    update = room.press("zhang", card, "join", 2)
    assert "userids" not in update and "张" not in str(update)
    assert shown(update)["task_id"] == card["task_id"]
    with room.unit.reading() as ctx:
        orders = ctx.session.scalars(select(Order).where(Order.state == "pending_payment")).all()
        assert [order.total_fen for order in orders] == [5980]
    again = room.press("zhang", card, "join", 2)
    assert again["userids"] == ["zhang"] and "已经接龙" in shown(again)["sub_title_text"]


def test_a_refused_press_is_told_to_the_presser_only(room: Room) -> None:
    room.bind(room.world.campaign(prices={"草莓": 2990}))
    update = room.press("stranger", room.card("li"), "join")
    assert update["userids"] == ["stranger"] and "绑定" in shown(update)["sub_title_text"]


def test_with_several_offers_the_press_tells_what_to_write(room: Room) -> None:
    room.bind(room.world.campaign())
    room.known("zhang", "张阿姨")
    update = room.press("zhang", room.card("li"), "join")
    assert "草莓1份 纸巾1份" in shown(update)["sub_title_text"]


def test_a_fresh_count_comes_with_each_press(room: Room) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    card = room.card("li")
    room.world.order(room.world.resident(), campaign, {"草莓": 1})
    assert shown(room.press("anybody", card, "progress"))["emphasis_content"]["title"] == "1 人"


def test_a_closed_campaigns_card_takes_no_orders(room: Room) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990})
    room.bind(campaign)
    card = room.card("li")
    room.world.settle(campaign)
    card = shown(room.press("zhang", card, "join"))
    assert [button["text"] for button in card["button_list"]] == ["看详情", "进度"]
    assert "button_selection" not in card


def test_the_longest_words_fit_the_platforms_fields() -> None:
    name = "特级红颜草莓" * 13
    offer = CardOffer(name, "¥90071992547409.93", "大礼盒装", 0, "还差 999999 份降到 ¥1000000.00")
    card = Card(
        "cmp_" + "0" * 26, 1, name, "12345678/12345678 人", "已达 ¥123456789.00，截团时确认", NOON, (name, name),
        (offer,) * 9, True, (1, 2, 3, 4, 5), "https://x.example/m", "https://x.example/o", name * 4,
    )  # fmt: skip
    for shown_card in (card, replace(card, note="")):
        assert check_reply({"msgtype": "template_card", "template_card": template_card(shown_card, "t-1")}, "message")


def test_the_card_and_progress_tell_how_far_the_lower_price_is(room: Room) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990})
    room.bind(campaign)
    with room.unit(SYSTEM) as ctx:
        offer = offer_named(ctx, campaign, "草莓")
        ctx.session.add_all(PriceTier(offer_id=offer.id, from_units=n, price_fen=p) for n, p in ((3, 2500), (5, 2000)))
    room.world.order(room.world.resident(), campaign, {"草莓": 2})
    card = room.card("li")
    assert card["sub_title_text"] == "草莓还差 1 份降到 ¥25.00。点「接龙」后到「我的订单」付款，付款后计入人数"
    assert card["main_title"]["desc"] == "草莓 ¥25.00/份", "one more unit would be the third"
    assert room.say("li", "进度").endswith("截团。草莓还差 1 份降到 ¥25.00。")
    assert "草莓 ¥25.00/份（还差 1 份降到 ¥25.00）" in room.say("li", "多少钱")
    room.world.order(room.world.resident(), campaign, {"草莓": 3})
    assert "草莓已达 5 份，截团时确认 ¥20.00" in room.say("li", "进度")
    room.world.settle(campaign)
    assert room.card("li")["sub_title_text"].startswith("草莓已降到 ¥20.00")
    assert "草莓已降到 ¥20.00" in room.say("li", "进度")


def test_an_unpaid_order_brings_no_lower_price_on_the_card(room: Room) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990})
    room.bind(campaign)
    with room.unit(SYSTEM) as ctx:
        ctx.session.add(PriceTier(offer_id=offer_named(ctx, campaign, "草莓").id, from_units=3, price_fen=2500))
    room.known("zhang", "张阿姨")
    room.press("zhang", room.card("zhang"), "join", 2)
    assert "还差 3 份降到 ¥25.00" in room.card("li")["sub_title_text"]


def test_cutting_never_tears_a_character() -> None:
    assert cut("大闸蟹礼盒", 3) == "大闸…"
    assert cut_bytes("大闸蟹礼盒", 10) == "大闸…"
    assert cut_bytes("大闸", 6) == "大闸"
