"""② Neighbours join by mini-program, by message and by card, and pay; every odd payment still counts once."""

from __future__ import annotations

import re
from datetime import timedelta

from demo.chapters.opening import hide
from demo.clock import until
from demo.http import Json
from demo.story import Story
from demo.transcript import clock, instant, yuan
from demo.words import said

CHATTERS = {"main": ("张阿姨", "老陈", "小刘"), "bread": ("何姐", "王先生")}


def tell(story: Story) -> None:
    """From the first login to a full card."""
    story.transcript.chapter("② 参团")
    _get_known(story)
    _by_mini_program(story)
    lost = _notice_lost(story)
    unpaid = _not_paying(story)
    _by_message(story)
    _by_card(story)
    _beside(story)
    _found(story, lost)
    _expired(story, unpaid)
    _counted(story)


def _get_known(story: Story) -> None:
    for key, names in CHATTERS.items():
        for name in names:
            said = story.person(name).bind_chat(story.rooms[key])
            if name == "张阿姨":
                code = said[0]["text"].split()[-1]
                story.transcript.chat(story.rooms[key].name, hide(said, code))
    for name in ("王先生", "张阿姨", "老陈", "赵奶奶", "周洋"):
        story.person(name).show_phone()
    story.sandbox.accept_messages("王先生", story.arrived_template)
    story.sandbox.customer_say("张阿姨", "你好，在吗")
    profile = story.person("张阿姨").app.get("/api/resident/me")
    story.tell(f"{len(story.people)} 人登录了小程序，{sum(map(len, CHATTERS.values()))} 人用一次性码绑定了群里的自己；"
               f"手机号只显示 {profile['phone']}")  # fmt: skip


def _by_mini_program(story: Story) -> None:
    page, south = story.campaign("main"), story.points["南门驿站"]
    wang, zhao = story.person("王先生"), story.person("赵奶奶")
    crab = next(offer for offer in page["offers"] if offer["name"] == "大闸蟹")
    body = {"campaign": page["id"], "point": south["id"], "lines": [{"offer": crab["id"], "units": 4}]}
    problem = wang.app.refused(409, "POST", "/api/resident/orders", body)
    story.tell(f"王先生 想要大闸蟹×4 → {problem['status']} {problem['detail']}")
    order = wang.order(page, south, {"大闸蟹": 2, "蓝莓": 1})
    story.tell(f"王先生 在小程序下单 {contents(order)}，待付 {yuan(order['total_fen'])}，名额保留到 {hold(order)}")
    pay(story, "王先生", order, "main")
    order = zhao.order(page, story.points["2号楼便利店"], {"大闸蟹": 1, "蓝莓": 2})
    pay(story, "赵奶奶", order, "main")


def _notice_lost(story: Story) -> Json:
    zhou = story.person("周洋")
    order = zhou.order(story.campaign("main"), story.points["南门驿站"], {"大闸蟹": 2, "红颜草莓": 1})
    receipt = zhou.pay(order, silent=True)
    story.orders["周洋"] = order
    story.tell(f"周洋 付了 {yuan(receipt['payer_fen'])}，付款通知却丢了：订单还是{said(zhou.see(order)['state'])}")
    return order


def _not_paying(story: Story) -> Json:
    before = free(story, "大闸蟹")
    order = story.person("孙阿姨").order(story.campaign("main"), story.points["南门驿站"], {"大闸蟹": 3})
    story.tell(f"孙阿姨 下单 {contents(order)} 没付款，占着名额：大闸蟹余量 {before} → {free(story, '大闸蟹')}")
    story.clock.advance(timedelta(minutes=2))
    return order


def _by_message(story: Story) -> None:
    room = story.rooms["main"]
    story.sandbox.turn(duplicate_notices=3)
    story.transcript.chat(room.name, _ask(story, "张阿姨", "草莓2盒 蓝莓1盒"))
    order = story.person("张阿姨").orders()[0]
    number = pay(story, "张阿姨", order, "main")
    notices = until("three notices", lambda: _told_thrice(story, number))
    booked = [row for row in story.payments().values() if row["order"] == order["id"] and row["counted"]]
    story.transcript.more(f"这一笔的付款通知到了 {notices} 次，入账 {len(booked)} 次")
    story.sandbox.turn(duplicate_notices=1)
    story.transcript.chat(room.name, room.say("老陈", "来两份"))
    story.transcript.chat(room.name, room.say("老陈", "几点到货啊"))
    story.transcript.chat(room.name, _ask(story, "老陈", "螃蟹2只"))
    pay(story, "老陈", story.person("老陈").orders()[0], "main")
    story.transcript.chat(room.name, _ask(story, "小刘", "草莓3盒"))
    pay(story, "小刘", story.person("小刘").orders()[0], "main")


def _told_thrice(story: Story, number: str) -> int | None:
    notices = int(story.payments()[number]["notices"])
    return notices if notices >= 3 else None


