"""docs/money.md is what the worked example books now, to the last fen and the same each time."""

from __future__ import annotations

from pathlib import Path

from chaos.histories.judge import unexplained
from domain.actors import SYSTEM
from domain.posting_rules import Event
from scripts.worked_example import page, scenery, story
from scripts.worked_example.__main__ import PAGE
from services import invariants
from services.explaining import subjects
from services.queries import books


def test_the_page_is_fresh_and_the_sandbox_agrees_with_every_fen_of_it(tmp_path: Path) -> None:
    with scenery.set_up(tmp_path) as cast:
        telling = story.play(cast)
        assert page.page(telling) == PAGE.read_text(encoding="utf-8"), "run: make money"
        with cast.world.unit.reading(SYSTEM) as ctx:
            assert invariants.check(ctx) == []
            held = {row.account: row.amount_fen for row in books.balances(ctx) if not row.owner}
        assert unexplained(cast.world) == []
        with cast.world.unit(SYSTEM) as ctx:
            told = subjects.explain(ctx, "campaign", cast.world.scene.campaign)
        assert told.margin is not None
        assert told.margin.total.fen == held["gateway_balance"] + held["bank"] == 2314
    met = {entry.event for chapter in telling.chapters for entry in chapter.entries}
    assert met.isdisjoint(page.MEANING)
    assert met | set(page.MEANING) == set(Event)
