"""The SQLite that the product runs on, and the manners it is taught: real transactions, durable commits, enforced keys.

It is the newest one, which pip brings where it has a wheel for the machine (docs/adr/0003), else Python's own.
"""

from __future__ import annotations

import time
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import event as events
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

try:
    from pysqlite3 import dbapi2
except ImportError:  # no wheel for this machine
    import sqlite3 as dbapi2

library: ModuleType = dbapi2
WAL_RESET_FIXED_IN = (3, 51, 3)  # older libraries may lose a commit in WAL mode with several writers
WAIT_SECONDS, PAUSE_SECONDS = 30, 0.001
WRITE = "BEGIN IMMEDIATE"
SYNCHRONOUS = {"WAL": "FULL", "DELETE": "EXTRA"}  # a journal's unlink is the commit, and only EXTRA syncs its folder


class Newest(SQLiteDialect_pysqlite):
    """SQLAlchemy's own dialect with that library."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """The library, in the shape of Python's `sqlite3`."""
        return library


registry.register("sqlite", __name__, Newest.__name__)  # what every `sqlite:///…` means from now on


def journal_mode() -> str:
    """WAL where the library is sound with several writers, else the rollback journal (docs/adr/0003)."""
    return "WAL" if library.sqlite_version_info >= WAL_RESET_FIXED_IN else "DELETE"


def teach_sqlite(engine: Engine) -> None:
    """Give an SQLite engine real transactions, durable commits and enforced keys; other engines are left alone."""
    if engine.dialect.name != "sqlite":
        return

    @events.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        mode = journal_mode()
        for pragma in (
            f"busy_timeout={WAIT_SECONDS * 1000}", f"journal_mode={mode}", f"synchronous={SYNCHRONOUS[mode]}",
            "foreign_keys=ON",
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    @events.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes its lock at once, so that it never fails halfway; a declared reader never waits for it, and
        # one who only glances sends one statement and needs no transaction.
        options = connection.get_execution_options()
        if not options.get("glance"):
            connection.exec_driver_sql("BEGIN") if options.get("reading") else _begin_to_write(connection)


def _begin_to_write(connection: Connection) -> None:
    """Begin in one's turn, after `WAIT_SECONDS` at most; raises `OperationalError` then.

    SQLite's own waiting sleeps up to 100 ms at a time: of two processes the one that has just committed is there first
    again, and the other's people wait for seconds.
    """
    own: Any = connection.connection.dbapi_connection
    until = time.monotonic() + WAIT_SECONDS
    own.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                own.execute(WRITE)
            except library.OperationalError as error:
                if "locked" not in str(error):  # a full disk does not become free by waiting
                    break
                time.sleep(PAUSE_SECONDS)
            else:
                return
        connection.exec_driver_sql(WRITE)
    finally:
        own.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
