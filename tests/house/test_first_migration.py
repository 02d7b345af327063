"""Until the first release the first migration is made anew from the models, CHECK constraints included."""

from __future__ import annotations

from scripts.remake_tables import FILE, tables


def test_the_first_migration_says_what_the_models_say() -> None:
    assert FILE.read_text(encoding="utf-8") == tables(), "run `make migration`"
