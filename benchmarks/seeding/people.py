"""Many residents, each logged in on a device of their own."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert

from domain.actors import SYSTEM
from domain.ids import new_id
from models import PickupPoint, Resident, Session
from services.context import Ctx
from services.transactions import Transactions
from tests.builders import people

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Crowd:
    """Residents by id, and the token of each at the same place."""

    ids: list[int]
    tokens: list[str]


def crowd(unit: Transactions, count: int) -> Crowd:
    """So many new residents with a token each, of the same form as a login's."""
    with unit(SYSTEM) as ctx:
        made = ctx.now
        rows = [
            {"public_id": new_id("Resident", made), "openid": f"crowd-{secrets.token_hex(8)}", "nickname": "邻居",
             "anonymous": False, "created_at": made}
            for _ in range(count)
        ]  # fmt: skip
        ids = list(ctx.session.scalars(insert(Resident).returning(Resident.id, sort_by_parameter_order=True), rows))
        tokens = [secrets.token_urlsafe(32) for _ in ids]
        sessions = [_session(made, resident, token) for resident, token in zip(ids, tokens, strict=True)]
        ctx.session.execute(insert(Session), sessions)
    return Crowd(ids, tokens)


def desk_tokens(ctx: Ctx, point: int, count: int) -> list[str]:
    """Tokens of so many staff at the desk of a point."""
    at = ctx.session.get_one(PickupPoint, point)
    return [people.token(ctx, people.staff(ctx, at)) for _ in range(count)]


def _session(made: datetime, resident: int, token: str) -> dict[str, object]:
    return {
        "public_id": new_id("Session", made), "token_hash": hashlib.sha256(token.encode()).hexdigest(),
        "audience": "resident", "resident_id": resident, "device": "bench", "created_at": made,
        "expires_at": made + A_DAY,
    }  # fmt: skip
