"""Logging in by the mini-program, binding a phone, and the devices that are logged in."""

from __future__ import annotations

from marshmallow import fields

from blueprints.resident.door import door
from blueprints.resident.me import ProfileSchema
from blueprints.shared.schemas import SessionSchema, Shown, Taken, Text
from domain.actors import Actor
from domain.errors import LoginRefused, NotFound, PhoneTaken
from models import Session
from services import sessions
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import login
from services.flows.login import LoggedIn, LogIn
from services.people import Profile


class LogInSchema(Taken):
    """The code of `wx.login`."""

    makes = LogIn
    js_code = Text(128, required=True)
    device = Text(80, load_default="")


class LoggedInSchema(Shown):
    """The token to send as `Authorization: Bearer …`."""

    token = fields.String(required=True)
    resident = fields.Nested(ProfileSchema(), required=True)


class PhoneCodeSchema(Taken):
    """The code of the phone button."""

    code = Text(128, required=True)


@door.post("/login", audience="public", flow=True, takes=LogInSchema(), shows=LoggedInSchema(), refuses=[LoginRefused])
def log_in(product: Lintuan, _actor: Actor, body: LogIn) -> LoggedIn:
    """Log in with the mini-program's login code."""
    return login.log_in(product.unit, product.outside, body)


@door.post("/phone", flow=True, takes=PhoneCodeSchema(), shows=ProfileSchema(), refuses=[PhoneTaken])
def bind_phone(product: Lintuan, actor: Actor, body: dict[str, str]) -> Profile:
    """Keep my phone number, which the platform vouches for."""
    return login.bind_phone(product.unit, product.outside, actor, body["code"])


@door.get("/sessions", shows=SessionSchema(many=True))
def list_sessions(ctx: Ctx) -> list[Session]:
    """The devices on which I am logged in."""
    return sessions.mine(ctx)


@door.delete("/sessions")
def end_all_sessions(ctx: Ctx) -> None:
    """Log all of my devices out, those at a pickup point too."""
    sessions.revoke_all(ctx, resident_id=ctx.resident_id)


@door.delete("/sessions/current")
def log_out(ctx: Ctx) -> None:
    """Log this device out."""
    sessions.revoke_current(ctx)


@door.delete("/sessions/<session_id>", refuses=[NotFound])
def end_session(ctx: Ctx, session_id: str) -> None:
    """Log one of my devices out."""
    sessions.revoke(ctx, session_id)
