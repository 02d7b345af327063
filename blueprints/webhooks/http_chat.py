"""Callbacks in signed JSON, a bridge's and the test channel's: replies and the pressed card's change go back."""

from __future__ import annotations

from typing import Any

from flask import Response, json, request
from werkzeug.exceptions import NotFound

from blueprints.shared.product import lintuan
from blueprints.webhooks.callbacks import callback, raw_body, set_up
from services.assembly import SignedCallback

SILENT: dict[str, Any] = {"replies": [], "update": None}


@callback("/sandbox-chat", "POST")
def hear_test_channel() -> Response:
    """A message or a click in the sandbox."""
    return _answer("sandbox", lintuan().hooks.sandbox_chat)


@callback("/chat/<name>", "POST")
def hear_bridge(name: str) -> Response:
    """A message or a click that the bridge of this name brings."""
    if name != lintuan().settings.http_chat_name:
        raise NotFound
    return _answer("http", lintuan().hooks.http_chat)


def _answer(channel: str, reader: SignedCallback | None) -> Response:
    answer = lintuan().hear(channel, set_up(reader).read(dict(request.headers), raw_body()))
    return Response(json.dumps(SILENT if answer is None else answer), mimetype="application/json")
