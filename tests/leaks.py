"""What must never leave: every openid, phone, token and code of a test is looked for in its logs, metrics and outbox.

No canary is planted: whatever the test itself put into the database is the canary. Tokens and one-time codes are kept
as hashes only, so everything in the texts that looks like one is hashed and compared.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator

from sqlalchemy import select

from models import OneTimeCode, OutboxMessage, PickupCode, Resident, Session
from services.context import Ctx

TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
SIX_DIGITS = re.compile(r"(?<![0-9.])[0-9]{6}(?![0-9])")
EIGHT_DIGITS = re.compile(r"(?<![0-9.])[0-9]{8}(?![0-9])")
LEAST_OPENID = 8
PURPOSES = ("bind_person", "bind_group", "bind_staff_chat", "join_staff")


class LogTail:
    """Everything logged since `forget`, as text."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def forget(self) -> None:
        """Forget what was logged before."""
        self._stream.seek(0)
        self._stream.truncate()

    def text(self) -> str:
        """What was logged since."""
        return self._stream.getvalue()


def leaks(ctx: Ctx, texts: dict[str, str]) -> list[str]:
    """Which personal or secret values stand in which of `texts` or in an outbox payload; no value is repeated."""
    outbox = ctx.session.scalars(select(OutboxMessage.payload)).all()
    texts = {**texts, "outbox": json.dumps(list(outbox), ensure_ascii=False)}
    return [f"{kind} in {place}" for place, text in texts.items() for kind in _found(ctx, text)]


def _found(ctx: Ctx, text: str) -> Iterator[str]:
    for openid, sealed in ctx.session.execute(select(Resident.openid, Resident.phone_enc)):
        if len(openid) >= LEAST_OPENID and openid in text:
            yield "openid"
        if sealed and ctx.vault.decrypt(sealed) in text:
            yield "phone"
    if tokens := {hashlib.sha256(word.encode()).hexdigest() for word in TOKEN.findall(text)}:
        known = set(ctx.session.scalars(select(Session.token_hash)))
        yield from ("token" for _ in known & tokens)
    if words := set(SIX_DIGITS.findall(text)):
        digests = {ctx.vault.digest("one_time_code", f"{purpose}:{word}") for word in words for purpose in PURPOSES}
        yield from ("one-time code" for _ in digests & set(ctx.session.scalars(select(OneTimeCode.code_hash))))
    if codes := set(EIGHT_DIGITS.findall(text)):
        yield from ("pickup code" for _ in codes & set(ctx.session.scalars(select(PickupCode.code))))
