"""Under every fault of the emulators nothing comes twice, and of what may be lost a person is told."""

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
    told = {(one.channel, one.fault) for one in found if one.told}
    assert told == {("wecom", faults.LOST), ("telegram", faults.LOST)}
