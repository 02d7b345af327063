"""The sandbox's clock moves when asked, stays moved, and takes the product along."""

from __future__ import annotations

import json
import queue
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.app import create_app, stop
from sandbox.config import Config
from sandbox.context import Sandbox
from tests.sandbox.merchant import Inbox, Merchant


def test_advancing_moves_the_product_to_the_same_offset(sandbox_config: Config, inbox: Inbox) -> None:
    app = create_app(Config(sandbox_config.data_dir, 8001, inbox.url))
    client = app.test_client()
    client.post("/control/clock", json={"offset_seconds": 100})
    answer = client.post("/control/clock", json={"advance_seconds": 60}).get_json()
    path, _, body = inbox.received.get(timeout=60)
    stop(app)
    assert (answer["offset_seconds"], answer["product"]) == (160, "moved")
    assert (path, json.loads(body)) == ("/dev/clock", {"offset_seconds": 160})
    with pytest.raises(queue.Empty):
        inbox.received.get_nowait()


def test_the_offset_outlives_a_restart_and_an_absent_product_is_no_error(sandbox_config: Config) -> None:
    config = Config(sandbox_config.data_dir, 8001, "http://127.0.0.1:9")
    app = create_app(config)
    assert app.test_client().post("/control/clock", json={"advance_seconds": 3600}).get_json()["product"] == "absent"
    stop(app)
    app = create_app(config)
    box: Sandbox = app.extensions["sandbox"]
    ahead = box.clock.now() - datetime.now(UTC)
    stop(app)
    assert abs(ahead - timedelta(hours=1)) < timedelta(seconds=5)


@pytest.mark.parametrize("wish", [{}, {"advance_seconds": "60"}, {"offset_seconds": 1, "advance_seconds": 1}])
def test_anything_but_one_whole_number_is_refused(merchant: Merchant, wish: dict[str, object]) -> None:
    assert merchant.http.post("/control/clock", json=wish).status_code == 400
    assert merchant.control("clock")["offset_seconds"] == 0
