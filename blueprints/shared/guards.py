"""Deny by default: every route is either behind its audience's guard or declared public, else it answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, g
from flask.globals import request_ctx

from blueprints.shared.product import lintuan
from domain.actors import Actor
from domain.errors import Forbidden, Unauthenticated
from domain.operators import Duty, may
from services import operator_sessions, sessions

View = TypeVar("View", bound=Callable[..., Any])
AUDIENCES = ("resident", "leader", "station", "admin", "console")
OPERATORS = ("admin", "console")
"""Audiences of operators, whose duties differ by their kind."""
CONSOLE_COOKIE = "lintuan_console"
HOT = ("resident", "station")
"""Audiences with hot views."""
PUBLIC = "public"
_MOST_TOKEN = 200


def public(view: View) -> View:
    """Declare a route open to everybody; whatever it does needs a check of its own (a signature, a login code)."""
    return open_to(PUBLIC)(view)


def open_to(audience: str) -> Callable[[View], View]:
    """Declare whose token a route asks for, one of `AUDIENCES` or "public"."""
    if audience not in (*AUDIENCES, PUBLIC):
        raise ValueError(f"no such audience: {audience}")

    def mark(view: View) -> View:
        if audience != PUBLIC and getattr(view, "keeps", False):
            raise ValueError(f"what {view.__name__} shows to one {audience} would be kept for all")
        view.audience = audience  # type: ignore[attr-defined]  # the guard reads the mark off the view
        return view

    return mark


def audience_of(view: Any) -> str | None:
    """The declared audience of a view function, None for an undeclared one."""
    return getattr(view, "audience", None)


def install(app: Flask) -> None:
    """Put the guard before every request of `app`."""
    app.before_request(_guard)


def _guard() -> None:
    endpoint = request_ctx.request.endpoint
    if endpoint is None:  # nothing matches: 404 or 405 follows
        return
    view = current_app.view_functions[endpoint]
    audience = audience_of(view)
    if audience == PUBLIC:
        return
    if audience is None:
        raise Forbidden
    token = cookie_token() if audience == "console" else bearer_token()
    if audience in OPERATORS:
        _let_operator_in(audience, token, view)
        return
    if getattr(view, "hot", False) and (rush := lintuan().rush):
        believed = rush.callers.believed(audience, token)
        if believed is None:
            g.actor = rush.callers.look_up(audience, token)
        else:
            g.actor, g.only_believed = believed, (audience, token)
    else:
        g.actor = _look_up(audience, token)


def confirm() -> None:
    """Look up whom the guard of a hot view only believed, before anything is done; raises `Unauthenticated`."""
    believed = g.pop("only_believed", None)
    if believed is not None and (rush := lintuan().rush):
        g.actor = rush.callers.look_up(*believed)


def _look_up(audience: str, token: str) -> Actor:
    product = lintuan()
    with product.unit.glance() as reads:
        actor = sessions.actor_of(reads, product.clock.now(), audience, token)
    if product.rush and audience in HOT:
        product.rush.callers.remember(audience, token, actor)
    return actor


def _let_operator_in(audience: str, token: str, view: Any) -> None:
    product = lintuan()
    idle = timedelta(minutes=product.policy.console_idle_minutes)
    with product.unit.glance() as reads:
        visitor = operator_sessions.visitor_of(reads, product.clock.now(), audience, token, idle)
    g.actor, g.visitor = visitor.actor, visitor
    if not may(visitor.actor.kind, getattr(view, "duty", Duty.LOOK)):
        raise Forbidden


def cookie_token() -> str:
    """The token of the console's cookie; raises `Unauthenticated`."""
    token: str = request_ctx.request.cookies.get(CONSOLE_COOKIE, "")
    if not token.isascii() or not 0 < len(token) <= _MOST_TOKEN:
        raise Unauthenticated
    return token


def bearer_token() -> str:
    """The token of `Authorization: Bearer …`; raises `Unauthenticated`."""
    given: str = request_ctx.request.environ.get("HTTP_AUTHORIZATION", "")
    scheme, _, token = given.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token.isascii() or not 0 < len(token) <= _MOST_TOKEN:
        raise Unauthenticated
    return token
