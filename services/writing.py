"""The few writes that both databases spell differently, in one place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Executable, Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from models import Base
from services.hot.rows import Bulk, insertion

ROWS_PER_STATEMENT = 500
ALIKE_IN_NOTHING: Mapping[str, Any] = {}


def upsert(session: Session, table: type[Base]) -> Any:
    """An INSERT that knows `on_conflict_do_*`, of the dialect in use.

    On the bare table and inline, because a key fetched behind our back would hide how many rows were written.
    """
    rows: Any = table.__table__
    insert = postgresql.insert(rows) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(rows)
    return insert.inline()


def insert_ignoring(session: Session, table: type[Base], key: Sequence[str], /, **values: Any) -> bool:
    """Insert a row unless one with the same `key` columns exists; True when it was inserted.

    Waits for a rival transaction with the same key to end, so False means that its row is committed and readable.
    """
    statement: Insert = upsert(session, table).values(**values).on_conflict_do_nothing(index_elements=list(key))
    return changed(session, statement) == 1


def insert_all(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], *returning: Any,
               same: Mapping[str, Any] = ALIKE_IN_NOTHING) -> list[Any]:  # fmt: skip
    """Insert the rows that break no unique key, a few hundred to a statement; returns `returning` of those inserted.

    All rows name the same columns; what is the `same` in all of them is said once.
    """
    names = ", ".join(column.key for column in returning)
    return _insert(session, table, rows, same, f"ON CONFLICT DO NOTHING RETURNING {names}")


def append_all(session: Session, table: type[Base], rows: Sequence[dict[str, Any]],
               same: Mapping[str, Any] = ALIKE_IN_NOTHING) -> None:  # fmt: skip
    """Insert every row, a few hundred to a statement. All rows name the same columns."""
    _insert(session, table, rows, same, "")


def _insert(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], same: Mapping[str, Any],
            ending: str) -> list[Any]:  # fmt: skip
    session.flush()
    if not rows:
        return []
    columns = tuple(rows[0])
    statement, connection = _insertion(table, columns, tuple(same), ending), session.connection()
    cells = _cells(table, columns)
    alike = [_cell(value) for value in same.values()]
    inserted: list[Any] = []
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        part = rows[start : start + ROWS_PER_STATEMENT]
        inserted += statement(connection, [cells(row) for row in part], alike)
    return inserted


@cache
def _insertion(table: type[Base], columns: tuple[str, ...], same: tuple[str, ...], ending: str) -> Bulk:
    return insertion(table, columns, ending, same)


@cache
def _cells(table: type[Base], columns: tuple[str, ...]) -> Callable[[dict[str, Any]], Sequence[Any]]:
    """What takes a row's values out of it: most tables keep no objects, and their values go as they are."""
    if len(columns) > 1 and not any(isinstance(table.__table__.columns[name].type, JSON) for name in columns):
        return itemgetter(*columns)
    return lambda row: [_cell(row[name]) for name in columns]


def _cell(value: Any) -> Any:
    """A word of an enumeration goes as its text, an object as JSON."""
    if isinstance(value, str):
        return str(value)
    return json.dumps(value) if isinstance(value, dict) else value


def changed(session: Session, statement: Executable) -> int:
    """Execute a write and return how many rows it changed."""
    session.flush()
    options = {"synchronize_session": False, "preserve_rowcount": True}  # an INSERT forgets its count otherwise
    result = session.execute(statement, execution_options=options)
    if not isinstance(result, CursorResult) or result.rowcount < 0:
        raise TypeError("this statement does not say how many rows it changed")
    return result.rowcount
