"""An operator's second factor: codes of an authenticator app (RFC 6238), each good once, and recovery codes."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

import pyotp
from sqlalchemy import delete, func, select, update

from domain.errors import Invalid, WrongState
from domain.ids import ALPHABET
from models import Operator, RecoveryCode
from services import audit
from services.context import Ctx
from services.writing import changed

STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
ISSUER = "邻团"
_OFFER_MINUTES = 15


@dataclass(frozen=True)
class Offer:
    """A fresh secret for an authenticator app: its text, its `otpauth:` address for the QR code, and a sealed copy.

    The sealed copy comes back with the first code, so that nothing is kept before somebody has proved to hold it.
    """

    secret: str
    address: str
    sealed: str


def offer(ctx: Ctx, name: str) -> Offer:
    """A secret that the acting operator may take as second factor."""
    secret = pyotp.random_base32()
    sealed = ctx.vault.encrypt(f"{ctx.actor.id}|{int(ctx.now.timestamp())}|{secret}")
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER), sealed)


def offered(ctx: Ctx, name: str, sealed: str) -> Offer:
    """The offer behind a sealed copy, to be shown once more after a wrong code; raises `Invalid` for a stale one."""
    secret = _opened(ctx, sealed)
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER), sealed)


def enrol(ctx: Ctx, sealed: str, code: str, *, instead_of: str | None = None) -> list[str]:
    """Take an offered secret, proved by a code of it; returns fresh recovery codes.

    Raises `Invalid` for a code that is not of this moment, or an offer that is stale or another's, and `WrongState`
    unless the (sealed) secret until now is the one it comes `instead_of`.
    """
    secret = _opened(ctx, sealed)
    step = _step_of(secret, code, int(ctx.now.timestamp()))
    if step is None:
        raise Invalid("is not the code of this moment", field="code")
    as_known = (Operator.id == ctx.actor.id, Operator.totp_enc.is_not_distinct_from(instead_of))
    kept = update(Operator).where(*as_known).values(totp_enc=ctx.vault.encrypt(secret), totp_step=step)
    if not changed(ctx.session, kept):
        raise WrongState(state="changed", event="enrol_second_factor")
    audit.record(ctx, "operator", ctx.actor.id, "enrol_second_factor")
    return new_recovery_codes(ctx)


def new_recovery_codes(ctx: Ctx) -> list[str]:
    """Ten codes that each stand in once for the acting operator's second factor; earlier ones end.

    One after the other, so that of two at once only the later ten are good.
    """
    ctx.session.execute(select(Operator.id).where(Operator.id == ctx.actor.id).with_for_update(key_share=True))
    changed(ctx.session, delete(RecoveryCode).where(RecoveryCode.operator_id == ctx.actor.id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    ctx.session.add_all(
        RecoveryCode(operator_id=ctx.actor.id, code_hash=_hash(ctx, ctx.actor.id, code)) for code in codes
    )
    audit.record(ctx, "operator", ctx.actor.id, "make_recovery_codes")
    ctx.session.flush()
    return codes


def recovery_codes_left(ctx: Ctx) -> int:
    """How many the acting operator has not used."""
    mine = (RecoveryCode.operator_id == ctx.actor.id, RecoveryCode.used_at.is_(None))
    return ctx.session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def forget(ctx: Ctx, operator: Operator) -> None:
    """Take the second factor away: its owner lost it and the recovery codes, and sets up a new one by a link."""
    changed(ctx.session, update(Operator).where(Operator.id == operator.id).values(totp_enc=None))
    changed(ctx.session, delete(RecoveryCode).where(RecoveryCode.operator_id == operator.id))
    audit.record(ctx, "operator", operator.id, "forget_second_factor")


def prove(ctx: Ctx, operator: Operator, code: str) -> bool:
    """Whether `code` is of this moment (half a minute early or late) and unused, or an unused recovery code.

    It is used up by this: of two at once one succeeds.
    """
    text = code.replace(" ", "").replace("-", "").lower()
    if operator.totp_enc is None:
        return False
    if len(text) != DIGITS:
        unused = (RecoveryCode.operator_id == operator.id, RecoveryCode.used_at.is_(None))
        wanted = update(RecoveryCode).where(*unused, RecoveryCode.code_hash == _hash(ctx, operator.id, text))
        return changed(ctx.session, wanted.values(used_at=ctx.now)) == 1
    step = _step_of(ctx.vault.decrypt(operator.totp_enc), text, int(ctx.now.timestamp()))
    if step is None:
        return False
    later = update(Operator).where(Operator.id == operator.id, Operator.totp_step < step)
    return changed(ctx.session, later.values(totp_step=step)) == 1


def _step_of(secret: str, code: str, now: int) -> int | None:
    """The time step whose code this is, around `now` (Unix seconds)."""
    totp, this = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS), now // STEP_SECONDS
    fits = (step for step in (this, this - 1, this + 1) if hmac.compare_digest(totp.generate_otp(step), code))
    return next(fits, None) if code.isascii() else None


def _opened(ctx: Ctx, sealed: str) -> str:
    try:
        owner, at, secret = ctx.vault.decrypt(sealed).split("|")
    except ValueError:
        raise Invalid("is not an offer of ours", field="sealed") from None
    if int(owner) != ctx.actor.id or int(at) < (ctx.now - timedelta(minutes=_OFFER_MINUTES)).timestamp():
        raise Invalid("is too old; begin anew", field="sealed")
    return secret


def _hash(ctx: Ctx, operator_id: int, code: str) -> str:
    return ctx.vault.digest("recovery_code", f"{operator_id}:{code}")
