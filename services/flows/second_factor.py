"""An operator's own second factor: set up, replaced, fresh recovery codes; what is there is proved first."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actors import Actor
from domain.errors import Invalid, TooMany, WrongState
from models import Operator
from services import operators, second_factors
from services.context import Ctx, Unit
from services.ports import Outside

TRIES = 5
TRY_SECONDS = 60


@dataclass(frozen=True)
class Proof:
    """What only the owner has, whoever sits at the session: the password, and a code of the factor or of recovery."""

    password: str = ""
    code: str = ""


@dataclass(frozen=True)
class Enrol:
    """The sealed copy of an offer, a code that proves somebody holds its secret, and the proof for the one before."""

    sealed: str
    code: str
    proof: Proof = Proof()


def enrol(unit: Unit, outside: Outside, actor: Actor, command: Enrol) -> list[str]:
    """Take an offered secret; returns fresh recovery codes. In place of another only for who proves to hold that one.

    Raises `Invalid` for the offer, its code or the proof, `WrongState` when the factor changed meanwhile, `TooMany`.
    """
    before = _known(unit, outside, actor, command.proof)
    with unit(actor) as ctx:
        if before.totp_enc is not None:
            _prove(ctx, before, command.proof)
        codes = second_factors.enrol(ctx, command.sealed, command.code, instead_of=before.totp_enc)
    outside.counters.clear(_tries(actor))
    return codes


def renew_recovery_codes(unit: Unit, outside: Outside, actor: Actor, proof: Proof) -> list[str]:
    """Fresh recovery codes in place of all; raises `Invalid` for the proof, `WrongState` without factor, `TooMany`."""
    before = _known(unit, outside, actor, proof)
    if before.totp_enc is None:
        raise WrongState(state="no second factor", event="renew_recovery_codes")
    with unit(actor) as ctx:
        _prove(ctx, before, proof)
        codes = second_factors.new_recovery_codes(ctx)
    outside.counters.clear(_tries(actor))
    return codes


def _known(unit: Unit, outside: Outside, actor: Actor, proof: Proof) -> Operator:
    """The acting operator; the slow hash is asked outside of transactions, and only of who has a factor to prove."""
    with unit.reading(actor) as ctx:
        operator = ctx.session.get_one(Operator, actor.id)
    if operator.totp_enc is None:
        return operator
    if outside.counters.hit(_tries(actor), TRY_SECONDS) > TRIES:
        raise TooMany(retry_after=TRY_SECONDS)
    if not operators.matches(proof.password, operator.password_hash):
        raise _unproved()
    return operator


def _prove(ctx: Ctx, operator: Operator, proof: Proof) -> None:
    if not second_factors.prove(ctx, operator, proof.code):
        raise _unproved()


def _unproved() -> Invalid:
    """Which of the two was wrong is not told."""
    return Invalid("do not fit", errors={"password": ["is wrong?"], "old_code": ["is wrong?"]})


def _tries(actor: Actor) -> str:
    return f"second-factor:{actor.id}"
