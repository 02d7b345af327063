"""Operators: made at the command line, known by a name and a password that is kept as a scrypt hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import select

from domain.errors import Invalid
from domain.ids import new_id
from models import Operator
from services import audit
from services.context import Ctx
from services.writing import insert_ignoring

LEAST_PASSWORD = 10
_COST = {"n": 2**14, "r": 8, "p": 1}


def create(ctx: Ctx, name: str, password: str) -> Operator:
    """Add an operator; raises `Invalid` for a taken name or a password under ten characters."""
    if not 0 < len(name) <= 80:
        raise Invalid("must hold 1 to 80 characters", field="name")
    if len(password) < LEAST_PASSWORD:
        raise Invalid(f"must hold {LEAST_PASSWORD} characters or more", field="password")
    public_id = new_id("Operator", ctx.now)
    if not insert_ignoring(
        ctx.session, Operator, ["name"], public_id=public_id, name=name, password_hash=hashed(password),
        created_at=ctx.now,
    ):  # fmt: skip
        raise Invalid("is taken", field="name")
    operator = ctx.session.scalars(select(Operator).where(Operator.public_id == public_id)).one()
    audit.record(ctx, "operator", operator.id, "create")
    return operator


def named(ctx: Ctx, name: str) -> Operator | None:
    """The operator of that name."""
    return ctx.session.scalars(select(Operator).where(Operator.name == name)).one_or_none()


def hashed(password: str) -> str:
    """`scrypt$salt$hash` in hex; takes some 50 ms, so keep it out of transactions that write."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_scrypt(password, salt).hex()}"


def matches(password: str, password_hash: str) -> bool:
    """Whether it is the password; false for anything that is no hash of ours. Slow on purpose."""
    kind, _, rest = password_hash.partition("$")
    salt, _, expected = rest.partition("$")
    if kind != "scrypt":
        return False
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)).hex(), expected)


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, dklen=32, maxmem=2**26, **_COST)
