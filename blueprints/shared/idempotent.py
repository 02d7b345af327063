"""One effect per Idempotency-Key: the header, the fingerprint of a request, and flows whose answer is kept."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

from flask.globals import request_ctx

from blueprints.shared.bodies import read_object
from blueprints.shared.product import current_actor, lintuan
from domain.errors import Invalid, KeyMissing
from services.context import Ctx
from services.idempotency import Answer, once

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{8,80}")
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
PARAMETER = {
    "in": "header", "name": HEADER, "required": True,
    "schema": {"type": "string", "minLength": 8, "maxLength": 80},
    "description": "The same key and body give the stored answer again; another body is refused.",
}  # fmt: skip


class _Fresh(Exception):
    """Nothing is stored under this key yet."""


def key_of_request() -> str:
    """The Idempotency-Key, 8 to 80 visible characters; raises `KeyMissing` or `Invalid`."""
    key: str | None = request_ctx.request.environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        raise KeyMissing(field=HEADER)
    if not _KEY.fullmatch(key):
        raise Invalid("must hold 8 to 80 visible characters", field=HEADER)
    return key


def fingerprint() -> str:
    """SHA-256 of method, path and canonical body."""
    asked = request_ctx.request  # once: `request` finds it anew for each word
    body = _CANONICAL(read_object(asked)) if asked.is_json else ""
    return hashlib.sha256(f"{asked.method}\n{asked.path}\n{body}".encode()).hexdigest()


def within(ctx: Ctx, act: Callable[[], Answer]) -> Answer:
    """Act once per key, in the transaction of `ctx`."""
    return once(ctx, key_of_request(), fingerprint(), act)


def around_flow(flow: Callable[[], Answer]) -> Answer:
    """Answer a repeated flow from its stored answer; two at once both run it (flows bear that), one answer is kept."""
    key, print_ = key_of_request(), fingerprint()
    unit, actor = lintuan().unit, current_actor()

    def nothing_stored() -> Answer:
        raise _Fresh

    try:
        with unit(actor) as ctx:
            return once(ctx, key, print_, nothing_stored)
    except _Fresh:
        answer = flow()
    with unit(actor) as ctx:
        return once(ctx, key, print_, lambda: answer)
