"""Name and introduction of a leader: checked when somebody applies, passed before anybody is approved."""

from __future__ import annotations

from domain.content import WAITING, Subject
from domain.errors import BeingChecked, ContentRefused
from models import Leader
from services.content_safety import holding
from services.context import Ctx


def hold(ctx: Ctx, leader: Leader) -> None:
    """Have an application checked as it was written just now."""
    words = {"display_name": leader.display_name, "introduction": leader.introduction}
    holding.hold(ctx, Subject.LEADER, leader.id, leader.resident_id, words)


def require_passed(ctx: Ctx, leader: Leader) -> None:
    """Raise `BeingChecked` or `ContentRefused` while everybody may not read the words of an application."""
    check = holding.newest(ctx, Subject.LEADER, leader.id) if ctx.policy.content_safety else None
    if check is not None and check.state in WAITING:
        raise BeingChecked
    if check is not None and check.state == "refused":
        raise ContentRefused
