"""Telegram's webhook: a message or a press, answered by the one call that the reply may hold."""

from __future__ import annotations

from flask import Response, json, request

from blueprints.shared.product import lintuan
from blueprints.webhooks.callbacks import callback, raw_body, set_up


@callback("/telegram", "POST")
def hear_telegram() -> Response:
    """An update; an empty body is no answer."""
    update = set_up(lintuan().hooks.telegram).read(dict(request.headers), raw_body())
    answer = lintuan().hear("telegram", update)
    if answer is None:
        return Response(status=200)
    return Response(json.dumps(answer), mimetype="application/json")
