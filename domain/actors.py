"""Who acts: a role, and the row it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The parties that the state tables name in their `by` column."""

    RESIDENT = "resident"
    LEADER = "leader"
    STAFF = "staff"
    OPERATOR = "operator"
    CLOCK = "clock"
    GATEWAY = "gateway"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts.

    `id` is the row behind the role: residents.id, leaders.id, pickup_staff.id or operators.id; 0 for the machines.
    `resident_id` is the person behind a leader or staff member; `point_id` a staff member's point; `kind` how far an
    operator's hands reach (`domain.operators`).
    """

    role: Role
    id: int = 0
    resident_id: int | None = None
    point_id: int | None = None
    session_id: int | None = None
    kind: str = ""

    @property
    def label(self) -> str:
        """`leader:12`, for audit records."""
        return f"{self.role}:{self.id}"


CLOCK = Actor(Role.CLOCK)
GATEWAY = Actor(Role.GATEWAY)
SYSTEM = Actor(Role.SYSTEM)
NOBODY = Actor(Role.RESIDENT)
