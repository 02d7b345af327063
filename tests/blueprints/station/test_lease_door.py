"""The offline desk over HTTP: taken along, checked by its key, reported, and what went astray shown to who answers."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.actors import CLOCK
from services.transactions import Transactions
from tests.blueprints.station.test_cash_door import Device, device
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.pickup.offline import ready
from tests.services.pickup.world import World


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def _item(order: dict[str, Any], client_id: str, **more: Any) -> dict[str, Any]:
    lines = [{"line_id": item["line_id"], "units": item["units_left"]} for item in order["items"]]
    return {"client_id": client_id, "order_id": order["order_id"], "lines": lines, "token": None,
            "at": "2026-11-26T05:00:00Z", **more}  # fmt: skip


def test_a_desk_goes_offline_and_comes_back(world: World, client: FlaskClient) -> None:
    first, second = ready(world, {"草莓": 2}), ready(world, {"纸巾": 1})
    offline, online = device(world, client, world.staff("小张")), device(world, client, world.staff("小李"))
    lease = offline.post("/api/station/lease", {"device_label": "柜台手机"}).json
    assert [order["order_id"] for order in lease["orders"]] == [first, second]
    assert (len(lease["key"]), lease["point"], lease["day"]) == (43, world.point_ids[0], "20261126")
    taken = online.post("/api/station/lease", {"device_label": "平板"})
    assert (taken.status_code, taken.json["code"], taken.json["facts"]["by"]) == (409, "lease_taken", "小张")
    assert "小张 的设备（柜台手机）自 11-26 14:00 起" in taken.json["detail"]
    online.post("/api/station/redemptions", {"orders": [second], "found_by": "code"})
    body = {"lease_id": lease["id"], "items": [_item(each, f"note-{each['order_id']}") for each in lease["orders"]]}
    told = offline.post("/api/station/lease/uploads", body)
    assert (told.status_code, [each["result"] for each in told.json["items"]]) == (200, ["done", "conflict"])
    assert "小李" in told.json["items"][1]["detail"]
    again = offline.post("/api/station/lease/uploads", body).json["items"]
    assert [each["result"] for each in again] == ["again", "conflict"]
    assert offline.client.delete("/api/station/lease", headers=online.headers).status_code == 404
    assert offline.client.delete("/api/station/lease", headers=offline.headers).status_code == 204


def test_a_loss_is_shown_to_its_leader_and_to_the_operator_and_closed(world: World, client: FlaskClient) -> None:
    order = ready(world, {"草莓": 1})
    offline, leader = device(world, client, world.staff()), device(world, client, world.leader)
    lease = offline.post("/api/station/lease", {"device_label": "柜台手机"}).json
    device(world, client, world.staff("小李")).post("/api/station/redemptions", {"orders": [order], "found_by": "code"})
    item = _item(lease["orders"][0], "note-0000001")
    offline.post("/api/station/lease/uploads", {"lease_id": lease["id"], "items": [item]})
    (case,) = leader.get("/api/leader/losses?open_only=true").json["items"]
    assert (case["why"], case["units"], case["worth_fen"], case["first_by"]) == ("twice", 1, 1500, "小李")
    with world.unit(CLOCK) as ctx:
        operator = Device(client, people.token(ctx, people.operator(ctx)))
        other = Device(client, people.token(ctx, people.leader(ctx)))
    assert operator.get("/api/admin/losses").json["items"] == [case]
    assert other.get("/api/leader/losses").json["items"] == []
    assert other.post(f"/api/leader/losses/{case['id']}/close", {"remark": "不是我的"}).status_code == 404
    closed = leader.post(f"/api/leader/losses/{case['id']}/close", {"remark": "店里承担"})
    assert (closed.status_code, closed.json["remark"]) == (200, "店里承担")
    assert operator.post(f"/api/admin/losses/{case['id']}/close", {"remark": "迟了"}).json["code"] == "wrong_state"


def test_a_leader_ends_the_lease_of_a_lost_device(world: World, client: FlaskClient) -> None:
    ready(world, {"草莓": 1})
    lost, leader = device(world, client, world.staff()), device(world, client, world.leader)
    lost.post("/api/station/lease", {"device_label": "柜台手机"})
    path = f"/api/leader/points/{world.point_ids[0]}/lease"
    assert client.delete(path, headers=leader.headers).status_code == 204
    assert client.delete(path, headers=leader.headers).status_code == 404


def test_the_station_takes_only_what_is_well_formed(world: World, client: FlaskClient) -> None:
    ready(world, {"草莓": 1})
    desk = device(world, client, world.staff())
    lease = desk.post("/api/station/lease", {"device_label": "柜台手机"}).json
    good = _item(lease["orders"][0], "note-0000001")
    for wrong in ({**good, "client_id": "短"}, {**good, "lines": good["lines"] * 2}, {**good, "lines": []},
                  {**good, "at": "2026-11-26T05:00:00"}, {**good, "price_fen": 1},
                  {**good, "at": "0001-01-01T00:00:00+08:00"}, {**good, "at": "9999-12-31T23:59:59Z"}):  # fmt: skip
        body = {"lease_id": lease["id"], "items": [wrong]}
        assert desk.post("/api/station/lease/uploads", body).status_code == 422
    there = device(world, client, world.staff(point=1))
    body = {"lease_id": lease["id"], "items": [good]}
    assert there.post("/api/station/lease/uploads", body).status_code == 404
