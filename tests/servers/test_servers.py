"""The throw-away servers are real, shared by the run, and give each test a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import NullPool, create_engine, inspect, text

from tests.servers.postgres import PostgresServer
from tests.servers.quick_folder import in_memory
from tests.servers.shared_run import REPOSITORY, SharedRun
from tests.servers.sqlite import SqliteTemplates


def _one_table(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE fruit (name TEXT)"))
        connection.execute(text("INSERT INTO fruit VALUES ('草莓')"))
    engine.dispose()


def _fruits(url: str) -> list[str]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO fruit VALUES ('蓝莓')"))
        names = [row.name for row in connection.execute(text("SELECT name FROM fruit ORDER BY length(name), name"))]
    engine.dispose()
    return sorted(names)


@pytest.mark.parametrize("attempt", range(4))
def test_each_test_gets_its_own_copy_of_the_postgres_template(
    postgres_server: PostgresServer, fresh_postgres: Callable[..., str], attempt: int
) -> None:
    template = postgres_server.build_template(_one_table, name="sample")
    assert _fruits(fresh_postgres(template)) == ["草莓", "蓝莓"]


@pytest.mark.parametrize("attempt", range(4))
def test_each_test_gets_its_own_copy_of_the_sqlite_template(
    sqlite_templates: SqliteTemplates, fresh_sqlite: Callable[[Path], str], attempt: int
) -> None:
    template = sqlite_templates.build_template(_one_table, name="sample")
    assert _fruits(fresh_sqlite(template)) == ["草莓", "蓝莓"]


def test_a_migrated_database_has_the_products_tables(database_url: str) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    assert {"alembic_version", "orders", "payments"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_a_template_is_migrated_once_however_often_it_is_asked_for(postgres_server: PostgresServer) -> None:
    asked: list[str] = []
    names = {postgres_server.build_template(asked.append, name=f"once-{os.getpid()}") for _ in range(3)}
    assert len(names) == len(asked) == 1


def test_postgres_waits_for_the_disk_only_when_asked_and_lives_in_utc(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.url().replace("+psycopg", "")) as connection:
        settings: dict[str, str] = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
    assert settings["fsync"] == os.environ.get("LINTUAN_TEST_POSTGRES_FSYNC", "off")
    assert settings["TimeZone"] == "UTC"
    assert settings["server_encoding"] == "UTF8"


@pytest.mark.parametrize("attempt", range(4))
def test_each_test_gets_an_empty_redis_database(redis_url: str, attempt: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.incr("visits") == 1


def test_the_servers_end_with_the_run() -> None:
    run = SharedRun.begin()
    address = run.server("valkey")
    keeper = int((run.folder / "valkey.pid").read_text())
    run.finish()
    assert not run.folder.exists()
    with redis.Redis.from_url(address) as client, pytest.raises(redis.ConnectionError):
        client.ping()
    with pytest.raises(ProcessLookupError):
        os.kill(keeper, 0)


def test_the_servers_end_when_the_run_was_killed(tmp_path: Path) -> None:
    script = (
        "import os, signal\nfrom tests.servers.shared_run import REPOSITORY, SharedRun\nrun = SharedRun.begin()\n"
        "print(run.folder, run.server('valkey'), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    folder, address = killed.stdout.split()
    run = SharedRun(Path(folder), 0)
    run.wait_until_gone("valkey")
    run.finish()
    with redis.Redis.from_url(address) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_files_go_to_memory_only_where_there_is_room(tmp_path: Path) -> None:
    assert in_memory(REPOSITORY, least=1) == REPOSITORY
    assert in_memory(REPOSITORY, least=2**62) is None
    assert in_memory(tmp_path / "nowhere") is None


def test_no_test_reaches_beyond_loopback() -> None:
    with socket.socket() as outside, pytest.warns(UserWarning), pytest.raises(SocketConnectBlockedError):
        outside.connect(("192.0.2.1", 80))
