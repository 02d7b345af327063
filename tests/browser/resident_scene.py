"""Neighbours for the residents' stories: known, agreed with the texts in force, and with something ordered."""

from __future__ import annotations

from demo.http import Json
from demo.people import Person
from tests.browser.conftest import OpenPhone
from tests.browser.counter_scene import Counter, arrive, sell, set_up
from tests.browser.phones import Phone
from tests.browser.town import Town

CRAB, BERRY = "大闸蟹", "红颜草莓"


def neighbour(town: Town, name: str) -> Person:
    """Somebody who has agreed to every text in force."""
    person = town.person(name)
    for text in person.app.get("/api/resident/consents")["items"]:
        person.app.post("/api/resident/consents", {"document": text["document"], "version": text["version"]})
    return person


def open_campaign(phone: OpenPhone, town: Town, name: str) -> Phone:
    """The neighbour's phone, in which a card has just opened the town's campaign."""
    neighbour(town, name)
    mine = phone(name, f"pages/campaign/campaign?id={town.campaign_id}")
    mine.sees("正在接龙")
    return mine


def order(phone: OpenPhone, town: Town, name: str, *wanted: str) -> Phone:
    """A phone with an order of one unit of each, at the cashier's sheet."""
    mine = open_campaign(phone, town, name)
    for what in wanted or (CRAB,):
        mine.tap(f"{what}加一")
    mine.tap("去结算")
    mine.tap("提交并支付")
    return mine


def pay(mine: Phone) -> None:
    """Confirm the sheet, allow the messages that are asked about, and see the order counted."""
    mine.tap("付款")
    mine.tap("允许")
    mine.sees("接龙号")


def counted(town: Town, name: str) -> tuple[Person, Json]:
    """Somebody's newest order that counts, in the town's campaign, ordered over HTTP by a neighbour of their own."""
    person = neighbour(town, name)
    campaign = person.app.get(f"/api/resident/campaigns/{town.campaign_id}")
    placed = person.order(campaign, campaign["points"][0], {CRAB: 1})
    person.pay(placed)
    return person, placed


def arrived(town: Town, title: str, *buyers: str) -> Counter:
    """A counter at which two crabs wait for each of these buyers; 小方 works there."""
    scene = set_up(town, title)
    for buyer in buyers:
        neighbour(town, buyer)
    sell(scene, {buyer: {CRAB: 2} for buyer in buyers})
    scene.staff("小方")
    arrive(scene, scene.desks["小方"])
    return scene
