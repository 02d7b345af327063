"""How alembic meets the app's database: online only, the models' metadata, one transaction for all steps."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from models.base import Base, UtcDateTime, db

LOCK = 7_310_001  # any number, the same for every process that migrates


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write our column types in terms every revision understands without importing the product."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "BigInteger":
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def compare_type(
    _context: Any, _column: Any, _metadata_column: Any, _inspected: Any, metadata_type: Any
) -> bool | None:
    """SQLite knows neither zones nor big integers; PostgreSQL is compared as usual."""
    if _context.dialect.name == "sqlite" and (
        isinstance(metadata_type, UtcDateTime) or type(metadata_type).__name__ == "BigInteger"
    ):
        return False
    return None


def migrate(connection: Connection) -> None:
    """Run the steps; on PostgreSQL a second process waits for the first."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        compare_type=compare_type,
        transaction_per_migration=False,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


with current_app.app_context(), db.engine.connect() as connection:
    migrate(connection)
