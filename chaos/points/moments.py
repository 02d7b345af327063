"""Moments of a database to come back to: copied files on SQLite, copied rows on PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from chaos.databases import drop, put_in_place
from models import Base

REPLICA, ORIGIN = "SET session_replication_role = replica; ", "SET session_replication_role = origin"


class Moments(Protocol):
    """Moments of one database by name; whoever changes it must have let go of it or be dead."""

    url: str

    def clear(self) -> None:
        """As the empty one; every moment is forgotten."""

    def keep(self, name: str) -> None:
        """Keep this moment, over an earlier one of that name."""

    def put_back(self, name: str) -> None:
        """As it was at that moment."""

    def close(self) -> None:
        """Drop what was made."""


def moments(empty: str, folder: Path) -> Moments:
    """Moments of a copy of the empty database at `empty`; its files, if it has some, are in `folder`."""
    return _Files(empty, folder) if make_url(empty).get_backend_name() == "sqlite" else _Rows(empty)


class _Files:
    def __init__(self, empty: str, folder: Path) -> None:
        self._empty, self._folder = empty, folder
        self.url = self._of("now")
        self._names: set[str] = set()
        put_in_place(self.url, empty)

    def clear(self) -> None:
        put_in_place(self.url, self._empty)

    def keep(self, name: str) -> None:
        self._names.add(name)
        put_in_place(self._of(name), self.url)

    def put_back(self, name: str) -> None:
        put_in_place(self.url, self._of(name))

    def close(self) -> None:
        for name in ("now", *self._names):
            drop(self._of(name))

    def _of(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}.sqlite3"


class _Rows:
    """A moment is a schema with the rows of every table, beside the true one; where the sequences stood is noted.

    Copying the few rows takes some milliseconds, copying a database takes a quarter of a second.
    """

    def __init__(self, empty: str) -> None:
        self._empty: URL = make_url(empty)
        self.url = self._empty.set(database=f"{self._empty.database}_now").render_as_string(hide_password=False)
        self._plain = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._tables = [table.name for table in Base.metadata.sorted_tables]
        self._sequences: dict[str, list[tuple[str, int | None]]] = {}
        self._connection: psycopg.Connection[Any] | None = None
        self.clear()

    def clear(self) -> None:
        self._leave()
        self._sequences.clear()
        put_in_place(self.url, self._empty.render_as_string(hide_password=False))

    def keep(self, name: str) -> None:
        if name not in self._sequences:
            self._send(f"CREATE SCHEMA kept_{name}; " + self._each(
                f"CREATE UNLOGGED TABLE kept_{name}.{{table}} (LIKE public.{{table}})"))  # fmt: skip
        self._send(self._each(f"DELETE FROM kept_{name}.{{table}}; "
                              f"INSERT INTO kept_{name}.{{table}} SELECT * FROM public.{{table}}"))  # fmt: skip
        stand = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
        self._sequences[name] = self._connected().execute(stand).fetchall()

    def put_back(self, name: str) -> None:
        sequences = (f"SELECT setval('public.{sequence}', {last or 1}, {last is not None})"
                     for sequence, last in self._sequences[name])  # fmt: skip
        rows = self._each(f"DELETE FROM public.{{table}}; INSERT INTO public.{{table}} OVERRIDING SYSTEM VALUE "
                          f"SELECT * FROM kept_{name}.{{table}}")  # fmt: skip
        self._send(f"BEGIN; {REPLICA}{rows}; {'; '.join(sequences)}; {ORIGIN}; COMMIT")

    def close(self) -> None:
        self._leave()
        drop(self.url)

    def _each(self, statement: str) -> str:
        return "; ".join(statement.format(table=table) for table in self._tables)

    def _send(self, script: str) -> None:
        self._connected().execute(sql.SQL(script))  # names of our own schema

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = psycopg.connect(self._plain, autocommit=True)
        return self._connection

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
