"""One PostgreSQL database for the tests of a worker that only fill it, one after the other: emptied after each of them.

A copy of the template costs 0.1 s and a connection that knows nothing yet another 0.03 s; emptying costs 0.01 s.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
from psycopg.sql import SQL, Composed
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from tests.servers.postgres import PostgresServer

OURS = "lintuan-tests"
LEAVING_SECONDS = 1.0

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> %s
"""
# Whatever is created, altered or dropped writes or removes a row of one of these.
_CATALOGUES = (
    "pg_class", "pg_attribute", "pg_attrdef", "pg_index", "pg_constraint", "pg_trigger", "pg_proc", "pg_type",
    "pg_sequence", "pg_policy", "pg_db_role_setting",
)  # fmt: skip
_SHAPE = "SELECT " + ", ".join(
    [f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {name})" for name in _CATALOGUES]
    + ["(SELECT string_agg(version_num, ' ') FROM alembic_version)"]
)
_FILLED = """
SELECT oid::regclass::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
  AND pg_relation_size(oid) > 0
ORDER BY 1
"""
_COUNT_FROM_THE_START = """
SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""


class EmptiedDatabase:
    """`lend` gives its address; `take_back` leaves it as it was made, or drops it so that the next is made anew.

    An emptied table has no page: rows come to lie in the order in which they are written, as in a new database.
    """

    def __init__(
        self, server: PostgresServer, template: Callable[[], str], leaving_seconds: float = LEAVING_SECONDS
    ) -> None:
        self._server, self._template, self._leaving_seconds = server, template, leaving_seconds
        self._url = ""
        self._shape: object = None
        self._connection: psycopg.Connection | None = None
        self._engine: Engine | None = None

    def lend(self) -> str:
        """The address of the empty database."""
        if not self._url:
            self._url = self._server.url(self._server.create_database(template=self._template()))
            self._run(SQL("VACUUM"))  # its statistics are then those of an emptied one
            self._shape = self._rows(_SHAPE)
        return self._url

    def engine_of(self, url: str) -> Engine | None:
        """An engine that stays connected from test to test; None when it is not this database that `url` names."""
        if url != self._url:
            return None
        if self._engine is None:
            told = {"application_name": OURS, "options": "-c timezone=UTC"}
            self._engine = create_engine(url, pool_size=1, max_overflow=0, connect_args=told)
        return self._engine

    def step_out(self) -> None:
        """Close what is connected from here, so that it can be copied."""
        if self._connection is not None:
            self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._connection = None

    def take_back(self) -> None:
        """Empty it when nobody is connected and nothing but rows has changed, else drop it."""
        try:
            emptied = self._emptied()
        except psycopg.Error:  # what we ask for, or our connection, is gone
            emptied = False
        if not emptied:
            self.drop()

    def drop(self) -> None:
        """Let go of it; the next test gets a new one."""
        self.step_out()
        if self._url:
            self._server.drop_database(str(make_url(self._url).database))
        self._url, self._engine = "", None

    def _emptied(self) -> bool:
        if not self._left_alone() or self._rows(_SHAPE) != self._shape:
            return False
        filled = [SQL(str(name)) for (name,) in self._rows(_FILLED)]
        if filled:
            deletes = SQL(";").join(SQL("DELETE FROM {}").format(name) for name in filled)
            self._run(SQL("SET session_replication_role = replica; {}").format(deletes))
            vacuum = SQL("VACUUM (INDEX_CLEANUP ON, TRUNCATE ON, SKIP_DATABASE_STATS) {}")
            self._run(vacuum.format(SQL(",").join(filled)))
        self._rows(_COUNT_FROM_THE_START)
        return not self._rows(_FILLED)

    def _left_alone(self) -> bool:
        deadline = time.monotonic() + self._leaving_seconds
        while self._rows(_OTHERS, OURS) != [(0,)]:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)  # a connection that was closed is seen for a moment
        return True

    def _run(self, statement: SQL | Composed) -> None:
        self._inside().execute(statement)

    def _rows(self, query: str, *values: str) -> list[tuple[object, ...]]:
        return self._inside().execute(query.encode(), values or None).fetchall()

    def _inside(self) -> psycopg.Connection:
        if self._connection is None:
            plain = self._url.replace("+psycopg", "")
            self._connection = psycopg.connect(plain, autocommit=True, application_name=OURS)
        return self._connection
