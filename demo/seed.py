"""Demo data for `make run`: seeded once over HTTP, and the welcome that is printed at every start."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from pathlib import Path

from demo import shop
from demo.clock import until
from demo.groups import Group
from demo.http import Json
from demo.people import Person
from demo.sandbox import Room, Sandbox
from demo.story import LEADER, Story
from demo.transcript import SHANGHAI, Transcript

NEIGHBOURS = ("王先生", "张阿姨", "老陈", "赵奶奶")
STAFF = ("小林", "小何")
SEEDED = "seeded.json"
ROOM, LIVE_ROOM, STAFF_ROOM = "3号楼团购群", "5号楼邻居群", "南门驿站店员群"
GROUP, SHARER = "7号楼邻居群", "张阿姨"
PRODUCTS = (
    ("大闸蟹", "seafood", {"spec": "公 4 两", "unit": "只", "supply_price_fen": 4200}, (196, 92, 40), 5800),
    ("红颜草莓", "fruit", {"spec": "500 克", "unit": "盒", "supply_price_fen": 1900}, (214, 40, 57), 2990),
)


def welcome(folder: Path, product_url: str, sandbox_url: str, operator: str, password: str) -> str:
    """Seed at the first start, then say where everything is and who may log in."""
    done = folder / SEEDED
    who = {"name": operator, "password": password}
    story = Story(product_url, Sandbox(sandbox_url), who, "", Transcript())
    if not done.exists():
        rooms = _seed(story)
        done.write_text(json.dumps({"points": story.points, "rooms": rooms}, ensure_ascii=False))
    kept = json.loads(done.read_text())
    story.points = kept["points"]
    return _told(story, kept.get("rooms", {}), operator, password)


def _seed(story: Story) -> dict[str, int]:
    community = story.operator.post("/api/admin/communities", {"name": "桂花苑"})
    shop.apply_and_approve(story.leader, story.operator, community, LEADER)
    for staff, name, address in zip(STAFF, ("南门驿站", "2号楼便利店"), ("南门 1 号", "2 号楼底商"), strict=True):
        body = {"name": name, "address": f"桂花苑{address}", "hours": "08:00–21:30"}
        point = story.points[name] = story.leader.post("/api/leader/points", body)
        code = story.leader.post(f"/api/leader/points/{point['id']}/invitations")["code"]
        story.person(staff).app.post("/api/station/join", {"code": code, "display_name": staff, "device": "柜台平板"})
    _campaign(story)
    room = _group(story)
    story.person(LEADER).bind_chat(room)
    for name in NEIGHBOURS:
        story.person(name).show_phone()
        story.person(name).bind_chat(room)
    _staff_group(story)
    _orders(story)
    live = _open_chat(story)
    for group in (room, live):
        group.say(LEADER, "发团")
    Group(story.sandbox, GROUP).share(story.person(SHARER), story.campaigns["main"], "updatable")
    return {group.name: group.id for group in (room, live)}


def _campaign(story: Story) -> None:
    merchant = story.leader.post("/api/leader/merchants", {"name": "演示供货商"})
    offers = []
    for name, category, sku, colour, price in PRODUCTS:
        _, sku_id = shop.add_product(story.leader, merchant, name, category, sku, colour, fresh=True)
        offers.append(shop.offer(sku_id, name, price, aliases=[name[-2:]], quota=40, per_person=5))
    closes_at = (story.clock.now().astimezone(SHANGHAI) + timedelta(days=1)).replace(hour=20, minute=0, second=0)
    points = list(story.points.values())
    draft = shop.terms(
        "周五大闸蟹 + 红颜草莓", points, offers, closes_at, minimum=5, arrival_text="截团次日 16:00 后到货"
    )
    campaign_id = story.leader.post("/api/leader/campaigns", draft)["campaign"]["id"]
    story.campaigns["main"] = campaign_id
    story.leader.post(f"/api/leader/campaigns/{campaign_id}/open")


def _group(story: Story) -> Room:
    room = story.sandbox.open_room(ROOM, [LEADER, *NEIGHBOURS, *STAFF])
    code = story.leader.post(f"/api/leader/campaigns/{story.campaigns['main']}/chat-codes")["code"]
    room.say(LEADER, f"绑定本群 {code}")
    chat = next(iter(story.leader.pages("/api/leader/chats")))
    story.leader.post(f"/api/leader/chats/{chat['id']}/push-key", {"key": room.add_robot()})
    return room


def _open_chat(story: Story) -> Room:
    """A group of a chat that lets a bot edit what it posted: there a card moves without anybody's touch."""
    room = story.sandbox.open_room(LIVE_ROOM, [LEADER, *NEIGHBOURS], "sandbox")
    code = story.leader.post(f"/api/leader/campaigns/{story.campaigns['main']}/chat-codes")["code"]
    room.say(LEADER, f"绑定本群 {code}")
    for name in (LEADER, *NEIGHBOURS):
        story.person(name).bind_chat(room)
    return room


def _staff_group(story: Story) -> None:
    room = story.sandbox.open_room(STAFF_ROOM, [STAFF[0], LEADER])
    code = story.leader.post(f"/api/leader/points/{story.points['南门驿站']['id']}/chat-codes")["code"]
    room.say(STAFF[0], f"绑定店员群 {code}")
    story.person(STAFF[0]).bind_chat(room)


def _orders(story: Story) -> None:
    for name, units in (("王先生", {"大闸蟹": 2}), ("赵奶奶", {"红颜草莓": 1})):
        person = story.person(name)
        order = person.order(story.campaign("main"), story.points["南门驿站"], units)
        person.pay(order)
        until(f"{name}'s payment", partial(_counted, person, order))


def _counted(person: Person, order: Json) -> bool:
    return bool(person.see(order)["roster_number"])


def _told(story: Story, groups: dict[str, int], operator: str, password: str) -> str:
    base, rooms, live = story.product_url, story.sandbox.base_url, groups.get(LIVE_ROOM, 1)
    lines = [
        "", "邻团已就绪 (ready)",
        f"  聊天室     {rooms}/?as={SHARER}&room={live}    说话、点卡片，旁边是两部手机 (chat room and two phones)",
        f"  企业微信群 {rooms}/?as={SHARER}&room=1    那里的卡片要有人按一下才变 (a WeCom card changes when pressed)",
        f"  手机       {rooms}/phone?as={SHARER}    小程序，换人拿手机在右上角 (the mini-program in any browser)",
        f"  邻居群     {rooms}/neighbours?as={SHARER}&group={GROUP}    微信群里的卡片：转发、打开 (shared cards)",
        f"  接口文档   {base}/docs    (API document)",
        f"  产品       {base}    沙盒 {rooms}", "",
        "演示账号 (demo accounts；请求头 Authorization: Bearer <token>)",
        f"  运营  {operator}    密码 {password}    POST {base}/api/admin/login {{name, password}}",
    ]  # fmt: skip
    for role, names in (("团长", [LEADER]), ("居民", NEIGHBOURS)):
        lines += [f"  {role}  {name}    {story.person(name).token}" for name in names]
    for name, point in zip(STAFF, story.points.values(), strict=True):
        body = {"point_id": point["id"], "device": "make run"}
        token = story.person(name).app.post("/api/station/login", body)["token"]
        lines.append(f"  店员  {name}    {token}    {point['name']}")
    lines += ["", "Ctrl-C 停止全部，数据保留在 var/run (Ctrl-C stops everything; data is kept)"]
    return "\n".join(lines)
