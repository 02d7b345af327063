"""What is measured on: a folder on a real disk, a PostgreSQL that waits for it, and the settings read back."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from models.sqlite import teach_sqlite
from tests.servers.binaries import postgres_bin
from tests.servers.migrating import migrate
from tests.servers.postgres import PostgresServer
from tests.servers.shared_run import SharedRun
from tests.servers.sqlite import SqliteTemplates

IN_MEMORY = ("tmpfs", "ramfs", "overlay-tmpfs")
READ_BACK = ("fsync", "synchronous_commit", "full_page_writes", "server_version")
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
SQLITE_DURABLE = {"wal": "2", "delete": "3"}
"""What SQLite's `synchronous` must be in a journal mode: FULL, and EXTRA where an unlink is the commit (ADR 3)."""


class NotDurable(Exception):
    """What would be measured here is not written to a disk."""


@dataclass
class Machine:
    """One run's servers and databases; everything lies below `folder` and goes with it."""

    folder: Path
    run: SharedRun
    name: str = "bench"

    def __post_init__(self) -> None:
        """Start the server if the run has none yet."""
        self.server = PostgresServer(self.run.server("postgres"), self.run, self.name)
        self.programs = postgres_bin(self.folder)

    def postgresql(self, like: str = "") -> str:
        """The address of a fresh database: the product's tables, or a copy of the database at `like`."""
        template = str(make_url(like).database) if like else self.server.build_template(migrate)
        return self.server.url(self.server.create_database(template=template))

    def plain_postgresql(self) -> str:
        """The address of a database without any table."""
        return self.server.url(self.server.create_database())

    def drop(self, url: str) -> None:
        """Drop a database made here."""
        self.server.drop_database(str(make_url(url).database))

    def sqlite(self, name: str) -> str:
        """The address of a fresh SQLite file with the product's tables."""
        templates = SqliteTemplates(self.run)
        return templates.copy(templates.build_template(migrate), self.folder / f"{name}.sqlite3")

    @property
    def postmaster(self) -> int:
        """The process id of the server that was started for this run."""
        return int((self.run.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


@contextmanager
def on_disk() -> Iterator[Machine]:
    """A machine of its own, its data on a disk, its commits waiting for it; all of it is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="lintuan-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    before = os.environ.get("LINTUAN_TEST_POSTGRES_FSYNC")
    os.environ["LINTUAN_TEST_POSTGRES_FSYNC"] = "on"
    run = SharedRun(folder, os.getpid())
    try:
        if (kind := file_system(folder)) in IN_MEMORY:
            raise NotDurable(f"{folder} lies in memory ({kind})")
        machine = Machine(folder, run)
        refuse_unless_durable(settings_of(machine.server.url()))
        yield machine
    finally:
        run.finish()
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.pop("LINTUAN_TEST_POSTGRES_FSYNC")
        if before is not None:
            os.environ["LINTUAN_TEST_POSTGRES_FSYNC"] = before


def file_system(folder: Path) -> str:
    """The kind of file system that a folder lies on, as the kernel names it."""
    best, kind = "", "unknown"
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, name = line.split()[:3]
        if folder.resolve().is_relative_to(place) and len(place) >= len(best):
            best, kind = place, name
    return kind


def settings_of(url: str) -> dict[str, str]:
    """The durability settings that a connection of the product's kind really has, read back from the database."""
    engine = create_engine(url, poolclass=NullPool)
    teach_sqlite(engine)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = {name: str(connection.execute(text(f"PRAGMA {name}")).scalar_one())
                     for name in ("synchronous", "journal_mode")}  # fmt: skip
            return {**found, "version": str(connection.execute(text("SELECT sqlite_version()")).scalar_one())}
        return {name: str(connection.execute(text(f"SHOW {name}")).scalar_one()) for name in READ_BACK}


def refuse_unless_durable(found: dict[str, str]) -> None:
    """Raise `NotDurable` for settings under which an acknowledged commit may be lost."""
    wanted = DURABLE if "fsync" in found else {"synchronous": SQLITE_DURABLE[found["journal_mode"]]}
    if wrong := {name: found.get(name) for name, value in wanted.items() if found.get(name) != value}:
        raise NotDurable(f"these settings lose commits: {wrong}")
