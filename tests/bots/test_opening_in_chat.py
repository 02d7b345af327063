"""开团 by speaking: a draft, its preview, and one word; what is missing is asked back one thing at a time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models import Campaign, CampaignPoint, ChatCampaign, Offer, OutboxMessage, Product, Sku
from tests.bots.room import Room
from tests.services.pickup.world import one


def leader(room: Room) -> None:
    """The leader speaks here as `li`."""
    room.name("li", room.world.leader_as_resident)


def campaigns(room: Room) -> list[Campaign]:
    """All campaigns, oldest first."""
    with room.unit.reading() as ctx:
        return list(ctx.session.scalars(select(Campaign).order_by(Campaign.id)))


def sold(room: Room) -> list[tuple[str, int, int | None, int | None, int]]:
    """Name, price, quota, limit and commission of every offer."""
    with room.unit.reading() as ctx:
        rows = ctx.session.scalars(select(Offer).order_by(Offer.id))
        return [(row.name, row.price_fen, row.quota, row.per_person, row.commission_bps) for row in rows]


def test_one_line_becomes_a_draft_and_one_word_opens_it(room: Room) -> None:
    leader(room)
    shown = room.say("li", "开团 草莓 29.9 明天20:00截 满10份成团", group=False)
    assert "草稿「草莓」" in shown and "草莓 ¥29.90/份" in shown and "满 10 份成团，不成团全额退款" in shown
    assert "自提 东门、西门" in shown and "回复 1 开团" in shown
    (draft,) = campaigns(room)
    assert (draft.state, draft.minimum, draft.minimum_kind, draft.seller) == ("draft", 10, "units", "王团长")
    assert "开团了" in room.say("li", "1", group=False)
    assert [row.state for row in campaigns(room)] == ["open"]
    assert sold(room) == [("草莓", 2990, None, None, 0)]


def test_the_draft_stays_when_it_is_not_opened(room: Room) -> None:
    leader(room)
    room.say("li", "开团 草莓 29.9 明天20:00截", group=False)
    assert "草稿在小程序团长端" in room.say("li", "2", group=False)
    assert [row.state for row in campaigns(room)] == ["draft"]


def test_in_the_leaders_own_group_the_card_comes_at_once(room: Room) -> None:
    room.bind(room.world.campaign(title="上周的团", rate_bps=800))
    leader(room)
    assert "佣金" not in room.say("li", "开团 草莓 29.9 明天20:00截")
    answer = room.call(room.message("li", "1"))
    assert answer is not None and answer["template_card"]["main_title"]["title"] == "草莓"
    with room.unit.reading() as ctx:
        shown = ctx.session.scalars(select(ChatCampaign.campaign_id)).all()
        told = ctx.session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == "chat_outcome")).all()
    assert len(shown) == 2 and [row["what"] for row in told] == ["opened"]


def test_the_commission_is_shown_to_the_leader_alone(room: Room) -> None:
    room.bind(room.world.campaign(title="上周的团", rate_bps=800))
    leader(room)
    assert "佣金 8%，微信支付" in room.say("li", "开团 草莓 29.9 明天20:00截", group=False)


def draft_card(room: Room) -> dict[str, Any]:
    """The card that comes with a draft's preview."""
    answer = room.call(room.message("li", "开团 草莓 29.9 明天20:00截"))
    assert answer is not None and "回复 1 开团" in answer["stream"]["content"]
    shown: dict[str, Any] = answer["template_card"]
    return shown


def test_the_drafts_one_button_opens_it_and_the_card_takes_orders_from_then_on(room: Room) -> None:
    room.bind(room.world.campaign(title="上周的团"))
    leader(room)
    card = draft_card(room)
    assert [button["text"] for button in card["button_list"]] == ["开团"]
    assert card["emphasis_content"]["desc"] == "草稿"
    opened = room.press("li", card, "open")["template_card"]
    assert [button["text"] for button in opened["button_list"]] == ["接龙", "看详情", "进度"]
    assert [row.state for row in campaigns(room)] == ["open", "open"]
    again = room.press("li", card, "open")
    assert again["userids"] == ["li"] and "当前状态下不能" in again["template_card"]["sub_title_text"]


def test_nobody_elses_press_opens_a_draft(room: Room) -> None:
    leader(room)
    card = draft_card(room)
    room.known("zhang", "张阿姨")
    for userid in ("zhang", "stranger"):
        with pytest.raises(AssertionError):  # an empty answer
            room.press(userid, card, "open")
    assert [row.state for row in campaigns(room)] == ["draft"]


def test_opened_alone_it_is_brought_into_the_leaders_group_on_request(room: Room) -> None:
    old = room.world.campaign(title="上周的团")
    room.bind(old)
    leader(room)
    room.world.settle(old)
    with room.unit(room.world.leader) as ctx:
        one(ctx, Campaign, old).state = "completed"
    room.say("li", "开团 草莓 29.9 明天20:00截", group=False)
    assert "@我 说「发团」" in room.say("li", "1", group=False)
    room.known("zhang", "张阿姨")
    assert "没有正在进行的团" in room.say("zhang", "发团")
    assert room.card("li")["main_title"]["title"] == "草莓"
    assert room.card("zhang")["main_title"]["title"] == "草莓"


