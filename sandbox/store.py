"""The sandbox's own SQLite file: one connection, one lock, each transaction durable before it is answered."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VERSION = 3
SETTINGS_SCHEMA = "CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);"


class OtherVersion(SystemExit):
    """The data folder was made by another version of the sandbox; it holds nothing but pretended things."""


class Store:
    """A database that is safe to share between threads: whoever holds `transaction()` is alone."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA foreign_keys=ON")
        self._require_version(path)
        self.create(SETTINGS_SCHEMA)

    def _require_version(self, path: Path) -> None:
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version != VERSION and self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
            self._db.close()
            raise OtherVersion(f"{path} was made by another version of the sandbox: remove its folder and start again")
        self._db.execute(f"PRAGMA user_version={VERSION}")

    def create(self, script: str) -> None:
        """Run a sub-package's `CREATE TABLE IF NOT EXISTS …` script."""
        with self._lock:
            self._db.executescript(script)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside happens, or nothing; nested use joins the outer transaction. Never call out inside."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self._db
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def one(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        with self._lock:
            row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
            return row

    def all(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def setting(self, name: str, default: str = "") -> str:
        """One remembered word (the clock's offset, a knob, …)."""
        row = self.one("SELECT value FROM settings WHERE name = ?", name)
        return default if row is None else str(row["value"])

    def remember(self, name: str, value: str) -> None:
        """Keep one word across restarts."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        with self._lock:
            self._db.close()
