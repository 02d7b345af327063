"""Databases that wait for the disk, as the product's own do, and what they say of it themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

from chaos.databases import fresh
from models.sqlite import teach_sqlite
from tests.servers.shared_run import SharedRun

FSYNC = "LINTUAN_TEST_POSTGRES_FSYNC"
SETTINGS = {"sqlite": ("journal_mode", "synchronous"), "postgresql": ("fsync", "synchronous_commit")}


@contextmanager
def waiting_for_disk(url: str, folder: Path) -> Iterator[str]:
    """The address of an empty, migrated database like the one at `url`, on a server with fsync on."""
    if url.startswith("sqlite"):
        yield url
        return
    before = os.environ.get(FSYNC)
    os.environ[FSYNC] = "on"
    run = SharedRun.begin()
    try:
        with fresh("postgresql", run, folder) as address:
            yield address
    finally:
        run.finish()
        os.environ.pop(FSYNC)
        if before is not None:
            os.environ[FSYNC] = before


def durability(url: str) -> dict[str, str]:
    """What a connection of the product's is told about waiting for the disk."""
    engine = create_engine(url, poolclass=NullPool)
    teach_sqlite(engine)
    ask = "PRAGMA {}" if engine.dialect.name == "sqlite" else "SHOW {}"
    try:
        with engine.connect() as connection:
            return {name: str(connection.scalar(text(ask.format(name)))) for name in SETTINGS[engine.dialect.name]}
    finally:
        engine.dispose()
