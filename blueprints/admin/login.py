"""Operators sign in and out."""

from __future__ import annotations

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.shared.schemas import SessionSchema, Shown, Taken, Text
from domain.actors import Actor
from domain.errors import NotFound, TooMany, Unauthenticated
from models import Session
from services import sessions
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import operator_login
from services.flows.operator_login import LogInAsOperator


class OperatorLogInSchema(Taken):
    """An operator's name and password, and the code of the second factor once one is set up."""

    makes = LogInAsOperator
    name = Text(80, required=True)
    password = Text(256, required=True)
    device = Text(80, load_default="")
    code = Text(20, least=0, load_default="", metadata={"description": "of the second factor, or a recovery code"})


class TokenSchema(Shown):
    """The token to send as `Authorization: Bearer …`."""

    token = fields.String(required=True)


@door.post(
    "/login",
    audience="public",
    flow=True,
    takes=OperatorLogInSchema(),
    shows=TokenSchema(),
    refuses=[Unauthenticated, TooMany],
)
def log_in(product: Lintuan, _actor: Actor, body: LogInAsOperator) -> dict[str, str]:
    """Sign in by name, password and second factor; in production nobody gets in without one."""
    must = product.settings.production
    return {"token": operator_login.log_in(product.unit, product.outside, body, "admin", second_factor=must)}


@door.get("/sessions", shows=SessionSchema(many=True))
def list_sessions(ctx: Ctx) -> list[Session]:
    """The devices on which I am signed in."""
    return sessions.mine(ctx)


@door.delete("/sessions/current")
def log_out(ctx: Ctx) -> None:
    """Sign this device out."""
    sessions.revoke_current(ctx)


@door.delete("/sessions/<session_id>", refuses=[NotFound])
def end_session(ctx: Ctx, session_id: str) -> None:
    """Sign one of my devices out."""
    sessions.revoke(ctx, session_id)
