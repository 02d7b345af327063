"""Databases for long runs: migrated once, copied as often as a part asks, of either kind."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.servers.migrating import migrate
from tests.servers.postgres import PostgresServer
from tests.servers.shared_run import SharedRun
from tests.servers.sqlite import SqliteTemplates

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count(1)


@contextmanager
def fresh(kind: str, run: SharedRun, folder: Path) -> Iterator[str]:
    """The address of an empty, migrated database that is dropped at the end."""
    if kind == "sqlite":
        templates = SqliteTemplates(run)
        yield templates.copy(templates.build_template(migrate), folder / "chaos.sqlite3")
        return
    server = PostgresServer(run.server("postgres"), run, "chaos")
    name = server.create_database(template=server.build_template(migrate))
    try:
        yield server.url(name)
    finally:
        server.drop_database(name)


@contextmanager
def copied(address: str) -> Iterator[str]:
    """The address of a copy of a database that nobody is connected to; the copy is dropped at the end."""
    url = make_url(address)
    name = f"{url.database}_{os.getpid()}_{next(_numbers)}"  # processes copy side by side
    copy = url.set(database=name).render_as_string(hide_password=False)
    if url.get_backend_name() == "sqlite":
        shutil.copyfile(str(url.database), name)
        yield copy
        for file in Path(name).parent.glob(f"{Path(name).name}*"):
            file.unlink()
        return
    _administer(url, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, str(url.database)))))
    try:
        yield copy
    finally:
        _administer(url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def put_in_place(address: str, source: str) -> None:
    """Make the database at `address` anew as what is at `source`; nobody may be connected to `source`."""
    target, of = make_url(address), make_url(source)
    if target.get_backend_name() == "sqlite":
        for file in _files(target):
            file.unlink()
        for file in _files(of):
            shutil.copyfile(file, f"{target.database}{file.name.removeprefix(Path(str(of.database)).name)}")
        return
    drop(address)
    names = map(sql.Identifier, (str(target.database), str(of.database)))
    _administer(target, sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(*names))


def drop(address: str) -> None:
    """Remove the database at `address`, whoever is connected to it, if there is one."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        for file in _files(url):
            file.unlink()
        return
    name = sql.Identifier(str(url.database))
    _administer(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _files(url: URL) -> list[Path]:
    """The file and its journals."""
    path = Path(str(url.database))
    return [path, *path.parent.glob(f"{path.name}-*")] if path.exists() else []


def _administer(url: URL, statement: sql.Composed) -> None:
    plain = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)
