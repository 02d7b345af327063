"""Each test of pickup runs on both databases, and the invariants hold after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from domain.actors import CLOCK
from domain.policy import Policy
from models import Base
from models.base import teach_sqlite
from services import invariants
from services.transactions import Transactions
from tests.servers.postgres import PostgresServer
from tests.servers.sqlite import SqliteTemplates
from tests.services.pickup.world import Hands, World, vault


def _create_tables(url: str) -> None:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the product's tables."""
    if request.param == "sqlite":
        templates: SqliteTemplates = request.getfixturevalue("sqlite_templates")
        copy: Callable[[Path], str] = request.getfixturevalue("fresh_sqlite")
        return copy(templates.build_template(_create_tables, "pickup"))
    server: PostgresServer = request.getfixturevalue("postgres_server")
    create: Callable[..., str] = request.getfixturevalue("fresh_postgres")
    return create(server.build_template(_create_tables, "pickup"))


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A neighbourhood; the invariants are checked when the test is over."""
    engine = create_engine(database_url, pool_size=12)
    teach_sqlite(engine)
    clock = Hands()
    world = World(Transactions(engine, clock, Policy(), vault(), lambda: "test"), clock)
    yield world
    with world.unit(CLOCK) as ctx:
        assert not world.checked or invariants.check(ctx) == []
    engine.dispose()