def test_what_is_missing_is_asked_one_thing_at_a_time(room: Room) -> None:
    leader(room)
    assert "开团卖什么" in room.say("li", "开团", group=False)
    assert "「草莓」多少钱" in room.say("li", "草莓", group=False)
    assert "没看懂。「草莓」多少钱" in room.say("li", "便宜点", group=False)
    assert "几时截团" in room.say("li", "29块9", group=False)
    assert "截团时间不行：这个时间已经过了" in room.say("li", "今天早上8点", group=False)
    assert "草莓 ¥29.90/份" in room.say("li", "明晚8点半", group=False)
    assert "开团了" in room.say("li", "开团", group=False)


def test_nothing_is_opened_when_the_leader_thinks_better_of_it(room: Room) -> None:
    leader(room)
    room.say("li", "开团 草莓", group=False)
    assert "不开了" in room.say("li", "算了", group=False)
    assert "多少钱" not in room.say("li", "29.9", group=False)
    assert campaigns(room) == []


def test_a_command_instead_of_an_answer_is_a_command(room: Room) -> None:
    leader(room)
    room.say("li", "开团 草莓", group=False)
    assert "我能做这些" in room.say("li", "帮助", group=False)


def test_new_goods_are_made_from_a_supply_price_and_a_word_on_freshness(room: Room) -> None:
    leader(room)
    assert "「大闸蟹」没按只卖过，每只供货价多少" in room.say(
        "li", "开团 大闸蟹 58/只 明天20:00截 限购5只 共100只", group=False
    )
    assert "「大闸蟹」是生鲜吗" in room.say("li", "45", group=False)
    assert "大闸蟹 ¥58.00/只，每人限 5，共 100" in room.say("li", "1", group=False)
    with room.unit.reading() as ctx:
        product = ctx.session.scalars(select(Product).where(Product.name == "大闸蟹")).one()
        sku = ctx.session.scalars(select(Sku).where(Sku.product_id == product.id)).one()
        assert (product.fresh, product.category, sku.unit, sku.supply_price_fen) == (True, "other", "只", 4500)
    assert sold(room) == [("大闸蟹", 5800, 100, 5, 0)]


def test_several_goods_and_a_point_on_lines_of_their_own(room: Room) -> None:
    leader(room)
    shown = room.say("li", "开团 周末水果\n草莓 29.9 限购3\n纸巾 10.01\n明天20点半截 满5人成团 东门自提", group=False)
    assert "草稿「周末水果」" in shown and "自提 东门\n" in shown and "满 5 人成团" in shown
    with room.unit.reading() as ctx:
        assert ctx.session.scalars(select(CampaignPoint.point_id)).all() == [room.world.points[0]]
    assert [row[:2] for row in sold(room)] == [("草莓", 2990), ("纸巾", 1001)]


def test_an_unknown_point_is_asked_back(room: Room) -> None:
    leader(room)
    assert "1 东门\n2 西门" in room.say("li", "开团 草莓 29.9 明天20:00截 南门自提", group=False)
    assert "自提 西门\n" in room.say("li", "2", group=False)


@pytest.mark.parametrize(("said", "why"), [
    ("开团 茅台白酒 999 明天20:00截", "不能开团"), ("开团 草莓 29.9 满100减10 明天20:00截", "满减请在小程序"),
    ("开团 团\n草莓 29.9\n草莓 19.9\n明天20:00截", "两样同名"),
    ("开团 团\n" + "\n".join(f"果{chr(0x4E00 + at)} 9.9" for at in range(25)), "最多 20 样"),
])  # fmt: skip
def test_what_cannot_be_opened_here_is_refused_in_words(room: Room, said: str, why: str) -> None:
    leader(room)
    assert why in room.say("li", said, group=False)
    assert campaigns(room) == []


def test_only_a_leader_opens(room: Room) -> None:
    room.known("zhang", "张阿姨")
    assert "只有团长能开团" in room.say("zhang", "开团 草莓 29.9 明天20:00截", group=False)
    assert "还不认识您" in room.say("stranger", "开团 草莓 29.9 明天20:00截")
    assert campaigns(room) == []


def test_a_draft_whose_time_ran_out_is_not_opened(room: Room) -> None:
    leader(room)
    room.say("li", "开团 草莓 29.9 12:02截", group=False)
    room.clock.advance(minutes=3)
    assert "内容有误" in room.say("li", "1", group=False)
    assert [row.state for row in campaigns(room)] == ["draft"]


def test_neighbours_talk_in_the_group_while_the_leader_is_asked(room: Room) -> None:
    room.bind(room.world.campaign(prices={"草莓": 2990}))
    leader(room)
    room.say("li", "开团 纸巾")
    room.known("zhang", "张阿姨")
    assert "在哪里自提" in room.say("zhang", "草莓2份")
    assert "多少钱" not in room.say("li", "大家好")
    assert "几时截团" in room.say("li", "9.9")
