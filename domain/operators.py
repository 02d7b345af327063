"""What kinds of operators there are, and which duties each kind has: one table for console and API."""

from __future__ import annotations

from enum import StrEnum


class OperatorKind(StrEnum):
    """How far an operator's hands reach."""

    VIEWER = "viewer"
    SUPPORT = "support"
    FINANCE = "finance"
    ADMIN = "admin"


class Duty(StrEnum):
    """What pages and acts ask for."""

    LOOK = "look"
    """Read what is masked, and one's own account."""
    REVEAL = "reveal"
    """See personal data or what was said to the bot, with a reason."""
    PEOPLE = "people"
    """Decide on leaders, desk staff and neighbourhoods."""
    CAMPAIGNS = "campaigns"
    """End a campaign or a help-sell."""
    CLAIMS = "claims"
    """Rule on complaints."""
    GIVE_BACK = "give_back"
    """Give the money of an order back."""
    MESSAGES = "messages"
    """Messages, uploads and alerts: once more, or let lie."""
    MONEY = "money"
    """Proposals, suspense, bills, statements, files for the bank, cash."""


_TABLE = """
look      | viewer support finance admin
reveal    | support admin
people    | support admin
campaigns | support admin
claims    | support admin
give_back | support finance admin
messages  | support admin
money     | finance admin
"""
_WHO = {
    Duty(duty.strip()): frozenset(OperatorKind(kind) for kind in kinds.split())
    for duty, _, kinds in (line.partition("|") for line in _TABLE.strip().splitlines())
}


def may(kind: str, duty: Duty) -> bool:
    """Whether operators of `kind` have this duty; nobody of an unknown kind has any."""
    return kind in _WHO[duty]
