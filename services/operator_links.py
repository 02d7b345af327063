"""Links that stand in for an operator's password once, for a few minutes: whoever runs the machine prints them."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from domain.errors import CodeExpired, CodeWrong, NotFound
from models import Operator, OperatorLink
from services import audit, operators
from services.context import Ctx
from services.writing import changed

_BYTES = 24


def make(ctx: Ctx, name: str) -> str:
    """The code of a fresh link for the named operator, kept nowhere; raises `NotFound`, also for who was dismissed."""
    operator = operators.named(ctx, name)
    if operator is None or operator.password_hash == operators.NO_PASSWORD:
        raise NotFound
    code = secrets.token_urlsafe(_BYTES)
    expires_at = ctx.now + timedelta(minutes=ctx.policy.operator_link_minutes)
    ctx.session.add(OperatorLink(operator_id=operator.id, code_hash=_hash(ctx, code), expires_at=expires_at))
    audit.record(ctx, "operator", operator.id, "print_link")
    return code


def use(ctx: Ctx, code: str) -> Operator:
    """Use a link up and return whose it is; of two at once one succeeds.

    The operator is held until the end. Raises `CodeWrong` for one never made, `CodeExpired` for one used or too old, or
    whose operator was dismissed.
    """
    mine = OperatorLink.code_hash == _hash(ctx, code)
    alive = (OperatorLink.used_at.is_(None), OperatorLink.expires_at > ctx.now)
    used = changed(ctx.session, update(OperatorLink).where(mine, *alive).values(used_at=ctx.now))
    operator_id = ctx.session.scalar(select(OperatorLink.operator_id).where(mine))
    if operator_id is None:
        raise CodeWrong
    here = (Operator.id == operator_id, Operator.password_hash != operators.NO_PASSWORD)
    operator = ctx.session.scalars(select(Operator).where(*here).with_for_update(key_share=True)).one_or_none()
    if not used or operator is None:
        raise CodeExpired
    return operator


def _hash(ctx: Ctx, code: str) -> str:
    return ctx.vault.digest("operator_link", code)
