"""The test channel's callback: signed JSON in, replies and the pressed card's change out."""

from __future__ import annotations

from typing import Any

from flask import Response, json, request

from blueprints.shared.product import lintuan
from blueprints.webhooks.callbacks import callback, raw_body, set_up

SILENT: dict[str, Any] = {"replies": [], "update": None}


@callback("/sandbox-chat", "POST")
def hear_test_channel() -> Response:
    """A message or a click."""
    message = set_up(lintuan().hooks.sandbox_chat).read(dict(request.headers), raw_body())
    answer = lintuan().hear("sandbox", message)
    return Response(json.dumps(SILENT if answer is None else answer), mimetype="application/json")
