"""Logging in: the platform or a slow hash is asked first, and only then a transaction begins."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actors import NOBODY, Actor, Role
from domain.errors import Invalid, LoginRefused, TooMany, Unauthenticated
from services import audit, operators, people, sessions
from services.context import Unit
from services.people import Profile
from services.ports import Outside, Refused

OPERATOR_TRIES = 5
ALL_OPERATORS_TRIES = 30
TRY_SECONDS = 60
NO_HASH = operators.hashed("nobody has this password")


@dataclass(frozen=True)
class LogIn:
    """A mini-program login code, and what the device calls itself."""

    js_code: str
    device: str = ""


@dataclass(frozen=True)
class LogInAsOperator:
    """An operator's name and password."""

    name: str
    password: str
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


def log_in_operator(unit: Unit, outside: Outside, command: LogInAsOperator) -> str:
    """The token of a new operator session; raises `Unauthenticated`, and `TooMany` for quick guesses.

    Five tries a minute for a name, and a bound for all names together: each try costs a slow hash.
    """
    tries = f"operator-login:{command.name}"
    everybody = outside.counters.hit("operator-login", TRY_SECONDS)
    if everybody > ALL_OPERATORS_TRIES or outside.counters.hit(tries, TRY_SECONDS) > OPERATOR_TRIES:
        raise TooMany(retry_after=TRY_SECONDS)
    with unit(NOBODY) as ctx:
        found = operators.named(ctx, command.name)
        operator_id, kept = (found.id, found.password_hash) if found else (0, NO_HASH)
    if not operators.matches(command.password, kept) or not operator_id:
        raise Unauthenticated
    outside.counters.clear(tries)
    with unit(Actor(Role.OPERATOR, operator_id)) as ctx:
        audit.record(ctx, "operator", operator_id, "log_in")
        return sessions.open_session(ctx, "admin", operator_id=operator_id, device=command.device)
