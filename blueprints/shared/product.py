"""The assembled product as the current request sees it."""

from __future__ import annotations

from flask import current_app, g

from domain.actors import NOBODY, Actor
from services.assembly import Lintuan


def lintuan() -> Lintuan:
    """The product that app.py put together."""
    product: Lintuan = current_app.extensions["lintuan"]
    return product


def current_actor() -> Actor:
    """Who the guard found behind the token; `NOBODY` on public routes."""
    actor: Actor = g.get("actor", NOBODY)
    return actor
