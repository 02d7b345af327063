"""What is left out of Flask changes nothing that anybody could see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, Response, json, session
from flask.json.provider import DefaultJSONProvider
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from blueprints.shared.lean import Product, Whole

ADAPTER = ("server_name", "script_name", "subdomain", "url_scheme", "path_info", "default_method", "query_args")
WAYS: tuple[dict[str, Any], ...] = (
    {"path": "/things/7", "query_string": {"q": "草莓", "page": "2"}},
    {"path": "/things/草莓", "method": "POST"},
    {"path": "/things//7"},
    {"path": "/nowhere"},
    {"path": "/things/7", "base_url": "https://Example.COM:8443/under/草莓"},
    {"path": "/things/7", "base_url": "https://example.com:443"},
    {"path": "/things/7", "headers": {"Host": "not a host"}},
    {"path": "/things/7", "headers": {"Host": "a" * 70 + ".example"}},
    {"path": "/things/7", "headers": {"Connection": "Upgrade", "Upgrade": "websocket"}},
)


def made(kind: type[Flask]) -> Flask:
    """An app of that kind with one route."""
    app = kind("made", static_folder=None)
    app.add_url_rule("/things/<string:name>", "thing", lambda name: name, methods=["GET", "POST"])
    return app


def bound(kind: type[Flask], way: dict[str, Any]) -> Any:
    """What the adapter of a request says, and what it finds."""
    with made(kind).test_request_context(**way) as pushed:
        adapter = pushed.url_adapter
        refusal = pushed.request.routing_exception
        found = pushed.request.endpoint, pushed.request.view_args
        return adapter and [getattr(adapter, name) for name in ADAPTER], _told(refusal), found


def _told(refusal: HTTPException | None) -> Any:
    return refusal and (type(refusal), refusal.code, getattr(refusal, "new_url", None))


@pytest.mark.parametrize("way", WAYS)
def test_paths_are_found_as_flask_finds_them(way: dict[str, Any]) -> None:
    assert bound(Product, way) == bound(Flask, way)


def test_without_a_request_there_is_no_adapter() -> None:
    with made(Product).app_context() as pushed:
        assert not isinstance(pushed.url_adapter, MapAdapter)


@pytest.mark.parametrize(
    "told", [{"b": "草莓", "a": [1, None, True]}, {"at": datetime(2026, 5, 1, tzinfo=UTC)}, "text"]
)
def test_json_is_written_as_flask_writes_it_with_text_as_it_is(told: Any) -> None:
    plain = DefaultJSONProvider(made(Flask))
    plain.ensure_ascii = False
    with made(Product).app_context():
        assert json.dumps(told) == plain.dumps(told)
        assert json.dumps(told, indent=2) == plain.dumps(told, indent=2)


def test_a_session_is_empty_and_cannot_be_written() -> None:
    app = made(Product)
    with app.test_request_context(headers={"Cookie": "session=anything"}):
        assert not session
        with pytest.raises(RuntimeError):
            session["kept"] = 1
    assert "Set-Cookie" not in app.test_client().get("/things/7").headers


@pytest.mark.parametrize("method", ["POST", "HEAD"])
def test_a_whole_text_is_sent_as_any_response(method: str) -> None:
    def sent(kind: type[Response]) -> tuple[str, Headers, bytes]:
        app = made(Product)
        app.add_url_rule("/", "told", lambda: kind("草莓", 201, content_type="text/x"), methods=["POST", "GET"])
        answer = app.test_client().open("/", method=method)
        return answer.status, answer.headers, answer.data

    assert sent(Whole) == sent(Response)
