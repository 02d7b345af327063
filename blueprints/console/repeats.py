"""An act happens once however often its form is sent, also twice at once: each rendered form carries its own key."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from threading import Event
from typing import Any

from flask import request

from blueprints.shared.product import current_actor, lintuan
from domain.errors import Invalid
from services import idempotency
from services.idempotency import UNDERWAY, Answer

LOOKS, LOOK_EVERY_SECONDS = 75, 0.2
"""How patiently the second of two same forms waits for the first: longer than a gateway may take to answer."""
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_pause = Event()


class StillRunning(Exception):
    """The same form was sent before, and what it asked for is not done yet."""


def once(view: Callable[..., str], arguments: dict[str, Any], *, flow: bool) -> str:
    """Where to go after `view` has acted; where it went the first time when the same form comes again.

    An act in one transaction keeps its key in that transaction. With `flow` the key is taken before and committed, so
    that of two at once one acts; the other waits. Raises `Invalid` for a form without a key, `KeyReused` for another
    form under the same key, `StillRunning` when the first takes too long.
    """
    if not flow:
        with lintuan().unit(current_actor()) as ctx:
            return _place(idempotency.once(ctx, _name(), _fingerprint(), lambda: Answer(303, view(ctx, **arguments))))
    product, actor = lintuan(), current_actor()
    if (known := _claimed()) is not None:
        return _place(known)
    try:
        place = view(product, actor, **arguments)
    except Exception:
        with product.unit(actor) as ctx:
            idempotency.release(ctx, _name())
        raise
    with product.unit(actor) as ctx:
        idempotency.settle(ctx, _name(), Answer(303, place))
    return place


def first_time(act: Callable[[], Any]) -> Any:
    """What `act` gives, which is shown and kept nowhere; raises `StillRunning` when its form was sent before."""
    product, actor = lintuan(), current_actor()
    with product.unit(actor) as ctx:
        if idempotency.claim(ctx, _name(), _fingerprint()) is not None:
            raise StillRunning
    try:
        return act()
    except Exception:
        with product.unit(actor) as ctx:
            idempotency.release(ctx, _name())
        raise


def _claimed() -> Answer | None:
    """None when this request is the one to act, else what the first one led to."""
    for _ in range(LOOKS):
        with lintuan().unit(current_actor()) as ctx:
            known = idempotency.claim(ctx, _name(), _fingerprint())
        if known is None or known.status != UNDERWAY:
            return known
        _pause.wait(LOOK_EVERY_SECONDS)
    raise StillRunning


def _place(answer: Answer) -> str:
    if answer.status == UNDERWAY:
        raise StillRunning
    place: str = answer.body
    return place


def _name() -> str:
    key = request.form.get("key", "")
    if not _KEY.fullmatch(key):
        raise Invalid("is missing", field="key")
    return f"form:{key}"


def _fingerprint() -> str:
    fields = sorted(item for item in request.form.items(multi=True) if item[0] != "csrf")
    files = sorted((name, _digest(file.stream)) for name, file in request.files.items())
    return hashlib.sha256(f"{request.path}\n{json.dumps([fields, files])}".encode()).hexdigest()


def _digest(stream: Any) -> str:
    """A hash of an uploaded file, which is at its beginning again afterwards."""
    found = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    return found
