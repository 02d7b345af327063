"""Operators get in: the slow hash is asked outside of transactions, wrong words and wrong codes are slowed alike."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actors import NOBODY, Actor, Role
from domain.errors import TooMany, Unauthenticated
from models import Operator
from services import audit, operator_links, operator_sessions, operators, second_factors, sessions
from services.context import Ctx, Unit
from services.ports import Outside

OPERATOR_TRIES = 5
ALL_OPERATORS_TRIES = 30
TRY_SECONDS = 60
NO_HASH = operators.hashed("nobody has this password")


@dataclass(frozen=True)
class LogInAsOperator:
    """An operator's name, password and code of the second factor ("" without one)."""

    name: str
    password: str
    device: str = ""
    code: str = ""


@dataclass(frozen=True)
class EnterByLink:
    """The code of a printed link, and of the second factor where one is set up."""

    link: str
    device: str = ""
    code: str = ""


def log_in(unit: Unit, outside: Outside, command: LogInAsOperator, audience: str, *, second_factor: bool) -> str:
    """The token of a new session for `audience` (admin or console); raises `Unauthenticated`, `TooMany`.

    Five tries a minute for a name, and a bound for all names together: each try costs a slow hash. Whoever has set up a
    second factor must prove it; with `second_factor` nobody gets in without one. What was wrong is not told.
    """
    tries = f"operator-login:{command.name}"
    _slow_down(outside, tries)
    with unit(NOBODY) as ctx:
        found = operators.named(ctx, command.name)
        kept = found.password_hash if found else NO_HASH
    if not operators.matches(command.password, kept) or found is None:
        raise Unauthenticated
    with unit(_as(found)) as ctx:
        if not operators.still_has(ctx, found):
            raise Unauthenticated
        _prove(ctx, found, command.code, must=second_factor)
        token = _let_in(ctx, found, audience, command.device, "log_in")
    outside.counters.clear(tries)
    return token


def enter(unit: Unit, outside: Outside, command: EnterByLink) -> str:
    """The token of a new console session by a printed link, which is used up.

    Raises `CodeWrong`, `CodeExpired`, `TooMany`, and `Unauthenticated` (the link stays good) for a wrong code of the
    second factor.
    """
    tries = "operator-link"
    _slow_down(outside, tries)
    with unit(NOBODY) as ctx:
        found = operator_links.use(ctx, command.link)
        _prove(ctx, found, command.code, must=False)
        token = _let_in(ctx.acting_as(_as(found)), found, "console", command.device, "enter_by_link")
    outside.counters.clear(tries)
    return token


def leave(unit: Unit, actor: Actor, token: str) -> None:
    """Log this console out."""
    with unit(actor) as ctx:
        operator_sessions.end(ctx, token)


def _slow_down(outside: Outside, tries: str) -> None:
    everybody = outside.counters.hit("operator-login", TRY_SECONDS)
    if everybody > ALL_OPERATORS_TRIES or outside.counters.hit(tries, TRY_SECONDS) > OPERATOR_TRIES:
        raise TooMany(retry_after=TRY_SECONDS)


def _prove(ctx: Ctx, operator: Operator, code: str, *, must: bool) -> None:
    needed = must or operator.totp_enc is not None
    if needed and not second_factors.prove(ctx, operator, code):
        raise Unauthenticated


def _let_in(ctx: Ctx, operator: Operator, audience: str, device: str, event: str) -> str:
    audit.record(ctx, "operator", operator.id, event)
    return sessions.open_session(ctx, audience, operator_id=operator.id, device=device)


def _as(operator: Operator) -> Actor:
    return Actor(Role.OPERATOR, operator.id, kind=operator.kind)
