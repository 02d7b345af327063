"""The fixtures with which tests ask for real servers.

`LINTUAN_TEST_POSTGRES_URL` and `LINTUAN_TEST_REDIS_URL` name servers of your own instead of the throw-away ones. The
databases made there are dropped; the numbered Redis databases used there are flushed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from sqlalchemy import Engine

from tests.servers.emptied import EmptiedDatabase
from tests.servers.postgres import PostgresServer
from tests.servers.shared_run import SharedRun
from tests.servers.sqlite import SqliteTemplates

RUN = pytest.StashKey[SharedRun]()


@pytest.fixture(scope="session")
def shared_run(pytestconfig: pytest.Config) -> SharedRun:
    """The test run, shared by all its workers: `.folder` and `.lock(name)`."""
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def worker_number(pytestconfig: pytest.Config) -> int:
    """0 without workers, else this worker's number counted from 0."""
    worker: str = getattr(pytestconfig, "workerinput", {}).get("workerid", "gw0")
    return int(worker.removeprefix("gw"))


@pytest.fixture(scope="session")
def postgres_server(shared_run: SharedRun, worker_number: int) -> Iterator[PostgresServer]:
    """The run's PostgreSQL; see `PostgresServer`."""
    foreign = os.environ.get("LINTUAN_TEST_POSTGRES_URL")
    server = PostgresServer(foreign or shared_run.server("postgres"), shared_run, f"w{worker_number}")
    yield server
    if foreign:
        server.forget()


@pytest.fixture
def fresh_postgres(postgres_server: PostgresServer) -> Iterator[Callable[..., str]]:
    """`fresh_postgres(template=None)` creates a database and returns its address; it is dropped after the test."""
    created: list[str] = []

    def create(template: str | None = None) -> str:
        created.append(postgres_server.create_database(template=template))
        return postgres_server.url(created[-1])

    yield create
    for name in created:
        postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def sqlite_templates(shared_run: SharedRun) -> SqliteTemplates:
    """The run's migrated SQLite files; see `SqliteTemplates`."""
    return SqliteTemplates(shared_run)


@pytest.fixture
def fresh_sqlite(sqlite_templates: SqliteTemplates, tmp_path: Path) -> Callable[[Path], str]:
    """`fresh_sqlite(template)` copies the template for this test and returns the copy's address."""
    return lambda template: sqlite_templates.copy(template, tmp_path / template.name)


@pytest.fixture
def sqlite_url(sqlite_templates: SqliteTemplates, fresh_sqlite: Callable[[Path], str]) -> str:
    """The address of this test's own SQLite database with the product's tables, no rows of a test in it."""
    return fresh_sqlite(sqlite_templates.build_template(_migrate))


@pytest.fixture(scope="session")
def emptied_postgres(postgres_server: PostgresServer) -> Iterator[EmptiedDatabase]:
    """The database of this worker's tests that only fill it; see `EmptiedDatabase`."""
    database = EmptiedDatabase(postgres_server, lambda: postgres_server.build_template(_migrate))
    yield database
    database.drop()


@pytest.fixture
def postgres_url(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, fresh_postgres: Callable[..., str]
) -> Iterator[str]:
    """The address of a PostgreSQL database with the product's tables, for this test alone, no rows in it.

    With `app`, the product in this process, it is the worker's emptied one. Other tests give theirs to processes of
    their own or copy it: they get a new one.
    """
    if "app" not in request.fixturenames:
        yield fresh_postgres(postgres_server.build_template(_migrate))
        return
    emptied: EmptiedDatabase = request.getfixturevalue("emptied_postgres")
    try:
        yield emptied.lend()
    finally:
        emptied.take_back()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """`sqlite_url`, then `postgres_url`: a test that asks for it runs on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def onlooker(request: pytest.FixtureRequest, database_url: str) -> Engine | None:
    """An engine that is connected to the emptied database already; None where the test has a database of its own."""
    if database_url.startswith("sqlite"):
        return None
    emptied: EmptiedDatabase = request.getfixturevalue("emptied_postgres")
    return emptied.engine_of(database_url)


@pytest.fixture(scope="session")
def redis_server(shared_run: SharedRun) -> str:
    """The address of the run's Redis-protocol server, without a database number."""
    return (os.environ.get("LINTUAN_TEST_REDIS_URL") or shared_run.server("valkey")).rstrip("/")


@pytest.fixture
def redis_url(redis_server: str, worker_number: int) -> str:
    """The address of this worker's own Redis database, empty at the start of the test."""
    url = f"{redis_server}/{worker_number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def _migrate(url: str) -> None:
    from tests.servers.migrating import migrate  # here, so that tests without a database do not load the product

    migrate(url)
