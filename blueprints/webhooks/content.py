"""Where the platform fetches a picture that it checks; the address holds a token and works only meanwhile."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import NotFound

from blueprints.shared.guards import public
from blueprints.shared.product import lintuan
from blueprints.webhooks.door import door
from services.flows import content_safety


@door.get("/content/<check_id>/<token>")
@public
def checked_picture(check_id: str, token: str) -> Response:
    """The bytes of a picture that is being checked."""
    found = content_safety.picture(lintuan(), check_id, token)
    if found is None:
        raise NotFound
    content, content_type = found
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(content, 200, headers, content_type=content_type)
