"""Around every request: its id, the size of its body, one log line, its metrics, and the headers of a careful site."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Mapping
from os import urandom
from typing import TYPE_CHECKING, Any, Protocol

from flask import Flask
from flask.globals import request_ctx
from prometheus_client import CollectorRegistry, Counter, Histogram
from structlog.contextvars import bind_contextvars, clear_contextvars

from blueprints.shared.kept import EXTENSION, KeptPages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODY_BYTES = 1_000_000
HEADER = "X-Request-ID"
ENDPOINT = "lintuan.endpoint"
_SANE = re.compile(r"[A-Za-z0-9_.-]{8,64}")
SITE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Others count as OTHER: a client may send any word, and each would be a metric of its own."""


class Tell(Protocol):
    """Writes the line of one request."""

    def __call__(self, method: str, endpoint: str, status: int, milliseconds: int, request_id: str) -> None:
        """Everything but the request id is ours; that one holds letters, digits and `_.-` only."""


class Metrics:
    """What is counted of requests: by endpoint, never by path, because paths hold ids and codes."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "endpoint", "status")
        self.requests = Counter("lintuan_http_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram("lintuan_http_seconds", "Time to answer", ("endpoint",), registry=self.registry)
        self._kinds: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def mark(self, method: str, endpoint: str, status: int, seconds: float) -> None:
        """Count one request; which counters its kind has is looked up once."""
        kind = self._kinds.get((method, endpoint, status))
        if kind is None:
            kind = self.requests.labels(method, endpoint, str(status)), self.seconds.labels(endpoint)
            self._kinds[method, endpoint, status] = kind
        kind[0].inc()
        kind[1].observe(seconds)


class Surroundings:
    """The outermost layer, around Flask: what it does for every request costs a fifth of what hooks would.

    A page that is kept is answered here.
    """

    def __init__(
        self, inner: WSGIApplication, metrics: Metrics, tell: Tell, kept: KeptPages, *, https_only: bool
    ) -> None:
        self._inner, self._metrics, self._tell, self._kept = inner, metrics, tell, kept
        site = {**SITE_HEADERS, "Strict-Transport-Security": "max-age=31536000"} if https_only else SITE_HEADERS
        self._site = _lowered(site)
        self._api = _lowered({**site, "Cache-Control": "no-store"})

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        began = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID")
        request_id = given if given and _SANE.fullmatch(given) else urandom(16).hex()
        clear_contextvars()
        bind_contextvars(request_id=request_id)

        def surrounded(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            self._record(environ, int(status[:3]), time.perf_counter() - began, request_id)
            said = {name.lower() for name, _ in headers}
            wanted = self._api if environ["PATH_INFO"].startswith("/api/") else self._site
            headers.extend(wanted.values() if said.isdisjoint(wanted) else _without(wanted, said))
            headers.append((HEADER, request_id))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        page = self._kept.at_hand(environ) if environ["REQUEST_METHOD"] == "GET" else None
        if page is None:
            return self._inner(environ, surrounded)
        environ[ENDPOINT] = page.endpoint
        status, headers, body = page.answer(environ)
        surrounded(status, headers)
        return [body]

    def _record(self, environ: WSGIEnvironment, status: int, seconds: float, request_id: str) -> None:
        method = environ["REQUEST_METHOD"]
        method, endpoint = method if method in METHODS else "OTHER", environ.get(ENDPOINT, "none")
        self._metrics.mark(method, endpoint, status, seconds)
        self._tell(method, endpoint, status, round(seconds * 1000), request_id)


def _without(wanted: Mapping[str, tuple[str, str]], said: Collection[str]) -> list[tuple[str, str]]:
    return [pair for name, pair in wanted.items() if name not in said]


def _lowered(headers: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {name.lower(): (name, value) for name, value in headers.items()}


def install(app: Flask, tell: Tell, *, keep_seconds: float, https_only: bool) -> None:
    """Surround all requests of `app`; `tell` logs them, public pages are kept for `keep_seconds`.

    Call it before the guards are installed.
    """
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    metrics = app.extensions["lintuan_metrics"] = Metrics()
    kept = app.extensions[EXTENSION] = KeptPages(keep_seconds)
    app.wsgi_app = Surroundings(app.wsgi_app, metrics, tell, kept, https_only=https_only)  # type: ignore[method-assign]  # the way Flask documents

    @app.before_request
    def name_the_endpoint() -> None:
        asked = request_ctx.request  # once: `request` finds it anew for each word
        endpoint = asked.endpoint
        if endpoint is None:
            return
        asked.environ[ENDPOINT] = endpoint
        asked.max_content_length = getattr(app.view_functions[endpoint], "upload_bytes", 0) or BODY_BYTES
