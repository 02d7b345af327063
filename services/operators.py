"""Operators: made at the command line, known by a name and a password that is kept as an argon2 hash."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select, update

from domain.errors import Invalid, NotFound
from domain.ids import new_id
from domain.operators import OperatorKind
from models import Operator, OperatorLink
from services import audit, sessions
from services.context import Ctx
from services.writing import changed, insert_ignoring

LEAST_PASSWORD = 10
NO_PASSWORD = "dismissed"  # noqa: S105 - no password: what no password's hash can be
_ARGON = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's least, in KiB: many may log in


def create(ctx: Ctx, name: str, password: str, kind: OperatorKind = OperatorKind.ADMIN) -> Operator:
    """Add an operator; raises `Invalid` for a taken name or a password under ten characters."""
    if not 0 < len(name) <= 80:
        raise Invalid("must hold 1 to 80 characters", field="name")
    if len(password) < LEAST_PASSWORD:
        raise Invalid(f"must hold {LEAST_PASSWORD} characters or more", field="password")
    public_id = new_id("Operator", ctx.now)
    if not insert_ignoring(
        ctx.session, Operator, ["name"], public_id=public_id, name=name, kind=kind.value,
        password_hash=hashed(password), totp_step=0, created_at=ctx.now,
    ):  # fmt: skip
        raise Invalid("is taken", field="name")
    operator = ctx.session.scalars(select(Operator).where(Operator.public_id == public_id)).one()
    audit.record(ctx, "operator", operator.id, "create")
    return operator


def named(ctx: Ctx, name: str) -> Operator | None:
    """The operator of that name."""
    return ctx.session.scalars(select(Operator).where(Operator.name == name)).one_or_none()


def change_kind(ctx: Ctx, name: str, kind: OperatorKind) -> None:
    """Make the named operator one of another kind, from the next request on; raises `NotFound`."""
    operator = _known(ctx, name)
    changed(ctx.session, update(Operator).where(Operator.id == operator.id).values(kind=kind.value))
    audit.record(ctx, "operator", operator.id, "change_kind", states=(operator.kind, kind.value))


def shut_out(ctx: Ctx, name: str) -> Operator:
    """End every session and printed link of the named operator at once; raises `NotFound`.

    Links first, then the operator, in the order in which whoever enters holds them: a session that is opened meanwhile
    is either seen and ended here or not opened.
    """
    operator = _known(ctx, name)
    mine = update(OperatorLink).where(OperatorLink.operator_id == operator.id, OperatorLink.used_at.is_(None))
    changed(ctx.session, mine.where(OperatorLink.expires_at > ctx.now).values(expires_at=ctx.now))
    held = select(Operator).where(Operator.id == operator.id).with_for_update(key_share=True)
    operator = ctx.session.scalars(held, execution_options={"populate_existing": True}).one()
    sessions.revoke_all(ctx, operator_id=operator.id)
    audit.record(ctx, "operator", operator.id, "log_out_everywhere")
    return operator


def dismiss(ctx: Ctx, name: str) -> Operator:
    """Shut the named operator out, and let no password in any more; raises `NotFound`."""
    operator = shut_out(ctx, name)
    changed(ctx.session, update(Operator).where(Operator.id == operator.id).values(password_hash=NO_PASSWORD))
    audit.record(ctx, "operator", operator.id, "dismiss_operator")
    return operator


def still_has(ctx: Ctx, operator: Operator) -> bool:
    """Whether the password that was asked for a moment ago is still the operator's, who is held until the end."""
    same = (Operator.id == operator.id, Operator.password_hash == operator.password_hash)
    return ctx.session.scalar(select(Operator.id).where(*same).with_for_update(key_share=True)) is not None


def _known(ctx: Ctx, name: str) -> Operator:
    operator = named(ctx, name)
    if operator is None:
        raise NotFound
    return operator


def hashed(password: str) -> str:
    """An argon2id hash with its salt and cost; takes some 30 ms, so keep it out of transactions that write."""
    return _ARGON.hash(password)


def matches(password: str, password_hash: str) -> bool:
    """Whether it is the password; false for anything that is no hash of ours. Slow on purpose."""
    try:
        return _ARGON.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
