"""What a database holds: as one hash, or as lines that two runs which did the same have in common."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Engine, Table, select

from models import Base

Row = dict[str, object]
_PUBLIC = re.compile(r"\b([a-z]{3})_?([0-9a-hjkmnp-tv-z]{26})\b")  # without _ where others allow none
_CAUSE = re.compile(
    r"\brefund(?:_line|:part):(\d+)\b"
)  # other causes name rows by numbers that are the same in every run
_DRAWN = {"id", "public_id"}  # numbers have gaps where a transaction was killed, ids are drawn by lot


def digest(engine: Engine) -> str:
    """A hash over every row of every table."""
    found = hashlib.sha256()
    with engine.connect().execution_options(reading=True) as connection:
        for table in Base.metadata.sorted_tables:
            for row in _rows(connection, table):
                found.update(repr((table.name, row)).encode())
    return found.hexdigest()


def canonical(
    engine: Engine, without: Iterable[str] = (), hidden: Iterable[str] = (), beside: Iterable[str] = ()
) -> list[str]:
    """Every row but those of the tables `without`, sorted; a row is named by what it says, not by its number.

    `hidden` columns (`table.column`) are left out. `beside` are lines of others that speak of our rows.
    """
    with engine.connect().execution_options(reading=True) as connection:
        tables = {table: list(_rows(connection, table)) for table in Base.metadata.sorted_tables}
    names = _Names(tables, frozenset(hidden))
    left = set(without)
    own = (names.line(table, row) for table, rows in tables.items() if table.name not in left for row in rows)
    return sorted([*own, *map(names.of_others, beside)])


class _Names:
    """A name for each row: its table and a hash of its cells, in which other rows stand by their names."""

    def __init__(self, tables: dict[Table, list[Row]], hidden: frozenset[str]) -> None:
        self._hidden = hidden
        self._rows = {
            (table.name, row["id"]): (table, row) for table, rows in tables.items() for row in rows if "id" in row
        }
        self._public = {str(row["public_id"]): key for key, (_, row) in self._rows.items() if "public_id" in row}
        self._known: dict[tuple[str, object], str] = {}

    def line(self, table: Table, row: Row) -> str:
        """The row as text."""
        cells = (
            f"{name}={self._cell(table, name, value)}"
            for name, value in row.items()
            if name not in _DRAWN and f"{table.name}.{name}" not in self._hidden
        )
        return f"{table.name} {' '.join(cells)}"

    def of_others(self, line: str) -> str:
        """A line in which our rows stand by their names."""
        return _PUBLIC.sub(lambda found: self._of_public(f"{found[1]}_{found[2]}"), line)

    def _cell(self, table: Table, name: str, value: object) -> str:
        target = next((key.column.table.name for key in table.columns[name].foreign_keys), "")
        if target and value is not None:
            return self._name(target, value)
        return self.of_others(_CAUSE.sub(lambda found: self._name("refund_lines", int(found[1])), str(value)))

    def _of_public(self, public_id: str) -> str:
        return self._name(*self._public[public_id]) if public_id in self._public else public_id

    def _name(self, table: str, row_id: object) -> str:
        if (table, row_id) not in self._known:
            self._known[table, row_id] = table  # a row that names itself through another
            said = self.line(*self._rows[table, row_id])
            self._known[table, row_id] = f"<{table} {hashlib.sha256(said.encode()).hexdigest()[:12]}>"
        return self._known[table, row_id]


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
        yield dict(row._mapping)
