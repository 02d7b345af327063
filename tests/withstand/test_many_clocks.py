"""Several scheduler processes on the same campaigns: each is closed once, by one of them, and settled right."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos import clocks
from domain.actors import CLOCK
from models.base import Stated
from models.records import AuditRecord
from services import closing, transitions
from services.context import Ctx
from services.transactions import Transactions
from tests.builders import campaigns
from tests.builders.clock import FrozenClock

PROCESSES, CAMPAIGNS = 2, 12


def test_campaigns_due_in_the_same_second_are_closed_once_by_several_processes(
    database_url: str, tmp_path: Path
) -> None:
    found = clocks.together(database_url, tmp_path, PROCESSES, CAMPAIGNS, clocks.QUICK_CLOCK)
    assert found["held"], found


def _closings(unit: Transactions, clock: FrozenClock) -> int:
    """Two schedulers have both found a campaign due; how often it is closed."""
    with unit(CLOCK) as ctx:
        scene = campaigns.scene(ctx)
    clock.set(scene.closes_at)
    with unit.reading() as ctx:
        first, second = closing.due(ctx), closing.due(ctx)
    for campaign_id in first + second:
        with unit(CLOCK) as ctx:
            closing.close_overdue(ctx, campaign_id)
    with unit.reading() as ctx:
        return ctx.session.query(AuditRecord).filter_by(subject="campaign", event="close").count()


def test_two_schedulers_who_both_found_it_due_close_it_once(unit: Transactions, clock: FrozenClock) -> None:
    assert _closings(unit, clock) == 1


def test_without_the_row_claim_they_would_close_it_twice(
    unit: Transactions, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = transitions.try_move

    def unclaimed(ctx: Ctx, row: Stated, event: str, **values: object) -> bool:
        row.state = "open"
        ctx.session.flush()
        return claimed(ctx, row, event, **values)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(transitions, "try_move", unclaimed)
    assert _closings(unit, clock) == 2
