"""The load generator counts each whole answer once, by its status, and tells what it cost."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request

from benchmarks import load, wire
from chaos.serving import serving

ASKED = wire.get("/")


@pytest.fixture
def port() -> Iterator[int]:
    """A server that answers what it is asked to."""
    app = Flask("answers")
    seen: set[str] = set()

    @app.get("/")
    def long_one() -> Response:
        return Response(b"x" * 400_000)

    @app.post("/orders")
    def once() -> Response:
        key = request.headers["Idempotency-Key"]
        again = {"Idempotency-Replayed": "true"} if key in seen else {}
        seen.add(key)
        return Response(json.dumps(request.json), 201, again)

    @app.get("/none")
    def nothing() -> Response:
        return Response(status=204)

    @app.get("/short")
    def short_one() -> Response:
        return Response("{}")

    with serving(app) as port:
        yield port


def _order(key: str) -> bytes:
    return wire.post("/orders", {"units": 1}, wire.bearer("token", key))


def test_every_request_is_answered_once_and_a_repeated_key_is_no_first_order(port: int) -> None:
    requests = [_order(f"key-{number % 30}") for number in range(40)]
    told = load.closed(port, requests, 4, 20)
    assert told.all == {201: 30, "replayed": 10}
    assert told.rate(201) == 30 / told.seconds
    assert told.cpu_us > 0


def test_answers_are_counted_only_when_they_are_whole(port: int) -> None:
    assert load.closed(port, [ASKED] * 5, 2, 20).all == {200: 5}


def test_a_connection_that_the_server_ends_after_an_answer_is_opened_anew(port: int) -> None:
    assert load.closed(port, [wire.get("/none")] * 5, 2, 20).all == {204: 5}


def test_requests_begin_anew_until_the_time_is_over(port: int) -> None:
    told = load.closed(port, [wire.get("/short")], 2, 0.1, again=True)
    assert told.seconds == pytest.approx(0.1)
    assert told.all.total() - 2 <= told.within.total() <= told.all.total()


def test_an_open_loop_is_late_from_the_due_time_on(port: int) -> None:
    told = load.opened(port, [wire.get("/short")] * 20, 1, 200)
    assert told.all == {200: 20}
    assert len(told.late) == 20
    assert told.seconds >= 19 / 200


def test_a_connection_that_ends_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(1000)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(load.Broken):
            load.closed(server.getsockname()[1], [ASKED], 1, 1)
        thread.join()
