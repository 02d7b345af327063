"""① A resident becomes a leader, sets up shop, opens a campaign and brings it into the group."""

from __future__ import annotations

from datetime import timedelta

from demo import shop
from demo.clock import until
from demo.http import Client, Json
from demo.story import LEADER, Story
from demo.transcript import day, instant, yuan
from demo.words import said

PRODUCTS = (
    ("大闸蟹", "seafood", {"spec": "公 4 两", "unit": "只", "supply_price_fen": 4200}, (196, 92, 40), True),
    ("红颜草莓", "fruit", {"spec": "500 克", "unit": "盒", "supply_price_fen": 1900}, (214, 40, 57), True),
    ("蓝莓", "fruit", {"spec": "125 克", "unit": "盒", "supply_price_fen": 1300}, (66, 82, 140), True),
    ("欧包", "bakery", {"spec": "全麦 400 克", "unit": "个", "supply_price_fen": 1500}, (166, 118, 66), True),
    ("鲜花", "flowers", {"spec": "20 枝", "unit": "束", "supply_price_fen": 1800}, (226, 110, 160), False),
    ("土鸡蛋", "eggs", {"spec": "30 枚", "unit": "箱", "supply_price_fen": 3300}, (222, 184, 135), False),
    ("水饺", "frozen", {"spec": "白菜猪肉 1 千克", "unit": "袋", "supply_price_fen": 2500}, (228, 220, 200), False),
    ("大米", "grain_oil", {"spec": "五常 5 千克", "unit": "袋", "supply_price_fen": 4900}, (240, 236, 224), False),
)  # fmt: skip


def tell(story: Story) -> None:
    """From an application to a card in the group."""
    story.transcript.chapter("① 开团")
    story.go_to(story.clock.next_weekday(3, 10))
    _become_leader(story)
    _set_up_points(story)
    _fill_the_shelf(story)
    _write_campaigns(story)
    _open(story)
    _bring_into_the_group(story)


def _become_leader(story: Story) -> None:
    community = story.operator.post("/api/admin/communities", {"name": "桂花苑"})
    leader = shop.apply_and_approve(story.leader, story.operator, community, LEADER)
    story.person(LEADER).show_phone()
    story.tell(f"居民{leader['display_name']}申请当「{leader['community']}」的团长，"
               f"运营审核通过（{leader['decided_reason']}）→ {said(leader['state'])}")  # fmt: skip


def _set_up_points(story: Story) -> None:
    for name, address in (("南门驿站", "桂花苑南门 1 号"), ("2号楼便利店", "桂花苑 2 号楼底商")):
        body = {"name": name, "address": address, "hours": "08:00–21:30"}
        story.points[name] = story.leader.post("/api/leader/points", body)
    for name, point in (("小林", "南门驿站"), ("小何", "2号楼便利店")):
        invitation = story.leader.post(f"/api/leader/points/{story.points[point]['id']}/invitations")
        body = {"code": invitation["code"], "display_name": name, "device": f"{point}的平板"}
        joined = story.person(name).app.post("/api/station/join", body)
        story.desks[name] = Client(story.product_url, joined["token"])
        story.tell(f"店员{joined['desk']['display_name']}凭一次性邀请码加入{joined['desk']['point']}")


def _fill_the_shelf(story: Story) -> None:
    merchant = story.leader.post("/api/leader/merchants", {"name": "演示供货商"})
    for name, category, sku, colour, fresh in PRODUCTS:
        _, story.skus[name] = shop.add_product(story.leader, merchant, name, category, sku, colour, fresh=fresh)
    shelf = until("the pictures to pass", lambda: _full_shelf(story))
    pictures = [picture for product in shelf for picture in product["pictures"]]
    size = len(story.product.bytes_of(f"/api/resident/pictures/{pictures[0]}"))
    story.tell(f"{merchant['name']}：上架 {len(shelf)} 个商品、{len(pictures)} 张图片（第一张 {size} 字节，可取回）")


def _full_shelf(story: Story) -> list[Json]:
    """The leader's products once others may see a picture of each; [] before."""
    shelf = list(story.leader.pages("/api/leader/products"))
    return shelf if all(product["pictures"] for product in shelf) else []


