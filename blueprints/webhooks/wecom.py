"""The WeCom smart robot's callback: address check, messages and clicks, answered sealed in the response."""

from __future__ import annotations

from flask import Response, json

from blueprints.shared.product import lintuan
from blueprints.webhooks.callbacks import arguments, callback, plain, raw_body, set_up


@callback("/wecom/aibot", "GET")
def check_robot_address() -> Response:
    """The platform's address check: the opened text, bare."""
    return plain(set_up(lintuan().hooks.aibot).check_url(arguments()))


@callback("/wecom/aibot", "POST")
def hear_robot() -> Response:
    """A message or an event; an empty body is no answer."""
    robot, query = set_up(lintuan().hooks.aibot), arguments()
    answer = lintuan().hear("wecom", robot.read(query, raw_body()))
    if answer is None:
        return Response(status=200)
    sealed = robot.seal(answer, query.get("nonce", ""))
    return Response(json.dumps(sealed), mimetype="application/json")
