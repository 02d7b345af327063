"""The station's door over HTTP: join, take in, find, hand over, undo, leave; slow for guesses, shut for strangers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event

from domain.actors import CLOCK, Actor
from models import Leader, PickupPoint, PickupStaff, Resident
from services import staffing
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, code_of, lines_of


class Desk:
    """Somebody's browser at a desk."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.headers = people.bearer(token)
        self.number = 0

    def get(self, path: str) -> Any:
        """GET with this token."""
        return self.client.get(path, headers=self.headers)

    def post(self, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        """POST with this token and a fresh idempotency key unless one is given."""
        self.number += 1
        headers = self.headers | {"Idempotency-Key": key or f"key-{id(self)}-{self.number}"}
        return self.client.post(path, json=body or {}, headers=headers)


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def _token(world: World, who: Actor) -> str:
    tables: dict[str, Any] = {"resident": Resident, "leader": Leader, "staff": PickupStaff}
    with world.unit(CLOCK) as ctx:
        return people.token(ctx, ctx.session.get_one(tables[who.role], who.id))


def _desk(world: World, client: FlaskClient, who: Actor) -> Desk:
    return Desk(client, _token(world, who))


def _ready(world: World, units: dict[str, int], who: Actor | None = None) -> str:
    campaign = world.campaign()
    order = world.order(who or world.resident(), campaign, units)
    world.bring(campaign)
    return order


def _code(world: World, order: str) -> str:
    with world.unit(CLOCK) as ctx:
        return code_of(ctx, order).code


def test_an_invited_resident_joins_works_and_leaves(world: World, client: FlaskClient) -> None:
    with world.unit(world.leader) as ctx:
        code = staffing.invite(ctx, world.point_ids[0]).code
    person = _desk(world, client, world.resident("陈阿姨"))
    body = {"code": code, "display_name": "陈阿姨", "device": "柜台手机"}
    joined = person.post("/api/station/join", body)
    assert joined.status_code == 201
    assert person.post("/api/station/join", body).status_code == 410
    desk = Desk(client, joined.json["token"])
    assert desk.get("/api/station/me").json["desk"]["point"] == "东门"
    assert desk.post("/api/station/leave").status_code == 204
    assert desk.get("/api/station/me").status_code == 401


def test_guessing_an_invitation_is_cut_off(world: World, client: FlaskClient) -> None:
    person = _desk(world, client, world.resident())
    body = {"code": "000000", "display_name": "某", "device": "手机"}
    answers = [person.post("/api/station/join", body).status_code for _ in range(6)]
    assert answers == [404] * 5 + [429]


def test_staff_take_a_delivery_in_and_hand_its_goods_over(world: World, client: FlaskClient) -> None:
    campaign = world.campaign()
    who = world.resident("李小花")
    order = world.order(who, campaign, {"草莓": 2})
    world.settle(campaign)
    leader, desk, owner = (_desk(world, client, actor) for actor in (world.leader, world.staff(), who))
    (delivery,) = leader.post(f"/api/leader/campaigns/{campaign}/dispatch").json["deliveries"]
    for step in ("pick", "ship"):
        assert leader.post(f"/api/leader/deliveries/{delivery['id']}/{step}").status_code == 200
    assert [item["state"] for item in desk.get("/api/station/deliveries").json["items"]] == ["in_transit"]
    counts = {line["offer_id"]: line["planned_units"] for line in delivery["lines"]}
    arrival = f"/api/station/deliveries/{delivery['id']}/arrive"
    assert desk.post(arrival, {"counts": {}}).json["code"] == "invalid"
    assert desk.post(arrival, {"counts": counts}).json["state"] == "arrived"
    assert desk.post(arrival, {"counts": counts}).status_code == 409
    pickup = owner.get(f"/api/resident/orders/{order}/pickup").json
    found = desk.post("/api/station/search", {"code": pickup["code"]}).json
    assert [line["waiting"] for line in found["orders"][0]["lines"]] == [2]
    done = desk.post("/api/station/redemptions", {"orders": [order], "found_by": "code"})
    assert done.status_code == 201
    assert done.json["redemptions"][0]["order_state"] == "collected"
    assert pickup["code"] not in done.text
    assert desk.get("/api/station/waiting").json["items"] == []
    assert len(desk.get("/api/station/redemptions").json["items"]) == 1


def test_the_qr_of_the_order_page_is_read_at_the_desk(world: World, client: FlaskClient) -> None:
    who = world.resident()
    order = _ready(world, {"草莓": 1}, who)
    owner = _desk(world, client, who)
    png = owner.get(f"/api/resident/orders/{order}/pickup/qr.png")
    assert png.content_type == "image/png"
    (barcode,) = zxingcpp.read_barcodes(Image.open(BytesIO(png.data)).convert("L"))
    desk = _desk(world, client, world.staff())
    assert desk.post("/api/station/search", {"qr": barcode.text}).json["orders"][0]["id"] == order
    assert owner.post(f"/api/resident/orders/{order}/pickup/reissue").status_code == 200
    assert desk.post("/api/station/search", {"qr": barcode.text}).status_code == 404


def test_the_same_key_hands_over_once_and_another_key_is_told_who_was_first(world: World, client: FlaskClient) -> None:
    order = _ready(world, {"草莓": 1})
    first, second = (_desk(world, client, world.staff(name)) for name in ("小张", "小李"))
    body = {"orders": [order], "found_by": "code"}
    once = first.post("/api/station/redemptions", body, key="the-same-key")
    again = first.post("/api/station/redemptions", body, key="the-same-key")
    assert once.json == again.json
    late = second.post("/api/station/redemptions", body)
    assert late.status_code == 409
    assert late.json["facts"]["by"] == "小张"
    assert late.json["facts"]["at"].endswith("Z")


def test_part_then_undo_with_a_reason(world: World, client: FlaskClient) -> None:
    order = _ready(world, {"草莓": 3})
    with world.unit(CLOCK) as ctx:
        line = lines_of(ctx, order)["草莓"].public_id
    desk = _desk(world, client, world.staff())
    body = {"orders": [order], "found_by": "code", "lines": [{"line": line, "units": 2}]}
    done = desk.post("/api/station/redemptions", body).json["redemptions"][0]
    assert (done["order_state"], done["items"][0]["units"]) == ("ready", 2)
    path = f"/api/station/redemptions/{done['id']}/undo"
    assert desk.post(path, {"reason": " "}).status_code == 422
    undone = desk.post(path, {"reason": "拿错了"})
    assert (undone.status_code, undone.json["reverses"]) == (201, done["id"])
    assert desk.post(path, {"reason": "拿错了"}).status_code == 409


def test_redeeming_asks_for_a_key(world: World, client: FlaskClient) -> None:
    desk = _desk(world, client, world.staff())
    refused = client.post("/api/station/redemptions", json={"orders": [], "found_by": "code"}, headers=desk.headers)
    assert refused.status_code == 422


def test_another_point_sees_nothing(world: World, client: FlaskClient) -> None:
    order = _ready(world, {"草莓": 1})
    there = _desk(world, client, world.staff(point=1))
    assert there.post("/api/station/redemptions", {"orders": [order], "found_by": "batch"}).status_code == 404
    assert there.post("/api/station/search", {"code": _code(world, order)}).status_code == 404
    assert there.get("/api/station/waiting").json["items"] == []
    assert there.get("/api/station/deliveries").json["items"] == []


def test_wrong_codes_slow_the_field_by_at_most_five_seconds(world: World, client: FlaskClient) -> None:
    order = _ready(world, {"草莓": 1})
    desk = _desk(world, client, world.staff())
    answers = [desk.post("/api/station/search", {"code": "00000018"}) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [404] * 11 + [429]
    assert 0 < answers[-1].json["facts"]["retry_after"] <= 5
    other = _desk(world, client, world.staff())
    assert other.post("/api/station/search", {"code": _code(world, order)}).status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"code": "1", "qr": "x"}, {"phone_tail": "1234", "qr": "x"}, {"roster_number": 0}]
)
def test_a_search_takes_exactly_one_proof(world: World, client: FlaskClient, body: dict[str, Any]) -> None:
    assert _desk(world, client, world.staff()).post("/api/station/search", body).status_code == 422