def _write_campaigns(story: Story) -> None:
    """The main campaign, and short ones beside it that end in every other way."""
    south, shop2 = story.points["南门驿站"], story.points["2号楼便利店"]
    now, sku = story.clock.now(), story.skus
    evening = story.clock.next_weekday(3, 20)
    main = [
        shop.offer(sku["大闸蟹"], "大闸蟹", 5800, aliases=["螃蟹"], quota=12, per_person=3, minimum_units=6),
        shop.offer(sku["红颜草莓"], "红颜草莓", 2990, aliases=["草莓"], quota=40, per_person=5, minimum_units=20),
        shop.offer(sku["蓝莓"], "蓝莓", 1990, quota=40, per_person=5),
    ]
    drafts = {
        "main": shop.terms("周五大闸蟹 + 红颜草莓", [south, shop2], main, evening, minimum=5,
                           arrival_text="周五 16:00 后到货"),
        "bread": shop.terms("老面包坊欧包", [shop2], [shop.offer(sku["欧包"], "欧包", 2200, quota=4, per_person=2)],
                            evening, opens_at=(now + timedelta(minutes=3)).isoformat()),
        "flowers": shop.terms("云南鲜花", [south], [shop.offer(sku["鲜花"], "鲜花", 2900)], evening, minimum=10),
        "eggs": shop.terms("农家土鸡蛋", [south], [shop.offer(sku["土鸡蛋"], "土鸡蛋", 4500)], evening, minimum=2,
                           close_on_target=True),
        "dumplings": shop.terms("手工水饺", [south], [shop.offer(sku["水饺"], "水饺", 3600)], evening, minimum=5,
                                below_minimum="form_anyway"),
        "rice": shop.terms("五常大米", [south], [shop.offer(sku["大米"], "大米", 6900)], evening, minimum=2,
                           below_minimum="extend", extend_until=(evening + timedelta(hours=1)).isoformat()),
    }  # fmt: skip
    for key, draft in drafts.items():
        story.campaigns[key] = story.leader.post("/api/leader/campaigns", draft)["campaign"]["id"]


def _open(story: Story) -> None:
    for key, campaign_id in story.campaigns.items():
        story.leader.post(f"/api/leader/campaigns/{campaign_id}/{'schedule' if key == 'bread' else 'open'}")
    page = story.campaign("main")
    size = f"{len(page['offers'])} 项 · {len(page['points'])} 个自提点 · 满 {page['progress']['minimum']} 人成团"
    story.tell(f"{page['leader_name']}开团「{page['title']}」：{size} · {day(instant(page['closes_at']))} 截")
    for offer in page["offers"]:
        least = f"，起订 {offer['minimum_units']} {offer['unit']}" if offer["minimum_units"] else ""
        story.transcript.more(f"{offer['name']} {yuan(offer['price_fen'])}/{offer['unit']}，限量 {offer['quota']}，"
                              f"每人限 {offer['per_person']}{least}；{offer['pickup_promise']}")  # fmt: skip
    story.clock.advance(timedelta(minutes=3))
    bread = until("the scheduled campaign to open", lambda: _opened(story, "bread"))
    story.tell(f"定时团「{bread['title']}」到点自动开团；另有 {len(story.campaigns) - 2} 个小团同时进行")


def _opened(story: Story, key: str) -> dict[str, str] | None:
    row = story.dashboard(key)["campaign"]
    return row if row["state"] == "open" else None


def _bring_into_the_group(story: Story) -> None:
    groups = {
        "3号楼团购群": ("main", ["王先生", "张阿姨", "老陈", "小刘"]),
        "5号楼团购群": ("bread", ["小刘", "何姐", "王先生"]),
    }
    for name, (key, members) in groups.items():
        room = story.sandbox.open_room(name, [LEADER, *members])
        story.rooms[key] = room
        code = story.leader.post(f"/api/leader/campaigns/{story.campaigns[key]}/chat-codes")["code"]
        story.transcript.chat(name, hide(room.say(LEADER, f"绑定本群 {code}"), code))
    for chat in story.leader.pages("/api/leader/chats"):
        key = next(key for key in ("main", "bread") if story.campaigns[key] in chat["campaigns"])
        story.leader.post(f"/api/leader/chats/{chat['id']}/push-key", {"key": story.rooms[key].add_robot()})
    for key in ("main", "bread"):
        story.transcript.chat(story.rooms[key].name, story.rooms[key].say(LEADER, "发团"))


def hide(lines: list[dict[str, str]], secret: str) -> list[dict[str, str]]:
    """Chat lines with a one-time code shown as dots."""
    return [{**line, "text": line["text"].replace(secret, "••••••")} for line in lines]
