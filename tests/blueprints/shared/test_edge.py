"""One transaction around a view: committed before the answer, rolled back on anything else, replayed under its key."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import fields
from sqlalchemy import func, select

from blueprints.shared.api import Door
from blueprints.shared.schemas import Shown, Taken, Text, Whole
from domain.actors import SYSTEM, Actor
from domain.errors import SoldOut
from domain.ids import new_id
from models import Community
from services.assembly import Lintuan
from services.context import Ctx
from services.paging import Page, Slice, cut
from services.transactions import Transactions
from tests.builders import people
from tests.builders.people import bearer

Post = Callable[..., Any]


class NewCommunitySchema(Taken):
    """A body."""

    name = Text(20, required=True)
    number = Whole(most=9)


class CommunityNameSchema(Shown):
    """An answer."""

    name = fields.String(required=True)


def door_for_tests() -> Door:
    """Routes that make communities in every way there is."""
    door = Door("edge", audience="resident", url_prefix="/edge", description="tests")

    def make(ctx: Ctx, name: str) -> Community:
        ctx.session.add(Community(public_id=new_id("Community", ctx.now), name=name, created_at=ctx.now))
        ctx.session.flush()
        if name == "refused":
            raise SoldOut(free=0)
        if name == "broken":
            raise RuntimeError("broken")
        return ctx.session.scalars(select(Community).where(Community.name == name)).one()

    @door.post("/plain", takes=NewCommunitySchema(), shows=CommunityNameSchema(), status=201)
    def plain(ctx: Ctx, body: dict[str, Any]) -> Community:
        """Make one."""
        return make(ctx, body["name"])

    @door.post("/keyed", takes=NewCommunitySchema(), shows=CommunityNameSchema(), status=201, idempotent=True)
    def keyed(ctx: Ctx, body: dict[str, Any]) -> Community:
        """Make one, once per key."""
        return make(ctx, body["name"])

    @door.post("/flow", takes=NewCommunitySchema(), shows=CommunityNameSchema(), status=201, idempotent=True, flow=True)
    def flow(product: Lintuan, actor: Actor, body: dict[str, Any]) -> dict[str, str]:
        """Make one in a transaction of its own, once per key."""
        with product.unit(actor) as ctx:
            return {"name": make(ctx, body["name"]).name}

    @door.get("/list", shows=CommunityNameSchema(), paged=True)
    def everything(ctx: Ctx, page: Page) -> Slice[Community]:
        """All of them."""
        wanted = select(Community).order_by(Community.id).limit(page.limit + 1)
        if page.after is not None:
            wanted = wanted.where(Community.id > page.after[0])
        return cut(ctx.session.scalars(wanted).all(), page, lambda row: (row.id,))

    @door.get("/other-list", shows=CommunityNameSchema(), paged=True)
    def other(ctx: Ctx, page: Page) -> Slice[Community]:
        """None of them."""
        return Slice([])

    return door


@pytest.fixture
def app(app: Flask) -> Flask:
    """The product with the routes of this module."""
    app.extensions["flask-smorest"]["apis"][""]["ext_obj"].register_blueprint(door_for_tests())
    return app


@pytest.fixture
def token(unit: Transactions) -> str:
    """A resident's token."""
    with unit(SYSTEM) as ctx:
        return people.token(ctx, people.resident(ctx))


@pytest.fixture
def post(client: FlaskClient, token: str) -> Post:
    """`post(path, body, key=None)` as the resident."""

    def send(path: str, body: Any, key: str | None = None) -> Any:
        headers = {**bearer(token), **({"Idempotency-Key": key} if key else {})}
        return client.post(f"/edge{path}", data=json.dumps(body), content_type="application/json", headers=headers)

    return send


def count(unit: Transactions) -> int:
    """How many communities there are."""
    with unit.reading() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(Community)) or 0


def test_what_a_view_made_is_there_after_the_answer(post: Post, unit: Transactions) -> None:
    response = post("/plain", {"name": "幸福里"})
    assert (response.status_code, response.get_json()) == (201, {"name": "幸福里"})
    assert count(unit) == 1