def test_the_leader_hands_over_and_undoes_at_the_points_of_own_campaigns(world: World, client: FlaskClient) -> None:
    order = _ready(world, {"草莓": 1})
    leader = _desk(world, client, world.leader)
    point = f"/api/leader/points/{world.point_ids[0]}"
    assert leader.post(f"{point}/search", {"code": _code(world, order)}).json["orders"][0]["id"] == order
    assert [row["id"] for row in leader.get(f"{point}/waiting").json["items"]] == [order]
    done = leader.post(f"{point}/redemptions", {"orders": [order], "found_by": "code"}).json["redemptions"][0]
    world.clock.advance(hours=1)
    assert leader.post(f"/api/leader/redemptions/{done['id']}/undo", {"reason": "拿错了"}).status_code == 201


def test_a_leader_without_campaigns_there_finds_no_such_point(world: World, client: FlaskClient) -> None:
    order = _ready(world, {"草莓": 1})
    with world.unit(CLOCK) as ctx:
        stranger = people.leader(ctx)
        token = people.token(ctx, stranger)
        assert ctx.session.get(PickupPoint, world.points[0]) is not None
    point = f"/api/leader/points/{world.point_ids[0]}"
    assert Desk(client, token).post(f"{point}/search", {"code": _code(world, order)}).status_code == 404


def test_lists_and_searches_take_a_constant_number_of_statements(world: World, client: FlaskClient) -> None:
    desk = _desk(world, client, world.staff())
    who = world.resident()
    counts: list[list[int]] = []
    for _ in range(2):
        campaign = world.campaign()
        orders = [world.order(who, campaign, {"草莓": 1, "纸巾": 1}) for _ in range(3)]
        world.bring(campaign)
        asked = [
            ("get", "/api/station/waiting", None),
            ("get", "/api/station/deliveries", None),
            ("post", "/api/station/search", {"code": _code(world, orders[0])}),
            ("post", "/api/station/redemptions", {"orders": orders[:1], "found_by": "code"}),
            ("get", "/api/station/redemptions", None),
        ]
        counts.append([_statements(world, desk, *request) for request in asked])
    assert counts[0] == counts[1]


def test_many_orders_take_as_many_statements_as_two(world: World, client: FlaskClient) -> None:
    desk = _desk(world, client, world.staff())
    campaign = world.campaign()
    orders = [world.order(world.resident(), campaign, {"草莓": 1, "纸巾": 1}) for _ in range(8)]
    world.bring(campaign)
    counts = [
        _statements(world, desk, "post", "/api/station/redemptions", {"orders": some, "found_by": "batch"})
        for some in (orders[:2], orders[2:])
    ]
    assert counts[0] == counts[1]


def _statements(world: World, desk: Desk, method: str, path: str, body: dict[str, Any] | None) -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(world.unit.engine, "before_cursor_execute", note)
    answer = desk.get(path) if method == "get" else desk.post(path, body)
    event.remove(world.unit.engine, "before_cursor_execute", note)
    assert answer.status_code in (200, 201)
    return len(statements)
