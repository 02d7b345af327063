"""③ A real neighbours' group, without any robot: cards that people share, talks one to one, and a pasted list."""

from __future__ import annotations

from datetime import timedelta

from demo import shop
from demo.chapters.closing import settled
from demo.chapters.collecting import hand_over
from demo.chapters.joining import contents, pay
from demo.clock import until
from demo.groups import Group
from demo.http import Json
from demo.story import LEADER, Story
from demo.transcript import yuan
from demo.words import said

KEY, GROUP, POINT, GOODS = "neighbours", "7号楼邻居群", "南门驿站", "砂糖橘"
SHARER, READER, TALKER = "冯姐", "许大爷", "方方"
LIST = f"#接龙\n当天{GOODS}\n1. {READER} 1袋\n2. {TALKER} 3袋\n3. {SHARER} 2袋\n4. 唐姐 1袋"
RESTED = timedelta(seconds=4)
SERVICE = "客服一对一"


def tell(story: Story) -> None:
    """From the first shared card to the code at the desk."""
    story.transcript.chapter("③ 邻居群")
    _open(story)
    group = Group(story.sandbox, GROUP)
    counted, named = _share(story, group)
    _by_card(story, group, counted)
    _by_word(story, group, counted, named)
    _paste(story)
    _complete(story, group, counted, named)
    _bring(story)


def _open(story: Story) -> None:
    merchant = next(story.leader.pages("/api/leader/merchants"))
    sku = {"spec": "1 千克", "unit": "袋", "supply_price_fen": 900}
    _, sku_id = shop.add_product(story.leader, merchant, GOODS, "fruit", sku, (240, 140, 30), fresh=True)
    offers = [shop.offer(sku_id, GOODS, 1580, quota=20, per_person=5)]
    closes_at = story.clock.now() + timedelta(hours=6)
    draft = shop.terms(f"当天{GOODS}", [story.points[POINT]], offers, closes_at, minimum=3, close_on_target=True)
    story.campaigns[KEY] = story.leader.post("/api/leader/campaigns", draft)["campaign"]["id"]
    story.leader.post(f"/api/leader/campaigns/{story.campaigns[KEY]}/open")


def _share(story: Story, group: Group) -> tuple[int, int]:
    """The card that counts and the card that names, both posted by a person's tap."""
    words = f"微信群「{GROUP}」里没有机器人：{SHARER} 用手机把「{story.campaign(KEY)['title']}」的卡片转到群里"
    story.tell(words)
    counted = group.share(story.person(SHARER), story.campaigns[KEY], "updatable")
    named = group.share(story.person(LEADER), story.campaigns[KEY], "chat_tool")
    for card in (counted, named):
        _show(story, group, card)
    return counted, named


def _by_card(story: Story, group: Group, counted: int) -> None:
    person = story.person(READER)
    campaign = group.open(person, counted)
    group.remind(person, counted)
    order = _order(story, READER, campaign, 1)
    story.tell(f"{READER} 在群里点开卡片，点了「提醒我」，下单 {contents(order)}，待付 {yuan(order['total_fen'])}")
    pay(story, READER, order, KEY)
    _moved(story, group, counted, "当前 1/3 人")


def _by_word(story: Story, group: Group, counted: int, named: int) -> None:
    """Somebody who joined by the other card goes on in words, alone with customer service."""
    person = story.person(TALKER)
    first = _order(story, TALKER, group.open(person, named), 1)
    story.tell(f"{TALKER} 点开的是{LEADER}那张，下单 {contents(first)}")
    pay(story, TALKER, first, KEY)
    _moved(story, group, counted, "当前 2/3 人")
    mark = f"{TALKER} 已参与"
    grey = until("the card that names", lambda: [text for text in group.grey() if mark in text])
    story.transcript.more(f"[{GROUP}] （灰字）{grey[-1]}")
    _talk(story, TALKER, f"{GOODS}再加2袋")
    pay(story, TALKER, person.orders()[0], KEY)
    _talk(story, TALKER, "我的")


