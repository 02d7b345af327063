"""Settings for tests: nothing outside is named, the keys are made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.settings import Settings


def test_settings(data_dir: Path, database_url: str = "", **changes: Any) -> Settings:
    """Settings of the test environment over `data_dir`; nothing is kept for a moment unless a test asks for it."""
    return Settings(
        env="test",
        data_dir=data_dir,
        database_url=database_url,
        secret_key="tests-sign-with-this-key-0123456789",
        pii_key="tests-seal-with-that-key-9876543210",
        **{"page_keep_ms": 0, "sold_out_ms": 0, **changes},
    )


test_settings.__test__ = False  # type: ignore[attr-defined]  # a builder, whatever its name looks like to pytest
