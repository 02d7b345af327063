"""An act happens once however often its form is sent: each rendered form carries a key of its own."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from flask import request

from blueprints.shared.product import current_actor, lintuan
from domain.errors import Invalid
from services import idempotency
from services.context import Ctx
from services.idempotency import Answer

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class _Fresh(Exception):
    """This form was not sent before."""


def once(view: Callable[..., str], arguments: dict[str, Any], *, flow: bool) -> str:
    """Where to go after `view` has acted; where it went the first time when the same form comes again.

    Raises `Invalid` for a form without a key, `KeyReused` for another form under the same key.
    """
    product, actor, key = lintuan(), current_actor(), request.form.get("key", "")
    if not _KEY.fullmatch(key):
        raise Invalid("is missing", field="key")

    def kept(ctx: Ctx, act: Callable[[], str]) -> str:
        place: str = idempotency.once(ctx, f"form:{key}", _fingerprint(), lambda: Answer(303, act())).body
        return place

    if not flow:
        with product.unit(actor) as ctx:
            return kept(ctx, lambda: view(ctx, **arguments))
    try:
        with product.unit(actor) as ctx:
            return kept(ctx, _raise_fresh)
    except _Fresh:
        place = view(product, actor, **arguments)
    with product.unit(actor) as ctx:
        return kept(ctx, lambda: place)


def _raise_fresh() -> str:
    raise _Fresh


def _fingerprint() -> str:
    body = json.dumps(sorted(item for item in request.form.items() if item[0] != "csrf"))
    return hashlib.sha256(f"{request.path}\n{body}".encode()).hexdigest()
