"""A town as it looks after some weeks: campaigns at every stage, orders in every state, money paid out, people waiting.

All of it over HTTP by the town's own people; its clock is moved, so it stands in a town of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from demo import shop
from demo.clock import until
from demo.http import Client, Json
from demo.pictures import picture
from demo.transcript import SHANGHAI
from tests.browser.leader_scene import LEADER, clock, closed, handed_over, joined, leader, opened
from tests.browser.resident_scene import BERRY, CRAB, neighbour
from tests.browser.town import Town

BUYER, HELPER, NEWCOMER, DESK, POINT = "王先生", "张阿姨", "周小姐", "小林", "南门驿站"
OTHERS = ("老陈", "赵奶奶")


@dataclass
class LivedIn:
    """What there is to look at, by what it is called in a page's address."""

    town: Town
    campaigns: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    statement_id: str = ""
    claim_id: str = ""
    leader_id: str = ""
    pass_path: str = ""
    invitation: str = ""


def lived_in(town: Town) -> LivedIn:
    """The town, after everything has happened in it."""
    scene = LivedIn(town)
    _ten_in_the_morning(town)
    for name in (BUYER, HELPER, *OTHERS, NEWCOMER):
        neighbour(town, name)
    _paid_out(scene)
    _arrived(scene)
    _under_way(scene)
    _open(scene)
    _people(scene)
    return scene


def _ten_in_the_morning(town: Town) -> None:
    here = clock(town).now().astimezone(SHANGHAI)
    ten = here.replace(hour=10, minute=0, second=0, microsecond=0)
    clock(town).go_to(ten if ten > here else ten + timedelta(days=1))


def _paid_out(scene: LivedIn) -> None:
    """A campaign of which the leader has a statement."""
    town = scene.town
    campaign_id = scene.campaigns["done"] = opened(town, "上周的大闸蟹")
    joined(town, campaign_id, HELPER, {CRAB: 2, BERRY: 1})
    joined(town, campaign_id, OTHERS[0], {CRAB: 3})
    closed(town, campaign_id)
    handed_over(town, campaign_id)
    clock(town).advance(timedelta(hours=25))
    until("the commission to be payable", lambda: leader(town).get("/api/leader/earnings")["payable_fen"] > 0)
    town.sandbox.post("/control/funds/top-up", {"fen": 100_000})
    operator = _operator(town, town.stack.operator)
    drafted = operator.post("/api/admin/statements/draft", {})["statements"]
    scene.statement_id = next(row["id"] for row in drafted if row["payee"] == LEADER)
    _operator(town, town.stack.colleague).post(f"/api/admin/statements/{scene.statement_id}/approve")


def _arrived(scene: LivedIn) -> None:
    """Goods at the point: some wait, some were taken, and one box was bad."""
    town = scene.town
    campaign_id = scene.campaigns["arrived"] = opened(town, "今天到货：蟹和草莓")
    scene.orders["ready"] = joined(town, campaign_id, BUYER, {CRAB: 2})["id"]
    scene.orders["collected"] = joined(town, campaign_id, BUYER, {BERRY: 2})["id"]
    for name, units in ((HELPER, {CRAB: 1, BERRY: 1}), (OTHERS[0], {CRAB: 1}), (OTHERS[1], {BERRY: 2})):
        joined(town, campaign_id, name, units)
    closed(town, campaign_id)
    _sent(town, campaign_id, missing=0)
    taken = {"orders": [scene.orders["collected"]], "found_by": "batch"}
    leader(town).post(f"/api/leader/points/{town.points[POINT]['id']}/redemptions", taken)
    buyer = town.person(BUYER).app
    shown = buyer.upload("/api/resident/evidence", {"picture": ("bad.png", picture((214, 40, 57)), "image/png")}, {})
    (line,) = buyer.get(f"/api/resident/orders/{scene.orders['collected']}")["lines"]
    asked = {"line": line["id"], "reason": "bad", "units": 1, "words": "最下面一层压坏了", "evidence": [shown["id"]]}
    scene.claim_id = buyer.post(f"/api/resident/orders/{scene.orders['collected']}/claims", asked)["id"]


