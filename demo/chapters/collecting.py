"""⑥ At the desk: by code, QR, roster number and chat; in part; never twice; undone with a reason; a lost phone."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from demo.chapters.arriving import at
from demo.clock import until
from demo.http import Client, Json
from demo.story import Story
from demo.words import said

STAFF_ROOM = "南门驿站店员群"


def tell(story: Story) -> None:
    """A queue of neighbours."""
    story.transcript.chapter("⑥ 提货")
    story.clock.advance(timedelta(minutes=20))
    _by_code_in_part(story)
    _rest_by_qr(story)
    _twice(story)
    _by_roster_and_undone(story)
    _in_the_staff_chat(story)
    _lost_phone(story)


def _by_code_in_part(story: Story) -> None:
    desk, code = story.desks["小林"], story.person("王先生").pickup(story.orders["王先生"])["code"]
    found = desk.post("/api/station/search", {"code": code})
    order = next(order for order in found["orders"] if order["state"] == "ready")
    crab = next(line for line in order["lines"] if line["name"] == "大闸蟹")
    body = {"orders": [order["id"]], "found_by": found["found_by"], "lines": [{"line": crab["id"], "units": 1}]}
    handed = desk.post("/api/station/redemptions", body)["redemptions"][0]
    story.tell(
        f"店员小林 输码 {code[:4]} {code[4:]} → {order['owner']}：{_waiting(order)}；先取一部分 {_handed(handed)}"
    )


def _rest_by_qr(story: Story) -> None:
    desk, page = story.desks["小林"], story.person("王先生").pickup(story.orders["王先生"])
    found = desk.post("/api/station/search", {"qr": page["qr"]})
    handed = hand_over(desk, found)
    story.tell(f"再扫二维码（{found['found_by']}）→ 余下 {_handed(handed)}，订单{said(handed['order_state'])}")


def _twice(story: Story) -> None:
    order = story.person("王先生").see(story.orders["王先生"])
    body = {"orders": [order["id"]], "found_by": "code"}
    problem = story.desks["小林"].refused(409, "POST", "/api/station/redemptions", body)
    facts = problem["facts"]
    story.tell(f"再核销一次 → {problem['status']} 已由{facts['by']}于 {at(facts['at'])} 交付")


def _by_roster_and_undone(story: Story) -> None:
    desk, zhao = story.desks["小何"], story.person("赵奶奶")
    proof = {"roster_number": story.orders["赵奶奶"]["roster_number"], "phone_tail": zhao.phone_tail}
    found = desk.post("/api/station/search", proof)
    handed = hand_over(desk, found)
    story.tell(f"店员小何 按接龙号 {proof['roster_number']} + 手机尾号 {proof['phone_tail']} → {handed['owner']} "
               f"{_handed(handed)} 交付")  # fmt: skip
    back = desk.post(f"/api/station/redemptions/{handed['id']}/undo", {"reason": "拿错了箱子"})
    story.tell(f"拿错了，撤销（{back['reason']}）→ {_handed(back)}，订单{said(back['order_state'])}")
    again = hand_over(desk, desk.post("/api/station/search", proof))
    story.tell(f"换对的箱子再交 → {again['owner']} {_handed(again)}，订单{said(again['order_state'])}")


def _in_the_staff_chat(story: Story) -> None:
    room = story.sandbox.open_room(STAFF_ROOM, ["小林"])
    code = story.leader.post(f"/api/leader/points/{story.points['南门驿站']['id']}/chat-codes")["code"]
    room.say("小林", f"绑定店员群 {code}")
    story.person("小林").bind_chat(room)
    pickup = story.person("老陈").pickup(story.orders["老陈"])["code"]
    story.transcript.chat(STAFF_ROOM, room.say("小林", f"核销 {pickup}"))
    story.transcript.chat(STAFF_ROOM, room.say("小林", f"核销 {pickup}"))


def _lost_phone(story: Story) -> None:
    point = story.points["南门驿站"]["id"]
    body = {"point_id": point, "device": "小林的手机"}
    phone = Client(story.product_url, story.person("小林").app.post("/api/station/login", body)["token"])
    waiting = list(phone.pages("/api/station/waiting"))
    device = until("the phone's name to pass its check", partial(_device, story, point, "小林的手机"))
    story.leader.delete(f"/api/leader/devices/{device['id']}")
    problem = phone.refused(401, "GET", "/api/station/waiting")
    still = list(story.desks["小林"].pages("/api/station/waiting"))
    story.tell(f"小林手机丢了（刚才还看得到 {len(waiting)} 个待取），李姐一键停掉 → 下一次请求就是 {problem['status']}"
               f"「{problem['detail']}」；柜台平板照常，{len(still)} 个待取")  # fmt: skip


def _device(story: Story, point: str, name: str) -> Json | None:
    staff = next(iter(story.leader.pages(f"/api/leader/points/{point}/staff")))
    return next((device for device in staff["devices"] if device["device"] == name), None)


def hand_over(desk: Client, found: Json) -> Json:
    """Give a person everything that waits of what the desk has found; the redemption."""
    here = [order["id"] for order in found["orders"] if order["state"] == "ready"]
    body = {"orders": here, "found_by": found["found_by"]}
    return dict(desk.post("/api/station/redemptions", body)["redemptions"][0])


def _waiting(order: Json) -> str:
    return "、".join(f"{line['name']}×{line['waiting']}" for line in order["lines"])


def _handed(redemption: Json) -> str:
    return "、".join(f"{item['name']}×{item['units']}" for item in redemption["items"])
