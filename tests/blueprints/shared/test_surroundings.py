"""Every answer, whoever gives it, has its id, its headers, one line in the log and one mark in the metrics."""

from __future__ import annotations

import inspect
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints.shared.surroundings import HEADER, SITE_HEADERS
from tests.leaks import LogTail


@pytest.mark.parametrize(
    ("method", "path", "endpoint", "status"),
    [
        ("GET", "/livez", "health.livez", 200),
        ("GET", "/nowhere", "none", 404),
        ("GET", "/api/resident/me", "resident.show_me", 401),
        ("BREW", "/livez", "none", 405),
    ],
)
def test_each_request_leaves_one_line_and_one_mark(
    app: Flask, client: FlaskClient, log_tail: LogTail, method: str, path: str, endpoint: str, status: int
) -> None:
    log_tail.forget()
    answer = client.open(path, method=method)
    assert answer.status_code == status
    [line] = [json.loads(text) for text in log_tail.text().splitlines()]
    shown = method if method == "GET" else "OTHER"
    assert list(line) == ["method", "endpoint", "status", "ms", "event", "request_id", "level", "logger", "timestamp"]
    assert (line["method"], line["endpoint"], line["status"], line["event"]) == (shown, endpoint, status, "request")
    assert (line["request_id"], line["level"]) == (answer.headers[HEADER], "info")
    labels = {"method": shown, "endpoint": endpoint, "status": str(status)}
    counted = app.extensions["lintuan_metrics"].registry
    assert counted.get_sample_value("lintuan_http_requests_total", labels) == 1
    assert counted.get_sample_value("lintuan_http_seconds_count", {"endpoint": endpoint}) == 1


@pytest.mark.parametrize("path", ["/livez", "/nowhere", "/api/resident/me"])
def test_each_answer_has_the_site_s_headers_once(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers.getlist(name) for name in SITE_HEADERS} == {n: [v] for n, v in SITE_HEADERS.items()}
    assert headers.getlist("Cache-Control") == (["no-store"] if path.startswith("/api/") else [])


def test_an_answer_s_own_header_is_kept(client: FlaskClient) -> None:
    assert client.get("/m/style.css").headers.getlist("Cache-Control") == ["public, max-age=600"]


def test_no_view_and_no_hook_waits_for_an_event_loop(app: Flask) -> None:
    hooks = [
        hook
        for table in (app.before_request_funcs, app.after_request_funcs)
        for each in table.values()
        for hook in each
    ]
    assert [at for at in (*app.view_functions.values(), *hooks) if inspect.iscoroutinefunction(at)] == []