def _ask(story: Story, name: str, words: str) -> list[Json]:
    """Say what one wants and, when the robot asks where to fetch it, answer with the number of the south gate."""
    room = story.rooms["main"]
    lines = room.say(name, words)
    asked = re.search(r"(\d) 南门驿站", lines[-1]["text"])
    return lines + room.say(name, asked[1]) if asked else lines


def _by_card(story: Story) -> None:
    room = story.rooms["bread"]
    for name, words in (("小刘", "2份"), ("何姐", "+1")):
        story.transcript.chat(room.name, room.say(name, words))
        pay(story, name, story.person(name).orders()[0], "bread")
    card = [line for line in room.say("何姐", "发团") if line["card"]][-1]
    join = next(button for button in card["card"]["button_list"] if button["text"] == "接龙")
    changed = room.click("王先生", card, join["key"], {card["card"]["button_selection"]["question_key"]: "1"})
    story.transcript.more("王先生 点卡片上的「接龙」1 份，同一张卡片当场变成：")
    story.transcript.chat(room.name, changed[-1:])
    pay(story, "王先生", story.person("王先生").orders()[0], "bread")
    page = story.campaign("bread")
    story.transcript.more(
        f"「{page['title']}」余量 {page['offers'][0]['free']} → {said(page['state'])}（{said(page['close_reason'])}）"
    )


def _beside(story: Story) -> None:
    """The short campaigns: the first buyers of each."""
    south = story.points["南门驿站"]
    wishes = {"flowers": ("赵奶奶", "老陈"), "eggs": ("张阿姨", "何姐"), "dumplings": ("小刘",), "rice": ("王先生",)}
    for key, names in wishes.items():
        for name in names:
            page = story.campaign(key)
            order = story.person(name).order(page, south, {page["offers"][0]["name"]: 1})
            pay(story, name, order, key, quietly=True)
            story.orders[f"{key}:{name}"] = order
    pages = [story.campaign(key) for key in wishes]
    words = [f"「{page['title']}」{page['participant_count']} 人、{page['progress']['text']}" for page in pages]
    story.tell(f"别的小团：{'；'.join(words)}")


def _found(story: Story, order: Json) -> None:
    found = until("the poller to find a lost payment", lambda: _with_number(story, "周洋", order))
    row = next(row for row in story.payments().values() if row["order"] == order["id"])
    words = f"收到通知 {row['notices']} 次，订单{said(found['state'])}，接龙号 {found['roster_number']}"
    story.tell(f"周洋 的付款被查单找到：{words}")


def _expired(story: Story, order: Json) -> None:
    before = free(story, "大闸蟹")
    story.go_to(instant(order["hold_until"]))
    gone = until("an unpaid order to expire", lambda: _in_state(story, "孙阿姨", order, "expired"))
    story.tell(f"孙阿姨 没付款，订单{said(gone['state'])}：大闸蟹余量 {before} → {free(story, '大闸蟹')}")


def _counted(story: Story) -> None:
    room = story.rooms["main"]
    story.transcript.chat(room.name, room.news()[-2:])
    card = [line for line in room.say("张阿姨", "发团") if line["card"]][-1:]
    story.transcript.chat(room.name, card)
    roster = list(story.product.pages(f"/api/resident/campaigns/{story.campaigns['main']}/roster"))
    words = "；".join(f"{entry['roster_number']} {entry['name']} {items(entry['items'])}" for entry in roster)
    story.tell(f"接龙：{words}")


def pay(story: Story, name: str, order: Json, key: str, *, quietly: bool = False) -> str:
    """Pay, and wait until the product has counted it; the payment's number."""
    person = story.person(name)
    receipt = person.pay(order)
    paid = until(f"{name}'s payment to count", lambda: _with_number(story, name, order))
    story.orders.setdefault(name, paid)
    if not quietly:
        progress = story.campaign(key)
        least = f"/{progress['progress']['minimum']}" if progress["progress"]["minimum"] else ""
        story.tell(f"{name} 付款 {yuan(receipt['payer_fen'])} → 接龙号 {paid['roster_number']} · "
                   f"已团 {progress['participant_count']}{least} 人")  # fmt: skip
    return str(receipt["out_trade_no"])


def _with_number(story: Story, name: str, order: Json) -> Json | None:
    seen = story.person(name).see(order)
    return seen if seen["roster_number"] else None


def _in_state(story: Story, name: str, order: Json, state: str) -> Json | None:
    seen = story.person(name).see(order)
    return seen if seen["state"] == state else None


def free(story: Story, name: str) -> int:
    """Units of an offer of the main campaign that nobody holds."""
    return int(next(offer["free"] for offer in story.campaign("main")["offers"] if offer["name"] == name))


def contents(order: Json) -> str:
    """`大闸蟹×2、蓝莓×1`."""
    return "、".join(f"{line['offer_name']}×{line['ordered_units']}" for line in order["lines"])


def items(rows: list[Json]) -> str:
    """The same, of a list of items."""
    return "、".join(f"{row['name']}×{row['units']}" for row in rows)


def hold(order: Json) -> str:
    """Until when the order keeps its stock, `10:33`."""
    return clock(instant(order["hold_until"]))[:5]
