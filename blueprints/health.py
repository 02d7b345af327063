"""Is it alive, is it ready, how is it doing: /livez, /readyz, /metrics."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from blueprints.shared.guards import public
from blueprints.shared.product import lintuan
from services import health

door = Blueprint("health", __name__)
log = structlog.get_logger("lintuan.health")


@door.get("/livez")
@public
def livez() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@door.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """The database answers and has the tables of this code; 503 until then. Shows how the sweeps are doing."""
    try:
        with lintuan().unit.reading() as ctx:
            found: dict[str, Any] = health.look(ctx)
    except Exception as error:  # whatever the database does, the answer is "not ready"
        log.warning("not ready", exc_info=error)
        return jsonify(status="not ready", database="unreachable"), 503
    ready = found["migrations"] == "current"
    return jsonify(status="ready" if ready else "not ready", **found), 200 if ready else 503


@door.get("/metrics")
@public
def metrics() -> Response:
    """Counters for Prometheus; without personal data, yet the proxy in front should keep it inside the house."""
    return Response(generate_latest(current_app.extensions["lintuan_metrics"].registry), mimetype=CONTENT_TYPE_LATEST)
