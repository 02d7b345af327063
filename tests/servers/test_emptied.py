"""Each test finds the emptied database as it was made; what is more than rows, or still in use, is not emptied."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.servers.emptied import EmptiedDatabase
from tests.servers.migrating import migrate
from tests.servers.postgres import PostgresServer

JOIN = """INSERT INTO operators (public_id, name, kind, password_hash, totp_step, created_at)
          VALUES (%s, %s, 'admin', '', 0, now()) RETURNING id"""


@pytest.fixture
def leaving_seconds() -> float:
    """A busy server may take its time to see that a connection was closed."""
    return 60.0


@pytest.fixture
def emptied(postgres_server: PostgresServer, leaving_seconds: float) -> Iterator[EmptiedDatabase]:
    """One that no other test is given."""
    database = EmptiedDatabase(postgres_server, lambda: postgres_server.build_template(migrate), leaving_seconds)
    yield database
    database.drop()


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def _joined(connection: psycopg.Connection, *names: str) -> list[int]:
    return [connection.execute(JOIN, (name, name)).fetchall()[0][0] for name in names]


def test_rows_are_gone_and_ids_begin_again(emptied: EmptiedDatabase) -> None:
    addresses = set()
    for _ in range(2):
        addresses.add(emptied.lend())
        with _connect(emptied.lend()) as connection:
            assert _joined(connection, "zhao", "qian") == [1, 2]
            places = connection.execute("SELECT ctid::text FROM operators ORDER BY id").fetchall()
            assert places == [("(0,1)",), ("(0,2)",)]
        emptied.take_back()
    assert len(addresses) == 1


def test_rows_that_others_refer_to_are_gone_as_well(emptied: EmptiedDatabase) -> None:
    with _connect(emptied.lend()) as connection:
        _joined(connection, "zhao")
        connection.execute("INSERT INTO sessions (public_id, token_hash, audience, operator_id, device, created_at, "
                           "expires_at) VALUES ('s', 't', 'admin', 1, '', now(), now())")  # fmt: skip
    emptied.take_back()
    with _connect(emptied.lend()) as connection:
        assert connection.execute("SELECT (SELECT count(*) FROM operators) + (SELECT count(*) FROM sessions)"
                                  ).fetchall() == [(0,)]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE fruit (name TEXT)",
        "ALTER TABLE operators DISABLE TRIGGER ALL",
        "ALTER TABLE operators ALTER name DROP NOT NULL",
        "ALTER TABLE operators ALTER name SET DEFAULT 'zhao'",
        "DROP INDEX ix_sessions_operator_id",
        "UPDATE alembic_version SET version_num = 'older'",
        "DROP TABLE alembic_version",
    ],
)
def test_a_database_that_was_changed_is_not_used_again(emptied: EmptiedDatabase, change: str) -> None:
    first = emptied.lend()
    with _connect(first) as connection:
        connection.execute(change.encode())
    emptied.take_back()
    assert emptied.lend() != first


@pytest.mark.parametrize("leaving_seconds", [0.1])
def test_a_database_that_somebody_is_still_in_is_not_used_again(emptied: EmptiedDatabase) -> None:
    first = emptied.lend()
    with _connect(first) as lingering:
        _joined(lingering, "zhao")
        emptied.take_back()
        assert emptied.lend() != first
        with pytest.raises(psycopg.OperationalError):
            _joined(lingering, "qian")


def test_it_can_be_copied_after_we_stepped_out(emptied: EmptiedDatabase, postgres_server: PostgresServer) -> None:
    url = emptied.lend()
    engine = emptied.engine_of(url)
    assert engine is not None
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    emptied.step_out()
    copy = postgres_server.create_database(template=url.rsplit("/", 1)[1])
    postgres_server.drop_database(copy)
    emptied.take_back()
    assert emptied.lend() == url
    assert emptied.engine_of(postgres_server.url(copy)) is None
