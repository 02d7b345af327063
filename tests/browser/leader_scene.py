"""What stands before a leader's story begins: campaigns that ran, neighbours who ordered, all over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from playwright.sync_api import expect

from demo import shop
from demo.clock import Clock, until
from demo.http import Client, Json
from tests.browser.phones import PATIENCE_MS, Phone
from tests.browser.town import Town

LEADER = "李姐"
KEYS_OF_A_HANZI = 4
"""About three letters of pinyin and the choice among what they may mean."""


def clock(town: Town) -> Clock:
    """The town's two clocks."""
    return Clock(Client(town.product_url), town.sandbox)


def leader(town: Town) -> Client:
    """The leader over HTTP."""
    return town.person(LEADER).app


def opened(
    town: Town, title: str, *, point: str = "南门驿站", closes_at: datetime | None = None, **terms: object
) -> str:
    """A running campaign of crabs and strawberries at one point; its id."""
    asking = leader(town)
    skus = {product["name"]: product["skus"][0]["id"] for product in asking.pages("/api/leader/products")}
    offers = [
        shop.offer(skus["大闸蟹"], "大闸蟹", 5800, quota=40, per_person=9),
        shop.offer(skus["红颜草莓"], "红颜草莓", 2990, quota=40, per_person=9),
    ]
    until_then = (closes_at or clock(town).now() + timedelta(hours=5)).replace(second=0, microsecond=0)
    draft = shop.terms(title, [town.points[point]], offers, until_then, **terms)
    campaign_id = str(asking.post("/api/leader/campaigns", draft)["campaign"]["id"])
    asking.post(f"/api/leader/campaigns/{campaign_id}/open")
    return campaign_id


def joined(
    town: Town, campaign_id: str, name: str, units: Mapping[str, int], *, point: str = "南门驿站", pays: bool = True
) -> Json:
    """A neighbour's order, counted unless it is left unpaid."""
    person = town.person(name)
    order = person.order(person.app.get(f"/api/resident/campaigns/{campaign_id}"), town.points[point], dict(units))
    if pays:
        person.pay(order)
        until(f"{name}'s order to count", lambda: person.see(order)["roster_number"])
    return order


def closed(town: Town, campaign_id: str) -> None:
    """The campaign is closed by its leader, and its outcome stands."""
    leader(town).post(f"/api/leader/campaigns/{campaign_id}/close")
    until("the campaign to settle", partial(_settled, town, campaign_id))


def brought(town: Town, campaign_id: str) -> Json:
    """Everything came to its point as planned; the delivery."""
    asking = leader(town)
    (delivery,) = asking.post(f"/api/leader/campaigns/{campaign_id}/dispatch")["deliveries"]
    asking.post(f"/api/leader/deliveries/{delivery['id']}/pick")
    asking.post(f"/api/leader/deliveries/{delivery['id']}/ship")
    counts = {line["offer_id"]: line["planned_units"] for line in delivery["lines"]}
    asking.post(f"/api/leader/deliveries/{delivery['id']}/arrive", {"counts": counts})
    return dict(delivery)


def handed_over(town: Town, campaign_id: str) -> None:
    """Everything came to its point and was collected."""
    asking, delivery = leader(town), brought(town, campaign_id)
    orders = [row["order_id"] for row in asking.pages(f"/api/leader/campaigns/{campaign_id}/roster")]
    asking.post(f"/api/leader/points/{delivery['point_id']}/redemptions", {"orders": orders, "found_by": "batch"})


def _settled(town: Town, campaign_id: str) -> object:
    return leader(town).get(f"/api/resident/campaigns/{campaign_id}")["settled_at"]


def types(phone: Phone, label: str, words: str) -> int:
    """Type into the field with this label, key by key; how many keys of a phone that takes."""
    here = phone.screen
    field = here.locator("input, textarea").and_(here.get_by_label(label, exact=True)).filter(visible=True).first
    field.press_sequentially(words)
    expect(field).to_have_value(words, timeout=PATIENCE_MS)
    return sum(1 if sign.isascii() else KEYS_OF_A_HANZI for sign in words)
