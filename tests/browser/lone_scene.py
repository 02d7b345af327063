"""Campaigns with but one thing on sale, for stories in which nothing has to be chosen."""

from __future__ import annotations

from datetime import timedelta

from demo import shop
from tests.browser.leader_scene import LEADER, clock, leader
from tests.browser.resident_scene import BERRY
from tests.browser.town import Town


def lone(town: Town, title: str, *, quota: int = 40) -> str:
    """A running campaign of strawberries only; its id."""
    asking = leader(town)
    skus = {product["name"]: product["skus"][0]["id"] for product in asking.pages("/api/leader/products")}
    closes_at = (clock(town).now() + timedelta(hours=5)).replace(second=0, microsecond=0)
    only = shop.offer(skus[BERRY], BERRY, 2990, quota=quota, per_person=9)
    draft = shop.terms(title, [town.points["南门驿站"]], [only], closes_at)
    campaign_id = str(asking.post("/api/leader/campaigns", draft)["campaign"]["id"])
    asking.post(f"/api/leader/campaigns/{campaign_id}/open")
    return campaign_id


def told_in_a_room(town: Town, campaign_id: str, *neighbours: str) -> int:
    """A new group of the leader and these neighbours, in which the campaign's card is posted; its number."""
    opened = town.sandbox.open_room("一样货的群", [LEADER, *neighbours], "sandbox")
    code = leader(town).post(f"/api/leader/campaigns/{campaign_id}/chat-codes")["code"]
    opened.say(LEADER, f"绑定本群 {code}")
    opened.say(LEADER, "发团")
    return opened.id