@pytest.mark.parametrize(("name", "status"), [("refused", 409), ("broken", 500)])
def test_nothing_stays_of_a_view_that_raised(post: Post, unit: Transactions, name: str, status: int) -> None:
    assert post("/plain", {"name": name}).status_code == status
    assert post("/keyed", {"name": name}, "key-00001").status_code == status
    assert count(unit) == 0
    assert post("/keyed", {"name": name}, "key-00001").status_code == status


@pytest.mark.parametrize("path", ["/keyed", "/flow"])
def test_the_same_key_and_body_give_the_stored_answer(post: Post, unit: Transactions, path: str) -> None:
    first, second = (post(path, {"name": "一期"}, "key-00001") for _ in range(2))
    assert (second.status_code, second.get_json()) == (first.status_code, first.get_json()) == (201, {"name": "一期"})
    assert (first.headers.get("Idempotency-Replayed"), second.headers.get("Idempotency-Replayed")) == (None, "true")
    assert count(unit) == 1


@pytest.mark.parametrize("path", ["/keyed", "/flow"])
def test_the_same_key_with_another_body_is_refused(post: Post, unit: Transactions, path: str) -> None:
    post(path, {"name": "一期"}, "key-00001")
    assert post(path, {"name": "二期"}, "key-00001").get_json()["code"] == "key_reused"
    assert count(unit) == 1


def test_a_key_is_needed_and_must_be_sane(post: Post, unit: Transactions) -> None:
    missing = post("/keyed", {"name": "一期"}).get_json()
    assert (missing["code"], list(missing["errors"])) == ("key_missing", ["Idempotency-Key"])
    for key in ("short", "x" * 81, "with space"):
        assert list(post("/keyed", {"name": "一期"}, key).get_json()["errors"]) == ["Idempotency-Key"]
    assert count(unit) == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": 5}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 21}, "name"),
        ({"name": "a\x07b"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "a\ud800b"}, "name"),
        ({"name": ["a"]}, "name"),
        ({"name": None}, "name"),
        ({"name": "a", "number": "5"}, "number"),
        ({"name": "a", "number": 1.0}, "number"),
        ({"name": "a", "number": True}, "number"),
        ({"name": "a", "number": 10**30}, "number"),
        ({"name": "a", "number": -1}, "number"),
        ({"name": "a", "price_fen": 1}, "price_fen"),
        ([], "body"),
        ("text", "body"),
    ],
)
def test_a_bad_body_is_refused_by_the_name_of_its_field(post: Post, body: Any, field: str) -> None:
    response = post("/plain", body)
    assert response.status_code == 422
    assert list(response.get_json()["errors"]) == [field]


def test_a_list_is_read_page_by_page_without_gap_or_repeat(client: FlaskClient, unit: Transactions, token: str) -> None:
    names = [f"{number}期" for number in range(7)]
    with unit(SYSTEM) as ctx:
        for name in names:
            people.community(ctx, name)
    seen, cursor = [], ""
    while True:
        page = client.get(f"/edge/list?limit=3{cursor}", headers=bearer(token)).get_json()
        seen += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == names


def test_a_cursor_is_good_for_its_own_list_and_only_unchanged(
    client: FlaskClient, unit: Transactions, token: str
) -> None:
    with unit(SYSTEM) as ctx:
        people.community(ctx), people.community(ctx)
    cursor = client.get("/edge/list?limit=1", headers=bearer(token)).get_json()["next_cursor"]
    for path in (f"/edge/other-list?cursor={cursor}", f"/edge/list?cursor=A{cursor}", "/edge/list?cursor=é.è"):
        assert list(client.get(path, headers=bearer(token)).get_json()["errors"]) == ["cursor"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1e1", "٣"])
def test_a_page_holds_one_to_a_hundred(client: FlaskClient, token: str, limit: str) -> None:
    assert list(client.get(f"/edge/list?limit={limit}", headers=bearer(token)).get_json()["errors"]) == ["limit"]
