"""⑧ A tier, a helper's link, a partial refund, a shortage shared out by the leader, and a complaint accepted."""

from __future__ import annotations

from datetime import timedelta

from demo import shop
from demo.chapters.arriving import come_to_work
from demo.chapters.closing import refunds_done, settled
from demo.chapters.collecting import hand_over
from demo.chapters.joining import pay
from demo.clock import until
from demo.pictures import picture
from demo.story import Story
from demo.transcript import instant, yuan
from demo.words import said

KEY, POINT, CRAB = "tiers", "南门驿站", "阳澄湖蟹"
HELPER = "何姐"


def tell(story: Story) -> None:
    """One weekend."""
    story.transcript.chapter("⑧ 阶梯价、帮卖、短缺、售后")
    story.go_to(story.clock.next_weekday(5, 9))
    _open(story)
    helping = _help(story)
    _order(story, "王先生", 3)
    _order(story, "张阿姨", 2, via=helping)
    _order(story, "老陈", 2)
    _take_a_part_back(story)
    _close(story)
    _arrive_short(story)
    _hand_over(story)
    _complain(story)


def _open(story: Story) -> None:
    tiers = [{"from_units": 4, "price_fen": 5500}, {"from_units": 6, "price_fen": 5200}]
    crab = shop.offer(story.skus["大闸蟹"], CRAB, 5800, commission_bps=1000, tiers=tiers)
    draft = shop.terms(
        "周末阳澄湖蟹", [story.points[POINT]], [crab], story.clock.next_weekday(5, 20), minimum=2, help_sell_bps=5000
    )
    story.campaigns[KEY] = story.leader.post("/api/leader/campaigns", draft)["campaign"]["id"]
    story.leader.post(f"/api/leader/campaigns/{story.campaigns[KEY]}/open")
    story.tell(f"李姐开团「周末阳澄湖蟹」：{yuan(5800)}，满 4 只 {yuan(5500)}，满 6 只 {yuan(5200)}；帮卖得一半佣金")


def _help(story: Story) -> str:
    """Another leader takes the link; the help's id."""
    person = story.person(HELPER).app
    community = next(iter(story.product.get("/api/resident/communities")["items"]))
    shop.apply_and_approve(person, story.operator, community, HELPER)
    row = person.post("/api/leader/help-sells", {"campaign": story.campaigns[KEY]})
    story.tell(f"{HELPER}也当了团长，帮卖这个团（{row['share_bps'] // 100}% 佣金），她的链接 {row['path'][:12]}…")
    return str(row["id"])


def _order(story: Story, name: str, units: int, via: str = "") -> None:
    page = story.campaign(KEY)
    lines = [{"offer": page["offers"][0]["id"], "units": units}]
    body = {"campaign": page["id"], "point": story.points[POINT]["id"], "lines": lines, "via": via or None}
    order = story.person(name).app.post("/api/resident/orders", {key: value for key, value in body.items() if value})
    pay(story, name, order, KEY, quietly=True)
    story.orders[f"{KEY}:{name}"] = story.person(name).see(order)
    through = f"，经{HELPER}的链接" if via else ""
    story.tell(f"{name} {units} 只，付 {yuan(order['total_fen'])}{through}")


def _take_a_part_back(story: Story) -> None:
    order = story.orders[f"{KEY}:老陈"]
    units = [{"line": order["lines"][0]["id"], "units": 1}]
    after = story.person("老陈").app.post(f"/api/resident/orders/{order['id']}/cancellation", {"units": units})
    story.tell(f"老陈退 1 只：{after['refunds'][0]['words']} {yuan(after['refunds'][0]['amount_fen'])}")


def _close(story: Story) -> None:
    story.go_to(instant(story.campaign(KEY)["closes_at"]))
    page = until("the campaign with tiers to settle", lambda: settled(story, KEY))
    until("the rebates to be paid", lambda: refunds_done(story))
    lines = {
        name: story.person(name).see(story.orders[f"{KEY}:{name}"])["lines"][0] for name in ("王先生", "张阿姨", "老陈")
    }
    reached = yuan(lines["老陈"]["final_unit_price_fen"])
    story.tell(f"截团 {page['offers'][0]['sold_units']} 只 → 全团按 {reached}；先付高价的自动退差价：")
    for name in ("王先生", "张阿姨"):
        story.transcript.more(f"{name}：{'；'.join(lines[name]['explained'])}")


def _arrive_short(story: Story) -> None:
    story.go_to(story.clock.next_weekday(6, 9))
    base = f"/api/leader/campaigns/{story.campaigns[KEY]}"
    (delivery,) = story.leader.post(f"{base}/dispatch")["deliveries"]
    for step in ("pick", "ship"):
        story.leader.post(f"/api/leader/deliveries/{delivery['id']}/{step}")
    line = delivery["lines"][0]
    counts = {line["offer_id"]: line["planned_units"] - 1}
    story.leader.post(f"/api/leader/deliveries/{delivery['id']}/arrive", {"counts": counts})
    plan = story.leader.get(f"{base}/shortage")
    story.tell(f"到货 {line['planned_units'] - 1}/{line['planned_units']} 只，李姐先看分配预演（每人先得一只）：")
    for order in plan["orders"]:
        row = order["lines"][0]
        story.transcript.more(f"{order['name']} 要 {row['wanted']} 得 {row['gets']}，退 {yuan(order['refund_fen'])}")
    done = story.leader.post(f"{base}/shortage", {"plan_digest": plan["digest"]})
    until("the shortage's refunds", lambda: refunds_done(story))
    story.tell(f"照预演确认：退 {yuan(done['refund_fen'])}，佣金随之 {yuan(done['commission_fen'])}；结果与预演"
               f"{'一致' if done == plan else '不一致'}")  # fmt: skip


def _hand_over(story: Story) -> None:
    story.people.pop("小林", None)  # her lost phone is dead: she logs in on a new one
    come_to_work(story, "小林")
    for name in ("王先生", "张阿姨", "老陈"):
        code = story.person(name).pickup(story.orders[f"{KEY}:{name}"])["code"]
        hand_over(story.desks["小林"], story.desks["小林"].post("/api/station/search", {"code": code}))
    story.tell("三位都取走了")


def _complain(story: Story) -> None:
    story.clock.advance(timedelta(hours=2))
    aunt, order = story.person("张阿姨").app, story.orders[f"{KEY}:张阿姨"]
    files = {"picture": ("crab.png", picture((120, 90, 60)), "image/png")}
    proof = aunt.upload("/api/resident/evidence", files, {})["id"]
    body = {"line": order["lines"][0]["id"], "units": 1, "reason": "bad", "evidence": [proof]}
    claim = aunt.post(f"/api/resident/orders/{order['id']}/claims", body)
    story.leader.post(f"/api/leader/claims/{claim['id']}/accept", {"borne_by": "supplier"})
    until("the complaint's refund", lambda: refunds_done(story))
    after = story.person("张阿姨").see(order)
    story.tell(f"张阿姨拍照说坏了一只，李姐同意、由供货商承担：退 {yuan(claim['asked_fen'])}，"
               f"订单{said(after['state'])}")  # fmt: skip
