"""Statements over many rows at once: written once, with the two databases' spellings of a table of given rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Executable,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Row
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Base
from models.base import UtcDateTime

_ARRAYS = {int: "bigint", str: "text", bool: "boolean", datetime: "timestamptz", date: "date"}
_SPELLINGS = {
    "postgresql": {
        "as_json": "::json",
        "for_update": "FOR NO KEY UPDATE",
        "for_share": "FOR SHARE",
        "listed": "json_build_array",
    },
    "sqlite": {"as_json": "", "listed": "json_array", "for_update": "", "for_share": ""},  # it has one writer
}


class Bulk:
    """One statement over rows of `columns` (name -> int, str, bool, datetime or date), which it reads as the table `r`.

    In its text `{rows}` stands for that table, `{as_json}` follows a text that goes into a JSON column, and
    `{for_update}` ends a SELECT that locks what it finds. Values that are the `same` in all rows stand before them.
    `{listed}(a, b)` is one column of what would be many, each of which is described anew with every result.
    """

    def __init__(self, text: str, same: Sequence[type[Any]] = (), **columns: type[Any]) -> None:
        self._packs = [_texts if kind is str else _others for kind in columns.values()]
        arrays = ", ".join(f"%s::{_ARRAYS[kind]}[]" for kind in columns.values())
        cells = ", ".join(f"value->>{place} AS {name}" for place, name in enumerate(columns))
        rows = {
            "postgresql": f"unnest({arrays}) AS r({', '.join(columns)})",
            "sqlite": f"(SELECT {cells} FROM json_each(?)) AS r",  # noqa: S608 - places and names of our own columns
        }
        alike = {"postgresql": [f"%b::{_ARRAYS[kind]}" for kind in same], "sqlite": ["?"] * len(same)}
        self.text = {
            dialect: text.format(rows=rows[dialect], same=alike[dialect], **words)
            for dialect, words in _SPELLINGS.items()
        }

    def __call__(self, connection: Connection, rows: Sequence[Sequence[Any]],
                 same: Sequence[Any] = ()) -> Sequence[Row[Any]]:  # fmt: skip
        """Run it once over `rows`, whose values stand in the order of the columns; what it returns, if anything.

        Without rows nothing is sent.
        """
        if not rows:
            return ()
        dialect = connection.dialect.name
        given: tuple[Any, ...]
        if dialect == "postgresql":
            given = (*same, *(pack(column) for pack, column in zip(self._packs, zip(*rows, strict=True), strict=True)))
        else:
            alike = (_moment(value) if isinstance(value, date) else value for value in same)
            given = (*alike, json.dumps(rows, default=_moment, separators=(",", ":")))
        result = connection.exec_driver_sql(self.text[dialect], given)
        return result.all() if result.returns_rows else ()


def among(session: Session, values: Sequence[int] | Sequence[str]) -> Select[Any]:
    """A subquery of `values` for `IN`, whose text is the same for any number of them."""
    if session.get_bind().dialect.name == "postgresql":
        kind = Text() if values and isinstance(values[0], str) else BigInteger()
        return select(func.unnest(bindparam(None, list(values), ARRAY(kind))))
    return _values_of(bindparam(None, json.dumps(list(values)), Text()))


class Among:
    """A read of the rows whose `column` is among given values, built once: its text is the same for any number of them.

    `build` makes it of the condition that says so; what else it needs are named parameters.
    """

    def __init__(self, column: InstrumentedAttribute[Any], build: Callable[[ColumnElement[bool]], Executable]) -> None:
        kind = Text() if column.type.python_type is str else BigInteger()
        self._reads = {
            "postgresql": build(column.in_(select(func.unnest(cast(bindparam("given", type_=Text()), ARRAY(kind)))))),
            "sqlite": build(column.in_(_values_of(bindparam("given", type_=Text())))),
        }
        self._pack = _texts if isinstance(kind, Text) else _others

    def __call__(self, session: Session, values: Sequence[Any], **named: object) -> Sequence[Any]:
        """Read them once."""
        connection = session.connection()
        dialect = connection.dialect.name
        given = self._pack(values) if dialect == "postgresql" else json.dumps(values)
        return connection.execute(self._reads[dialect], {"given": given, **named}).all()


def _values_of(array: BindParameter[str]) -> Select[Any]:
    return select(column("value")).select_from(func.json_each(array).table_valued("value"))


def insertion(table: type[Base], given: Sequence[str], ending: str = "", same: Sequence[str] = ()) -> Bulk:
    """INSERT rows of the columns `given`, and `same` with one value for all of them.

    Every other column gets its model's default. JSON is given as text.
    """
    columns = {column.name: column for column in table.__table__.columns}
    told = {*given, *same}
    fixed = {name: column.default.arg for name, column in columns.items() if _is_fixed(column) and name not in told}
    values = [f"{{same[{place}]}}{_suffix(columns[name])}" for place, name in enumerate(same)]
    values += [f"r.{name}{_suffix(columns[name])}" for name in given]
    text = (
        f"INSERT INTO {table.__tablename__} ({', '.join([*same, *given, *fixed])}) "  # noqa: S608 - names of our own tables
        f"SELECT {', '.join([*values, *map(_literal, fixed.values())])} FROM {{rows}} WHERE true {ending}"
    )
    return Bulk(text, [_sent(columns[name]) for name in same], **{name: _sent(columns[name]) for name in given})


def _suffix(column: Any) -> str:
    return "{as_json}" if _kind(column) is dict else ""


def _sent(column: Any) -> type[Any]:
    kind = _kind(column)
    return str if kind is dict else kind


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


def _texts(values: Sequence[str | None]) -> str:
    """PostgreSQL's text of an array of texts; the driver's own way of packing lists takes many times as long."""
    said = [value for value in values if value is not None]
    joined = '","'.join(said)
    if len(said) < len(values) or "\\" in joined or joined.count('"') > 2 * (len(said) - 1):
        return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"
    return '{"' + joined + '"}'


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _others(values: Sequence[Any]) -> str:
    """The same of what needs no quotes: numbers, truths, instants and days."""
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"


class Plain:
    """The values of a row as attributes; like an entity it equals nothing but itself."""

    def __init__(self, values: dict[str, Any]) -> None:
        vars(self).update(values)


def instant(value: str) -> datetime:
    """An instant out of a text, which SQLite has forgotten to be UTC."""
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def listed(value: Any) -> list[Any]:
    """What `{listed}(...)` has returned: SQLite has it as text."""
    found: list[Any] = json.loads(value) if isinstance(value, str) else value
    return found


def _moment(value: date) -> str:
    """As SQLAlchemy writes an instant or a day into SQLite."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
