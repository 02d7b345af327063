"""Twelve differences planted in the gateway's books: the demo's comparison finds each, and none where none is."""

from __future__ import annotations

from pathlib import Path

from chaos.clocks import all_pages
from demo import judge
from domain.actors import SYSTEM
from services import cancelling
from tests.builders import campaigns, people
from tests.integrations.sandbox_process import running_sandbox
from tests.withstand.till import Till, open_till


def _differences(till: Till) -> list[str]:
    with till.unit(SYSTEM) as ctx:
        headers = people.bearer(people.token(ctx, people.operator(ctx)))
    payments, refunds = (all_pages(till.url, f"/api/admin/{name}", headers) for name in ("payments", "refunds"))
    return judge.compare(payments, refunds, till.stage.seen("ledger"))


def test_every_planted_difference_is_found_and_taken_out_it_is_gone(database_url: str, tmp_path: Path) -> None:
    with running_sandbox(tmp_path / "sandbox") as stage, open_till(stage, database_url, tmp_path) as till:
        orders = [till.bought(who) for who in range(3)]
        for who in (1, 2):
            with till.unit(campaigns.buyer(till.scene.buyers[who])) as ctx:
                cancelling.cancel(ctx, orders[who])
        till.sweep("refunds.submit_due")
        till.refunds_end()
        assert _differences(till) == []
        kinds = list(stage.seen("plant")["kinds"])
        found = {}
        for kind in kinds:
            stage.control("plant", kind=kind)
            found[kind] = len(_differences(till))
        stage.control("plant", kind="none")
        assert len(kinds) == 12
        assert [kind for kind, differences in found.items() if not differences] == []
        assert _differences(till) == []
