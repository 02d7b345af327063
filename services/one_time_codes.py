"""Short codes that prove one thing once: six digits, kept as a keyed hash, used by one conditional write."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from domain.errors import Busy, CodeExpired, CodeWrong
from models import OneTimeCode
from services.context import Ctx
from services.writing import changed, insert_ignoring

DIGITS = 6
_DRAWS = 20


@dataclass(frozen=True)
class IssuedCode:
    """A code as it is shown once; only its hash is kept."""

    code: str
    expires_at: datetime


def make(ctx: Ctx, purpose: str, subject_id: int, *, lifetime: timedelta) -> IssuedCode:
    """A fresh code for `purpose` (see `OneTimeCode`) about row `subject_id`, made by the acting resident.

    No two live codes of a purpose are equal. Raises `Busy` in the case that the digits are nearly used up.
    """
    for _ in range(_DRAWS):
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        code_hash = _hash(ctx, purpose, code)
        dead = or_(OneTimeCode.used_at.is_not(None), OneTimeCode.expires_at <= ctx.now)
        changed(ctx.session, delete(OneTimeCode).where(OneTimeCode.code_hash == code_hash, dead))
        expires_at = ctx.now + lifetime
        if insert_ignoring(
            ctx.session, OneTimeCode, ["code_hash"], purpose=purpose, code_hash=code_hash, subject_id=subject_id,
            made_by=ctx.resident_id, expires_at=expires_at, used_at=None,
        ):  # fmt: skip
            return IssuedCode(code, expires_at)
    raise Busy


def drop(ctx: Ctx, purpose: str, subject_id: int) -> None:
    """End the unused codes for `purpose` about a row, so that nobody holds more than one of the few there are."""
    unused = (OneTimeCode.purpose == purpose, OneTimeCode.subject_id == subject_id, OneTimeCode.used_at.is_(None))
    changed(ctx.session, delete(OneTimeCode).where(*unused))


def use(ctx: Ctx, purpose: str, code: str) -> OneTimeCode:
    """Use a code up and return its row (`subject_id`, `made_by`); of two at once one succeeds.

    Raises `CodeWrong` for one never made, `CodeExpired` for one used or too old.
    """
    mine = (OneTimeCode.purpose == purpose, OneTimeCode.code_hash == _hash(ctx, purpose, code))
    alive = update(OneTimeCode).where(*mine, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > ctx.now)
    used = changed(ctx.session, alive.values(used_at=ctx.now))
    row = ctx.session.scalars(select(OneTimeCode).where(*mine)).one_or_none()
    if row is None:
        raise CodeWrong
    if not used:
        raise CodeExpired
    return row


def _hash(ctx: Ctx, purpose: str, code: str) -> str:
    return ctx.vault.digest("one_time_code", f"{purpose}:{code}")
