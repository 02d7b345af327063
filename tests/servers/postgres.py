"""A PostgreSQL server as tests see it: databases made from nothing or from a migrated template, and dropped."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.servers.shared_run import SharedRun


class PostgresServer:
    """One server; `url(name)` is an SQLAlchemy address (`postgresql+psycopg://…/name`).

    `worker` keeps the names that two workers invent apart.
    """

    def __init__(self, address: str, run: SharedRun, worker: str) -> None:
        self._address: URL = make_url(address)
        self._run = run
        self._worker = worker
        self._numbers = itertools.count(1)

    def url(self, dbname: str = "postgres") -> str:
        """The address of one database, password included."""
        return self._address.set(database=dbname).render_as_string(hide_password=False)

    def create_database(self, name: str | None = None, template: str | None = None) -> str:
        """Create a database, empty or as a copy of `template`, and return its name (invented when none is given)."""
        name = name or f"{self._prefix}_{self._worker}_{next(self._numbers)}"
        # Copied as files: pages copied through the log make the drop wait for them as well.
        source = (
            sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template)) if template else sql.SQL("")
        )
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + source)
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, ending connections to it that a killed process left behind."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def build_template(self, migrate: Callable[[str], None], name: str = "template") -> str:
        """The name of a template that `migrate(url)` filled, once per run however many workers ask.

        `migrate` must leave no connection open: PostgreSQL copies only a database that nobody is in.
        """
        database = f"{self._prefix}_{name}"
        done = self._run.folder / f"{database}.done"
        with self._run.lock(database):
            if not done.exists():
                self.drop_database(database)
                self.create_database(database)
                migrate(self.url(database))
                done.touch()
        return database

    def forget(self) -> None:
        """Drop what this run left on a server that outlives it."""
        for (name,) in self._rows("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", self._prefix + "_"):
            self.drop_database(name)

    @property
    def _prefix(self) -> str:
        return self._run.folder.name.replace("-", "_").lower()

    def _execute(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _rows(self, query: str, *values: str) -> list[tuple[str]]:
        with self._connect() as connection:
            return connection.execute(query.encode(), values).fetchall()

    def _connect(self) -> psycopg.Connection:
        plain = self._address.set(drivername="postgresql", database=self._address.database or "postgres")
        return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)
