"""What keeps foreign pages out of the console: its headers, its form tokens, and forms loaded strictly."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from blueprints.shared.guards import CONSOLE_COOKIE, cookie_token
from blueprints.shared.product import lintuan
from domain.errors import Forbidden, Invalid

OWN_FIELDS = ("csrf", "key")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",  # with no-referrer a browser would send our own forms with `Origin: null`
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def harden(response: Response) -> Response:
    """The console's own headers on any answer of it; nothing but its assets is kept anywhere."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def form_token() -> str:
    """What the forms of this session carry, so that nobody else's page can send them."""
    return lintuan().vault.sign("console-form", cookie_token())


def refuse_foreign_forms() -> None:
    """Raise `Forbidden` for a form that no page of ours could have sent.

    Whoever is logged in shows the token of the session, as a field or as htmx's header; before that there is only the
    browser's word on where the form stood.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if (origin is not None and origin not in _ours()) or site not in ("same-origin", "none"):
        raise Forbidden
    if g.get("visitor") is not None:
        given = request.headers.get("X-Form-Token") or request.form.get("csrf", "")
        if not hmac.compare_digest(given.encode(), form_token().encode()):
            raise Forbidden


def _ours() -> set[str]:
    """Where our own pages stand as a browser names it, also behind a proxy that speaks HTTPS in our place."""
    public = urlsplit(lintuan().settings.public_url)
    return {request.host_url.rstrip("/"), f"https://{request.host}", f"{public.scheme}://{public.netloc}"}


def load(schema: Schema, given: MultiDict[str, str], own: Collection[str]) -> Any:
    """The form or query as `schema` loads it, without our `own` fields and empty ones; raises `Invalid`."""
    values = {name: value for name, value in given.items() if value.strip() and name not in own}
    try:
        return schema.load(values)
    except ValidationError as error:
        raise Invalid(errors=error.messages) from None


def remember(response: Response, token: str) -> Response:
    """Give the browser the cookie of a fresh session; `Secure` wherever the console is reached by HTTPS."""
    settings = lintuan().settings
    secure = settings.production or request.is_secure or settings.public_url.startswith("https:")
    response.set_cookie(CONSOLE_COOKIE, token, path="/console", httponly=True, samesite="Strict", secure=secure)
    return response
