"""Alive, ready, counted; the document page loads nothing from elsewhere; the clock moves in development only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app
from domain.actors import SYSTEM
from services.transactions import Transactions
from tests.builders.settings import test_settings


def test_ready_means_the_database_has_this_code_s_tables(client: FlaskClient, unit: Transactions) -> None:
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["migrations"]) == (200, "current")
    with unit(SYSTEM) as ctx:
        ctx.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    behind = client.get("/readyz")
    assert (behind.status_code, behind.get_json()["migrations"]) == (503, "behind")


def test_readiness_tells_how_an_sqlite_file_waits_for_the_disk(sqlite_url: str, tmp_path: Path) -> None:
    made = create_app(test_settings(tmp_path, sqlite_url))
    told = made.test_client().get("/readyz").get_json()
    made.extensions["lintuan"].unit.engine.dispose()
    assert (told["journal_mode"], told["synchronous"]) in (("delete", "extra"), ("wal", "full"))


def test_without_a_database_it_is_alive_but_not_ready(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'missing' / 'x.sqlite3'}"
    client = create_app(test_settings(tmp_path, nowhere)).test_client()
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_requests_are_counted_by_endpoint_and_never_by_path(client: FlaskClient) -> None:
    client.get("/api/resident/orders/ord_private")
    client.open("/livez", method="STRANGE")
    metrics = client.get("/metrics").text
    assert 'endpoint="resident.show_order"' in metrics
    assert "ord_private" not in metrics
    assert "STRANGE" not in metrics


def test_the_document_page_and_all_it_loads_come_from_us(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 4
    for address in loaded:
        with client.get(address) as response:
            assert response.status_code == 200
    assert client.get("/docs/assets/index.html").status_code == 404


def operations(client: FlaskClient) -> list[tuple[str, dict[str, Any]]]:
    """Every operation of the document with its place."""
    paths = client.get("/openapi.json").get_json()["paths"]
    return [
        (f"{method} {path}", operation)
        for path, item in paths.items()
        for method, operation in item.items()
        if method != "parameters"
    ]


def test_the_document_is_openapi_3_1_and_names_every_route_once(app: Flask, client: FlaskClient) -> None:
    assert client.get("/openapi.json").get_json()["openapi"] == "3.1.0"
    found = operations(client)
    ours = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    assert len(found) == sum(len((rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in ours)
    assert len({operation["operationId"] for _, operation in found}) == len(found)
    assert [place for place, operation in found if not operation.get("summary")] == []


def test_the_document_tells_what_each_route_asks_for(client: FlaskClient) -> None:
    for place, operation in operations(client):
        if operation["security"]:
            assert {"401", "403"} <= set(operation["responses"]), place


@pytest.mark.parametrize("offset", ["1", None, True, 1.5, 10**12])
def test_a_strange_offset_is_refused(client: FlaskClient, offset: Any) -> None:
    assert client.post("/dev/clock", json={"offset_seconds": offset}).status_code == 422


def test_the_clock_moves_for_every_process_of_the_data_folder(tmp_path: Path) -> None:
    one, other = (create_app(test_settings(tmp_path)).test_client() for _ in range(2))
    assert one.post("/dev/clock", json={"offset_seconds": 3600}).status_code == 200
    assert other.get("/dev/clock").get_json()["offset_seconds"] == 3600
    (tmp_path / "clock-offset").unlink()


def test_production_has_no_movable_clock(tmp_path: Path) -> None:
    settings = test_settings(tmp_path)
    object.__setattr__(settings, "env", "production")
    assert "/dev/clock" not in {rule.rule for rule in create_app(settings).url_map.iter_rules()}