def _paste(story: Story) -> None:
    story.tell(f"有人还在群里接龙：{LEADER} 把那段接龙复制给客服，看预览，再确认")
    _talk(story, LEADER, LIST)
    _talk(story, LEADER, "1")


def _complete(story: Story, group: Group, counted: int, named: int) -> None:
    order = _order(story, SHARER, group.open(story.person(SHARER), counted), 2)
    pay(story, SHARER, order, KEY)
    page = until("the shared campaign to settle", lambda: settled(story, KEY))
    story.tell(f"「{page['title']}」{said(page['close_reason'])}即截 → {said(page['state'])}，"
               f"{page['participant_count']} 人")  # fmt: skip
    for card, words in ((counted, "已到齐"), (named, "已结束")):
        _moved(story, group, card, words)
    ended = until("the line of the ended card", lambda: [text for text in group.grey() if "已结束" in text])
    (reminded,) = set(group.grey(READER)) - set(group.grey())
    story.transcript.more(f"[{GROUP}] （灰字）{ended[-1]}；（只有{READER}看得到）{reminded}")
    calls = group.calls(counted), group.calls(named)
    story.transcript.more(f"两张卡片都是人发的，我方服务器只改了它们 {calls[0]} 次和 {calls[1]} 次")


def _bring(story: Story) -> None:
    base = f"/api/leader/campaigns/{story.campaigns[KEY]}"
    (delivery,) = story.leader.post(f"{base}/dispatch")["deliveries"]
    for step in ("pick", "ship"):
        story.leader.post(f"/api/leader/deliveries/{delivery['id']}/{step}")
    desk = story.desks["小林"]
    counts = {line["offer_id"]: line["planned_units"] for line in delivery["lines"]}
    came = desk.post(f"/api/station/deliveries/{delivery['id']}/arrive", {"counts": counts})
    story.tell(f"当天就到了 {came['point']}：{GOODS}×{came['lines'][0]['arrived_units']}")
    _talk(story, TALKER, "取货码", f"当天{GOODS}：")
    for name in (READER, TALKER, SHARER):
        for order in story.person(name).orders():
            code = story.person(name).pickup(order)["code"]
            if code:
                hand_over(desk, desk.post("/api/station/search", {"code": code}))
    states = {said(order["state"]) for name in (READER, TALKER, SHARER) for order in story.person(name).orders()}
    story.tell(f"三家凭码取走，订单{'、'.join(sorted(states))}")


def _order(story: Story, name: str, campaign_id: str, units: int) -> Json:
    """Order what the opened card leads to."""
    page = story.product.get(f"/api/resident/campaigns/{campaign_id}")
    return story.person(name).order(page, story.points[POINT], {GOODS: units})


def _moved(story: Story, group: Group, card: int, words: str) -> None:
    """A count rests for seconds before a card is told; then the group sees it, in the same card."""
    story.clock.advance(RESTED)
    until(f"the card to say {words}", lambda: words in group.words(card))
    _show(story, group, card)


def _show(story: Story, group: Group, card: int) -> None:
    line = next(line for line in group.lines() if line.get("card", {}).get("card") == card)
    shown = line["card"]
    text = f"[小程序] {shown['title']} · {shown['words']}"
    story.transcript.chat(GROUP, [{"from": shown["sharer"], "text": text}])


def _talk(story: Story, name: str, words: str, begins: str = "") -> None:
    """Write to customer service and wait for its answer; `begins` tells it from notices that come between."""
    story.sandbox.customer_say(name, words)
    answers = until(f"an answer to {name}", lambda: _answers(story, name, begins))
    story.transcript.chat(SERVICE, [{"from": name, "text": words}, *answers])


def _answers(story: Story, name: str, begins: str) -> list[Json]:
    """What was said to the person after their own last words."""
    rows = story.sandbox.customer_lines(name)
    asked = max(row["id"] for row in rows if row["kind"] == "in")
    heard = [row["text"] for row in rows if row["kind"] == "out" and row["id"] > asked]
    return [{"from": "小邻", "text": text} for text in heard if text.startswith(begins)]
