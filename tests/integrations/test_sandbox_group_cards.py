"""A neighbours' group from end to end: phones and platform in the sandbox, the product with its real client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from bots.sending import drain as draining
from bots.voice import Voice
from domain.actors import SYSTEM, Actor, Role
from models import Campaign
from services import people as residents
from services.ports import Outside
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.settings import test_settings
from tests.integrations.sandbox_process import Stage
from tests.services.pickup.world import World, one


@dataclass
class Street:
    """The product, the sandbox, and neighbours who are the same people in both."""

    stage: Stage
    world: World
    client: FlaskClient
    outside: Outside
    group: str

    def neighbour(self, name: str) -> tuple[Actor, dict[str, str]]:
        """A person of the sandbox as a resident, with their session."""
        openid = self.stage.control("people", name=name)["openid"]
        with self.world.unit(SYSTEM) as ctx:
            row = residents.enter(ctx, openid)
            return Actor(Role.RESIDENT, row.id, row.id), people.bearer(people.token(ctx, row))

    def ticket(self, bearer: dict[str, str], campaign: str, mode: str) -> dict[str, Any]:
        """Ask for a ticket over HTTP."""
        answer = self.client.post(
            f"/api/resident/campaigns/{campaign}/shares", json={"mode": mode},
            headers={**bearer, "Idempotency-Key": f"share-{campaign}-{mode}"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.get_json()
        return made

    def post(self, name: str, ticket: dict[str, Any]) -> int:
        """Post the card by one's own tap; its number."""
        return int(self.stage.control(f"{self.group}/share", person=name, ticket=ticket)["card"])

    def open(self, name: str, card: int, bearer: dict[str, str]) -> int:
        """Open the card on the phone, and let the mini-program tell us; the status."""
        seen = self.stage.control(f"{self.group}/open", person=name, card=card)
        share = seen.pop("page").partition("share=")[2]
        return self.client.post(f"/api/resident/shares/{share}/opened", json=seen, headers=bearer).status_code

    def rest(self, seconds: int = 12) -> None:
        """Send each second of the product's clock."""
        for _ in range(seconds):
            self.world.clock.advance(seconds=1)
            draining.drain(self.world.unit, self.outside, Voice("https://lintuan.example"))

    def lines(self) -> list[str]:
        """The group as text."""
        view = self.stage.seen(self.group)
        return [line["text"] if line["kind"] == "grey" else line["card"]["words"] for line in view["lines"]]


@pytest.fixture
def real_outside(stage: Stage, outside: PretendOutside) -> Outside:
    """Our own client to the sandbox; the rest is pretended."""
    return Outside(stage.mini_program(), outside.gateway, outside.files, outside.counters)


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: FrozenClock, stage: Stage, real_outside: Outside) -> Iterator[Flask]:
    """The product at the sandbox's hour."""
    clock.set(stage.clock())
    made = create_app(test_settings(tmp_path, database_url), clock=clock, outside=real_outside)
    yield made
    made.extensions["lintuan"].unit.engine.dispose()


@pytest.fixture
def street(
    request: pytest.FixtureRequest, stage: Stage, unit: Transactions, clock: FrozenClock, client: FlaskClient,
    real_outside: Outside,
) -> Street:  # fmt: skip
    """A group of its own for each test."""
    return Street(stage, World(unit, clock), client, real_outside, f"wx-groups/{request.node.name}")


def offered(street: Street, least: int) -> str:
    """An open campaign."""
    campaign = street.world.campaign()
    with street.world.unit(SYSTEM) as ctx:
        one(ctx, Campaign, campaign).minimum = least
    return campaign


def test_a_shared_card_counts_live_through_trouble_and_ends_formed(street: Street) -> None:
    campaign = offered(street, 2)
    (_, li), (zhang, zhang_bearer) = street.neighbour("李姐"), street.neighbour("张阿姨")
    card = street.post("李姐", street.ticket(li, campaign, "updatable"))
    assert street.lines() == ["成员正在加入，当前 0/2 人"]
    assert street.open("张阿姨", card, zhang_bearer) == 200
    street.world.order(zhang, campaign, {"草莓": 1})
    street.stage.control("knobs", cards_busy=1, cards_lose_answers=1)
    street.rest()
    assert street.lines() == ["成员正在加入，当前 1/2 人"]
    street.world.order(street.world.resident(), campaign, {"草莓": 1})
    street.rest()
    assert street.lines() == ["成员正在加入，当前 2/2 人"]
    street.stage.control("knobs", cards_lose_answers=1)
    street.world.settle(campaign)
    street.rest()
    assert street.lines() == ["已到齐"]
    told = [call["told"] for call in street.stage.seen(f"wx-cards/{card}/calls")["calls"]]
    assert told == [*sorted(told[:-1]), ""]


def test_the_chat_tool_names_who_takes_part_and_says_the_end(street: Street) -> None:
    campaign = offered(street, 5)
    (_, li), (zhang, zhang_bearer) = street.neighbour("李姐"), street.neighbour("张阿姨")
    card = street.post("李姐", street.ticket(li, campaign, "chat_tool"))
    assert street.open("张阿姨", card, zhang_bearer) == 200
    street.world.order(zhang, campaign, {"草莓": 1})
    street.rest()
    title = "周五水果（满5人成团）"
    assert street.lines() == ["1人已参与", f"张阿姨 已参与 李姐 发布的 {title}"]
    street.world.settle(campaign)
    street.rest()
    assert street.lines() == ["已结束", f"张阿姨 已参与 李姐 发布的 {title}", f"李姐发布的{title}已结束"]


def test_what_one_phone_was_given_serves_no_other(street: Street) -> None:
    campaign = offered(street, 2)
    (_, li), (_, zhang) = street.neighbour("李姐"), street.neighbour("张阿姨")
    card = street.post("李姐", street.ticket(li, campaign, "updatable"))
    assert street.open("张阿姨", card, li) == 401
    seen = street.stage.control(f"{street.group}/open", person="张阿姨", card=card)
    share = seen.pop("page").partition("share=")[2]
    other = street.stage.control(f"{street.group}/open", person="张阿姨", card=card)
    mixed = {**seen, "encrypted_data": other["encrypted_data"], "iv": other["iv"]}
    refused: Any = street.client.post(f"/api/resident/shares/{share}/opened", json=mixed, headers=zhang).json
    assert refused["code"] == "invalid"
    again: Any = street.client.post(f"/api/resident/shares/{share}/opened", json=seen, headers=zhang).json
    assert again["code"] == "login_refused"
