"""Around every request: its id, the size of its body, one log line, its metrics, and the headers of a careful site."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

BODY_BYTES = 1_000_000
HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9_.-]{8,64}")
SITE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
log = structlog.get_logger("lintuan.http")


class Metrics:
    """What is counted of requests: by endpoint, never by path, because paths hold ids and codes."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "endpoint", "status")
        self.requests = Counter("lintuan_http_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram("lintuan_http_seconds", "Time to answer", ("endpoint",), registry=self.registry)


def install(app: Flask, *, https_only: bool) -> None:
    """Surround all requests of `app`; call it before the guards are installed."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    metrics = app.extensions["lintuan_metrics"] = Metrics()

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get(HEADER, "")
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=given if _SANE.fullmatch(given) else uuid4().hex)
        view = current_app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, "upload_bytes", 0) or BODY_BYTES

    @app.after_request
    def end(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        metrics.requests.labels(_method(), endpoint, str(response.status_code)).inc()
        metrics.seconds.labels(endpoint).observe(seconds)
        log.info("request", method=_method(), endpoint=endpoint, status=response.status_code, ms=round(seconds * 1000))
        for name, value in SITE_HEADERS.items():
            response.headers.setdefault(name, value)
        if https_only:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers[HEADER] = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        return response


def _method() -> str:
    """The method, or "OTHER": a client may send any word, and each would be a metric of its own."""
    return request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "OTHER"
