"""What all callbacks share: small raw bodies, one refusal for whatever is not genuine, 404 for a channel not set up."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import structlog
from flask import Response, request
from werkzeug.exceptions import NotFound

from blueprints.shared.bodies import whole_body
from blueprints.shared.guards import public
from blueprints.shared.problems import problem
from blueprints.webhooks.door import door
from services.ports import BadNotice

MOST_BYTES = 64 * 1024
View = Callable[..., Response]
Reader = TypeVar("Reader")
log = structlog.get_logger("lintuan.hooks")


def callback(rule: str, *methods: str) -> Callable[[View], View]:
    """A public route whose view checks the sender itself; `BadNotice` is answered 401, quietly."""

    def register(view: View) -> View:
        @wraps(view)
        def run(**named: str) -> Response:
            try:
                return view(**named)
            except BadNotice as refusal:
                log.info("callback refused", endpoint=request.endpoint, why=str(refusal), probe=refusal.probe)
                return problem(401, "bad_notice", "The callback is not genuine.", "签名或内容无效。")

        door.route(rule, methods=list(methods))(public(run))
        return view

    return register


def raw_body() -> bytes:
    """The body's raw bytes; raises 413 for a length above 64 KB. Of one of untold length no more is taken."""
    request.max_content_length = MOST_BYTES
    return whole_body(request)


def set_up(reader: Reader | None) -> Reader:
    """The reader of a channel; raises 404 where the settings name no such channel."""
    if reader is None:
        raise NotFound
    return reader


def plain(text: str) -> Response:
    """A bare text answer."""
    return Response(text, mimetype="text/plain")


def arguments() -> dict[str, Any]:
    """The query, one value per name."""
    return request.args.to_dict()
