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
from services.flows import login
from services.flows.login import LogInAsOperator


class OperatorLogInSchema(Taken):
    """An operator's name and password."""

    makes = LogInAsOperator
    name = Text(80, required=True)
    password = Text(256, required=True)
    device = Text(80, load_default="")


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
    """Sign in by name and password."""
    return {"token": login.log_in_operator(product.unit, product.outside, body)}


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
