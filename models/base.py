"""The declarative base, the column kinds every table shares, and the database's own manners."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, Engine, Integer, MetaData, String
from sqlalchemy import event as events
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from domain.lifecycle import Machine

BigInt = BigInteger().with_variant(Integer, "sqlite")
IDLE_SECONDS = 1.0

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant; refuses naive values, because a naive one is a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Check and convert to UTC on the way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone; it was UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Root of all tables."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime(), int: BigInt},
    )


Pk = Annotated[int, mapped_column(BigInt, primary_key=True, autoincrement=True)]
PublicId = Annotated[str, mapped_column(String(32), unique=True)]
Word = Annotated[str, mapped_column(String(32))]
Name = Annotated[str, mapped_column(String(80))]
Line = Annotated[str, mapped_column(String(255))]

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True, session_options={"autoflush": False})


class Stated:
    """A table whose rows have a state that only `services.transitions` moves."""

    id: Mapped[Pk]
    state: Mapped[Word]


def state_check(machine: Machine) -> CheckConstraint:
    """The CHECK that holds a `state` column to the states of its table."""
    return one_of("state", machine.states, "state")


def one_of(column: str, values: Any, name: str) -> CheckConstraint:
    """A CHECK that a text column holds one of `values` (an iterable of strings)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def ping_the_idle(engine: Engine) -> None:
    """Ask a connection whether it lives when it has rested over a second; a busy one is worth no extra round trip."""
    if engine.dialect.name == "sqlite":
        return

    @events.listens_for(engine, "checkin")
    def _rest(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @events.listens_for(engine, "checkout")
    def _ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("rests_since", math.inf) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as dead:
            raise InvalidatePoolError from dead