def _under_way(scene: LivedIn) -> None:
    """One delivery on its way to the point, and one that came with too little."""
    town = scene.town
    for called, title, missing in (("short", "少到了一盒的团", 1), ("coming", "在路上的团", None)):
        campaign_id = scene.campaigns[called] = opened(town, title)
        for name in (HELPER, *OTHERS):
            joined(town, campaign_id, name, {CRAB: 1, BERRY: 1})
        closed(town, campaign_id)
        _sent(town, campaign_id, missing=missing)


def _sent(town: Town, campaign_id: str, *, missing: int | None) -> None:
    """Ship the campaign's one delivery; counted in with so many boxes missing, or not yet where it is None."""
    asking = leader(town)
    (planned,) = asking.post(f"/api/leader/campaigns/{campaign_id}/dispatch")["deliveries"]
    asking.post(f"/api/leader/deliveries/{planned['id']}/pick")
    asking.post(f"/api/leader/deliveries/{planned['id']}/ship")
    if missing is None:
        return
    counts = {line["offer_id"]: line["planned_units"] for line in planned["lines"]}
    counts[planned["lines"][-1]["offer_id"]] -= missing
    asking.post(f"/api/leader/deliveries/{planned['id']}/arrive", {"counts": counts})


def _open(scene: LivedIn) -> None:
    """A campaign that neighbours are joining: one has paid, one has not yet, one has changed their mind."""
    town = scene.town
    asking = leader(town)
    skus = {product["name"]: product["skus"][0]["id"] for product in asking.pages("/api/leader/products")}
    tiers = [{"from_units": 10, "price_fen": 5500}, {"from_units": 20, "price_fen": 5200}]
    offers = [
        shop.offer(skus[CRAB], CRAB, 5800, quota=60, per_person=9, tiers=tiers),
        shop.offer(skus[BERRY], BERRY, 2990, quota=40, per_person=9),
    ]
    closes_at = (clock(town).now() + timedelta(days=1)).replace(second=0, microsecond=0)
    points = list(town.points.values())
    draft = shop.terms(
        "周五大闸蟹 + 红颜草莓", points, offers, closes_at, minimum=5, arrival_text="截团次日 16:00 后到货"
    )
    campaign_id = scene.campaigns["open"] = str(asking.post("/api/leader/campaigns", draft)["campaign"]["id"])
    asking.post(f"/api/leader/campaigns/{campaign_id}/open")
    scene.orders["paid"] = joined(town, campaign_id, BUYER, {CRAB: 2})["id"]
    cancelled = joined(town, campaign_id, BUYER, {BERRY: 1})
    for name, units in ((HELPER, {CRAB: 2, BERRY: 1}), (OTHERS[0], {CRAB: 1}), (OTHERS[1], {BERRY: 3})):
        joined(town, campaign_id, name, units)
    scene.orders["cancelled"] = cancelled["id"]
    town.person(BUYER).app.post(f"/api/resident/orders/{cancelled['id']}/cancellation")
    until("the money to be back", partial(_paid_back, town, cancelled))
    scene.orders["unpaid"] = joined(town, campaign_id, BUYER, {CRAB: 1, BERRY: 2}, pays=False)["id"]


def _people(scene: LivedIn) -> None:
    """Who follows the leader, what she notes of them, who fetches for whom, and who starts to work."""
    town = scene.town
    asking = leader(town)
    scene.leader_id = asking.get(f"/api/resident/campaigns/{scene.campaigns['open']}")["leader_id"]
    for name in (BUYER, HELPER):
        town.person(name).app.put(f"/api/resident/leaders/{scene.leader_id}/follow", None)
    remark = {"note": "腿脚不便，送上楼", "tags": ["老客", "送上楼"]}
    asking.put(f"/api/leader/orders/{scene.orders['paid']}/remark", remark)
    made = town.person(BUYER).app.post(f"/api/resident/orders/{scene.orders['ready']}/passes", {"label": "302 张阿姨"})
    scene.pass_path = made["path"]
    scene.invitation = asking.post(f"/api/leader/points/{town.points[POINT]['id']}/invitations")["code"]


def _paid_back(town: Town, order: Json) -> bool:
    refunds = town.person(BUYER).see(order)["refunds"]
    return bool(refunds and all(refund["succeeded_at"] for refund in refunds))


def _operator(town: Town, name: str) -> Client:
    login = {"name": name, "password": town.stack.operator_password}
    return Client(town.product_url, str(Client(town.product_url).post("/api/admin/login", login)["token"]))
