"""⑤ The leader dispatches and ships, staff count the arrival in, and everybody hears of it in some way."""

from __future__ import annotations

from datetime import timedelta

from demo.clock import until
from demo.http import Client, Json
from demo.story import Story
from demo.transcript import SHANGHAI, clock, flat, instant
from demo.words import said


def tell(story: Story) -> None:
    """From the pick list to the last notice."""
    story.transcript.chapter("⑤ 到货")
    story.go_to(story.clock.next_weekday(4, 9))
    story.sandbox.customer_say("张阿姨", "帮助")  # opens her 48 hours anew
    _pick(story)
    deliveries = [delivery for key in ("main", "bread") for delivery in _ship(story, key)]
    story.go_to(story.clock.next_weekday(4, 16))
    for name in story.desks:
        come_to_work(story, name)
    _count_in(story, deliveries)
    _who_heard(story)


def _pick(story: Story) -> None:
    picked = story.leader.get(f"/api/leader/campaigns/{story.campaigns['main']}/pick-list")
    words = [f"{point['point']} {_units(point['lines'])}" for point in picked["by_point"]]
    story.tell(f"团长配货单：{_units(picked['by_sku'])}；{'；'.join(words)}")


def _ship(story: Story, key: str) -> list[Json]:
    planned = story.leader.post(f"/api/leader/campaigns/{story.campaigns[key]}/dispatch")["deliveries"]
    shipped = []
    for delivery in planned:
        story.leader.post(f"/api/leader/deliveries/{delivery['id']}/pick")
        shipped.append(story.leader.post(f"/api/leader/deliveries/{delivery['id']}/ship"))
    words = [f"{delivery['point']} {said(delivery['state'])}" for delivery in shipped]
    story.tell(f"「{story.campaign(key)['title']}」发车：{'，'.join(words)}")
    return shipped


def come_to_work(story: Story, name: str) -> None:
    """A desk's session ends overnight; in the morning staff log their tablet in again."""
    body = {"point_id": story.points["南门驿站" if name == "小林" else "2号楼便利店"]["id"], "device": "柜台平板"}
    story.desks[name] = Client(story.product_url, story.person(name).app.post("/api/station/login", body)["token"])


def _count_in(story: Story, deliveries: list[Json]) -> None:
    staff_at = {desk.get("/api/station/me")["desk"]["point_id"]: name for name, desk in story.desks.items()}
    for delivery in deliveries:
        name = staff_at[delivery["point_id"]]
        counts = {line["offer_id"]: line["planned_units"] for line in delivery["lines"]}
        came = story.desks[name].post(f"/api/station/deliveries/{delivery['id']}/arrive", {"counts": counts})
        goods = "、".join(f"{line['name']}×{line['arrived_units']}" for line in came["lines"])
        story.tell(f"店员{name} 在{came['point']}点数：{goods} → {said(came['state'])}", instant(came["arrived_at"]))


def _who_heard(story: Story) -> None:
    wang = until("a subscribe message", lambda: story.sandbox.subscribe_messages("王先生"))[-1]
    lines = wang["lines"]
    shown = (
        "，".join(f"{name}：{value}" for name, value in lines.items()) if isinstance(lines, dict) else "；".join(lines)
    )
    story.tell(f"王先生 收到订阅消息「{wang['title']}」{shown}")
    aunt = until("a customer message", lambda: _with_code(story, "张阿姨"))
    story.transcript.more(f"张阿姨 收到客服消息：{flat(aunt['text'])}")
    zhao = story.person("赵奶奶")
    arrival = next(row for row in zhao.inbox() if row["kind"] == "arrival")
    story.transcript.more(f"赵奶奶 没有任何推送渠道，只在小程序里看到：{arrival['title']}。{arrival['body']}")
    missed = until("both who have the page alone", lambda: _unreached(story))
    story.transcript.more(f"运营的未触达名单：{'、'.join(sorted({row['name'] for row in missed}))}")
    story.clock.advance(timedelta(seconds=12))  # those called in the group within seconds are called together
    mention = until("a mention in the group", lambda: [x for x in story.rooms["main"].news() if "老陈" in x["text"]])
    story.transcript.chat(story.rooms["main"].name, mention[-1:])
    code = story.person("王先生").pickup(story.orders["王先生"])
    until_ = instant(code["pickup_deadline"]).astimezone(SHANGHAI)
    story.transcript.more(f"王先生 的取货码 {code['code'][:4]} {code['code'][4:]}，{code['point']}，{until_:%H:%M} 前；"
                          f"二维码 {len(code['qr'])} 字")  # fmt: skip


def _with_code(story: Story, name: str) -> Json | None:
    """The customer message that brings the pickup code."""
    came = [line for line in story.sandbox.customer_lines(name) if line["kind"] == "out" and "已到" in line["text"]]
    return came[-1] if came else None


def _unreached(story: Story) -> list[Json] | None:
    rows = story.operator.pages("/api/admin/unreached", campaign=story.campaigns["main"])
    missed = [row for row in rows if row["kind"] == "arrival"]
    return missed if len(missed) >= 2 else None


def _units(lines: list[Json]) -> str:
    return "、".join(f"{line['name']}×{line['units']}{line['unit']}" for line in lines)


def at(text: str) -> str:
    """The hour of an answer's time."""
    return clock(instant(text))[:5]
