"""Goods that stand at a point, for stories at its counter: two staff, neighbours who ordered, everything over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from demo import shop
from demo.clock import Clock, until
from demo.http import Client, Json
from demo.people import Person
from demo.story import LEADER
from tests.browser.town import Town

GOODS = (
    ("大闸蟹", "seafood", {"spec": "公 4 两", "unit": "只", "supply_price_fen": 4200}, (196, 92, 40), 5800),
    ("红颜草莓", "fruit", {"spec": "500 克", "unit": "盒", "supply_price_fen": 1900}, (214, 40, 57), 2990),
)


@dataclass
class Counter:
    """A point with staff and what its neighbours ordered there; `orders` are by buyer."""

    town: Town
    name: str
    leader: Client
    point: Json
    people: dict[str, Person] = field(default_factory=dict)
    orders: dict[str, Json] = field(default_factory=dict)
    desks: dict[str, Client] = field(default_factory=dict)
    campaign_id: str = ""

    def person(self, name: str) -> Person:
        """Somebody with a phone that the product knows."""
        if name not in self.people:
            self.people[name] = self.town.person(name)
            self.people[name].show_phone()
        return self.people[name]

    def pickup(self, name: str) -> Json:
        """The pickup page of somebody's order: code and QR."""
        return self.people[name].pickup(self.orders[name])

    def number(self, name: str) -> str:
        """The roster number of somebody's order."""
        return str(self.people[name].see(self.orders[name])["roster_number"])

    def state(self, name: str) -> str:
        """Where somebody's order stands."""
        return str(self.people[name].see(self.orders[name])["state"])

    def hand_over(self, staff: str, name: str) -> None:
        """That member of staff, at the other desk, gives somebody everything."""
        body = {"orders": [self.orders[name]["id"]], "found_by": "code"}
        self.desks[staff].post("/api/station/redemptions", body)

    def invite(self) -> str:
        """A one-time code with which somebody starts to work here."""
        return str(self.leader.post(f"/api/leader/points/{self.point['id']}/invitations")["code"])

    def staff(self, name: str) -> None:
        """Somebody who works here, on a tablet of their own."""
        body = {"code": self.invite(), "display_name": name, "device": f"{name}的平板"}
        token = self.person(name).app.post("/api/station/join", body)["token"]
        desk = self.desks[name] = Client(self.town.product_url, token)
        until(f"{name}'s name to pass", lambda: desk.get("/api/station/me")["desk"]["name_check"] == "")


def set_up(town: Town, name: str) -> Counter:
    """A point of this name that the town's leader keeps; nobody works there yet."""
    leader = town.person(LEADER).app
    body = {"name": name, "address": "桂花苑东门 1 号", "hours": "08:00–21:30"}
    return Counter(town, name, leader, leader.post("/api/leader/points", body))


def sell(scene: Counter, wanted: Mapping[str, Mapping[str, int]], **terms: object) -> None:
    """Open a campaign, let each neighbour order their units and pay unless it is paid on pickup, and close it."""
    offers = []
    merchant = scene.leader.post("/api/leader/merchants", {"name": f"{scene.name}供货商"})
    for name, category, sku, colour, price in GOODS:
        _, sku_id = shop.add_product(scene.leader, merchant, name, category, sku, colour, fresh=True)
        offers.append(shop.offer(sku_id, name, price, quota=400, per_person=20))
    closes_at = Clock(Client(scene.town.product_url), scene.town.sandbox).now() + timedelta(hours=2)
    draft = shop.terms(f"{scene.name}周五团", [scene.point], offers, closes_at, **terms)
    scene.campaign_id = scene.leader.post("/api/leader/campaigns", draft)["campaign"]["id"]
    scene.leader.post(f"/api/leader/campaigns/{scene.campaign_id}/open")
    campaign = scene.leader.get(f"/api/resident/campaigns/{scene.campaign_id}")
    for name, units in wanted.items():
        order = scene.orders[name] = scene.person(name).order(campaign, scene.point, dict(units))
        if terms.get("payment_policy") != "on_pickup":
            scene.person(name).pay(order)
        until(f"{name} to count", partial(_counted, scene, name))
    scene.leader.post(f"/api/leader/campaigns/{scene.campaign_id}/close")
    page = f"/api/resident/campaigns/{scene.campaign_id}"
    until("the campaign to settle", lambda: scene.leader.get(page)["settled_at"])


def ship(scene: Counter) -> Json:
    """Send everything to the point; the delivery, still to be counted in."""
    (planned,) = scene.leader.post(f"/api/leader/campaigns/{scene.campaign_id}/dispatch")["deliveries"]
    scene.leader.post(f"/api/leader/deliveries/{planned['id']}/pick")
    return dict(scene.leader.post(f"/api/leader/deliveries/{planned['id']}/ship"))


def arrive(scene: Counter, desk: Client) -> None:
    """Ship everything and count it in as planned."""
    count_in(desk, ship(scene))


def count_in(desk: Client, delivery: Json) -> None:
    """Count a shipped delivery in as planned."""
    counts = {line["offer_id"]: line["planned_units"] for line in delivery["lines"]}
    desk.post(f"/api/station/deliveries/{delivery['id']}/arrive", {"counts": counts})


def _counted(scene: Counter, name: str) -> bool:
    return bool(scene.person(name).see(scene.orders[name])["roster_number"])
