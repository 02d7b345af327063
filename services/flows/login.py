"""Logging in: the platform is asked first, and only then a transaction begins."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actors import NOBODY, Actor, Role
from domain.errors import Invalid, LoginRefused
from services import people, sessions
from services.context import Unit
from services.people import Profile
from services.ports import Outside, Refused


@dataclass(frozen=True)
class LogIn:
    """A mini-program login code, and what the device calls itself."""

    js_code: str
    device: str = ""


@dataclass(frozen=True)
class LoggedIn:
    """A fresh session's token, shown this once, and whose it is."""

    token: str
    resident: Profile


def log_in(unit: Unit, outside: Outside, command: LogIn) -> LoggedIn:
    """Log a resident in by the mini-program's code; raises `LoginRefused` for a bad one."""
    try:
        openid = outside.mini_program.login(command.js_code).openid
    except Refused:
        raise LoginRefused from None
    with unit(NOBODY) as ctx:
        resident = people.enter(ctx, openid)
        mine = ctx.acting_as(Actor(Role.RESIDENT, resident.id, resident.id))
        token = sessions.open_session(mine, "resident", resident_id=resident.id, device=command.device)
        return LoggedIn(token, people.profile(mine))


def bind_phone(unit: Unit, outside: Outside, actor: Actor, code: str) -> Profile:
    """Keep the phone number behind the phone button's code; raises `Invalid` for a bad code, `PhoneTaken`."""
    with unit(actor) as ctx:
        openid = people.myself(ctx).openid
    try:
        phone = outside.mini_program.phone_number(code, openid)
    except Refused:
        raise Invalid("was not accepted; ask the phone button for a new one", field="code") from None
    with unit(actor) as ctx:
        return people.set_phone(ctx, phone)
