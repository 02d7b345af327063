"""Under every fault of the emulators: duplicated only what must be said without a handle, lost only what may die."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chaos.chat_rush import Shop, open_shop
from tests.bots.sending import faults
from tests.integrations.sandbox_process import running_sandbox


@pytest.fixture
def shop(sqlite_url: str, tmp_path: Path) -> Iterator[Shop]:
    """The product beside a sandbox."""
    with running_sandbox(tmp_path / "sandbox") as stage, open_shop(stage, sqlite_url, tmp_path) as (opened, _):
        yield opened


def test_what_faults_do_to_messages(shop: Shop) -> None:
    found = [faults.suffer(shop, kind, fault) for kind, fault in faults.cases()]
    assert [one for one in found if not one.allowed] == [], faults.table(found)
    twice = {(one.channel, one.fault) for one in found if one.duplicated}
    assert sum(one.lost for one in found) == 0  # each emulator took what it did not answer
    assert twice == {("wecom", faults.LOST), ("telegram", faults.LOST)}
