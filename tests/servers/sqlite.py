"""SQLite databases for tests: a file migrated once per run, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from models.sqlite import library
from tests.servers.shared_run import SharedRun


class SqliteTemplates:
    """Migrated SQLite files of one run."""

    def __init__(self, run: SharedRun) -> None:
        self._run = run

    def build_template(self, migrate: Callable[[str], None], name: str = "template") -> Path:
        """A file that `migrate(url)` filled, once per run however many workers ask; never write into it."""
        file = self._run.folder / f"{name}.sqlite3"
        with self._run.lock(f"sqlite-{name}"):
            if not file.exists():
                draft = file.with_suffix(".draft")
                migrate(f"sqlite:///{draft}")
                with closing(library.connect(str(draft))) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                draft.rename(file)
        return file

    def copy(self, template: Path, target: Path) -> str:
        """Copy a template to `target` and return the copy's SQLAlchemy address."""
        shutil.copyfile(template, target)
        return f"sqlite:///{target}"
