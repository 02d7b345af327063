"""Statements over many rows at once: written once, with the two databases' spellings of a table of given rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Connection, Select, Text, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from models import Base
from models.base import UtcDateTime

_ARRAYS = {int: "bigint", str: "text", bool: "boolean", datetime: "timestamptz", date: "date"}
_SPELLINGS = {
    "postgresql": {"as_json": "::json", "for_update": "FOR NO KEY UPDATE", "for_share": "FOR SHARE"},
    "sqlite": {"as_json": "", "for_update": "", "for_share": ""},  # it has one writer
}


class Bulk:
    """One statement over rows of `columns` (name -> int, str, bool, datetime or date), which it reads as the table `r`.

    In its text `{rows}` stands for that table, `{as_json}` follows a text that goes into a JSON column, and
    `{for_update}` ends a SELECT that locks what it finds.
    """

    def __init__(self, text: str, **columns: type[Any]) -> None:
        arrays = ", ".join(
            f"%b::{_ARRAYS[kind]}[]" for kind in columns.values()
        )  # as text it takes three times as long
        cells = ", ".join(f"value->>{place} AS {name}" for place, name in enumerate(columns))
        rows = {
            "postgresql": f"unnest({arrays}) AS r({', '.join(columns)})",
            "sqlite": f"(SELECT {cells} FROM json_each(?)) AS r",  # noqa: S608 - places and names of our own columns
        }
        self.text = {dialect: text.format(rows=rows[dialect], **words) for dialect, words in _SPELLINGS.items()}

    def __call__(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> Sequence[Row[Any]]:
        """Run it once over `rows`, whose values stand in the order of the columns; what it returns, if anything.

        Without rows nothing is sent.
        """
        if not rows:
            return ()
        dialect = connection.dialect.name
        given: tuple[Any, ...]
        if dialect == "postgresql":
            given = tuple(list(column) for column in zip(*rows, strict=True))
        else:
            given = (json.dumps(rows, default=_moment, separators=(",", ":")),)
        result = connection.exec_driver_sql(self.text[dialect], given)
        return result.all() if result.returns_rows else ()


def among(session: Session, values: Sequence[int] | Sequence[str]) -> Select[Any]:
    """A subquery of `values` for `IN`, whose text is the same for any number of them."""
    if session.get_bind().dialect.name == "postgresql":
        kind = Text() if values and isinstance(values[0], str) else BigInteger()
        return select(func.unnest(bindparam(None, list(values), ARRAY(kind))))
    given = bindparam(None, json.dumps(list(values)), Text())
    return select(column("value")).select_from(func.json_each(given).table_valued("value"))


def insertion(table: type[Base], given: Sequence[str], ending: str = "") -> Bulk:
    """INSERT rows of the columns `given`; every other column gets its model's default. JSON is given as text."""
    columns = {column.name: column for column in table.__table__.columns}
    fixed = {name: column.default.arg for name, column in columns.items() if _is_fixed(column) and name not in given}
    said = [f"r.{name}{{as_json}}" if _kind(columns[name]) is dict else f"r.{name}" for name in given]
    text = (
        f"INSERT INTO {table.__tablename__} ({', '.join([*given, *fixed])}) "  # noqa: S608 - names of our own tables
        f"SELECT {', '.join([*said, *map(_literal, fixed.values())])} FROM {{rows}} WHERE true {ending}"
    )
    kinds = {name: _kind(columns[name]) for name in given}
    return Bulk(text, **{name: str if kind is dict else kind for name, kind in kinds.items()})


def defaults(table: type[Base]) -> dict[str, Any]:
    """What a fresh row of `table` holds where nothing is said."""
    return {
        column.name: column.default.arg if _is_fixed(column) else None
        for column in table.__table__.columns
        if not column.primary_key
    }


def _is_fixed(column: Any) -> bool:
    default = getattr(column, "default", None)
    return default is not None and default.is_scalar


def _kind(column: Any) -> type[Any]:
    if isinstance(column.type, UtcDateTime):
        return datetime
    kind: type[Any] = dict if isinstance(column.type, JSON) else column.type.python_type
    return kind


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _moment(value: date) -> str:
    """As SQLAlchemy writes an instant or a day into SQLite."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
