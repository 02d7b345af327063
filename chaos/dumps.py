"""What a database holds: as one hash, or as lines that two runs which did the same have in common."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Engine, Table, select

from models import Base

Row = dict[str, object]
_PUBLIC = re.compile(r"\b([a-z]{3})_?([0-9a-hjkmnp-tv-z]{26})\b")  # without _ where others allow none
_CAUSE = re.compile(r"\b(refund(?:_line|:part)|redemption_line):(\d+)\b")  # others have the same numbers in every run
_NUMBERED = re.compile(r"\b([a-z_]+)((?::\d+)+)\b")
_SEALED = re.compile(r"\bv1\.[\w-]{20,}")  # the same is sealed otherwise each time
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
    engine: Engine,
    without: Iterable[str] = (),
    hidden: Iterable[str] = (),
    beside: Iterable[str] = (),
    *,
    ranked: bool = False,
) -> list[str]:
    """Every row but those of the tables `without`, sorted; a row is named by what it says, not by its number.

    `hidden` columns (`table.column`) are left out. `beside` are lines of others that speak of our rows.
    When `ranked`, a number that names a row in a text (`payment:17`) is told by its rank among those of its word.
    """
    with engine.connect().execution_options(reading=True) as connection:
        tables = {table: list(_rows(connection, table)) for table in Base.metadata.sorted_tables}
    names = _Names(tables, frozenset(hidden), ranked=ranked)
    left = set(without)
    own = (names.line(table, row) for table, rows in tables.items() if table.name not in left for row in rows)
    return sorted([*own, *map(names.of_others, beside)])


class _Names:
    """A name for each row: its table and a hash of its cells, in which other rows stand by their names."""

    def __init__(self, tables: dict[Table, list[Row]], hidden: frozenset[str], *, ranked: bool) -> None:
        self._hidden = hidden
        self._ranks = (
            _ranks(_text(row, name) for rows in tables.values() for row in rows for name in row) if ranked else {}
        )
        self._rows = {
            (table.name, row["id"]): (table, row) for table, rows in tables.items() for row in rows if "id" in row
        }
        self._public = {str(row["public_id"]): key for key, (_, row) in self._rows.items() if "public_id" in row}
        self._known: dict[tuple[str, object], str] = {}

    def line(self, table: Table, row: Row) -> str:
        """The row as text."""
        cells = (
            f"{name}={self._cell(table, name, row)}"
            for name in row
            if name not in _DRAWN and f"{table.name}.{name}" not in self._hidden
        )
        return f"{table.name} {' '.join(cells)}"

    def of_others(self, line: str) -> str:
        """A line in which our rows stand by their names."""
        return _PUBLIC.sub(lambda found: self._of_public(f"{found[1]}_{found[2]}"), line)

    def _cell(self, table: Table, name: str, row: Row) -> str:
        value = row[name]
        target = next((key.column.table.name for key in table.columns[name].foreign_keys), "")
        if target and value is not None:
            return self._name(target, value)
        text = _CAUSE.sub(self._of_cause, _SEALED.sub("<sealed>", _text(row, name)))
        return self.of_others(_NUMBERED.sub(self._ranked, text) if self._ranks else text)

    def _of_cause(self, found: re.Match[str]) -> str:
        return self._name("redemption_lines" if found[1] == "redemption_line" else "refund_lines", int(found[2]))

    def _ranked(self, found: re.Match[str]) -> str:
        ranks = (self._ranks.get((found[1], place), {}).get(int(number), -1)
                 for place, number in enumerate(found[2].split(":")[1:]))  # fmt: skip
        return found[1] + "".join(f":#{rank}" for rank in ranks)

    def _of_public(self, public_id: str) -> str:
        return self._name(*self._public[public_id]) if public_id in self._public else public_id

    def _name(self, table: str, row_id: object) -> str:
        if (table, row_id) not in self._known:
            self._known[table, row_id] = table  # a row that names itself through another
            said = self.line(*self._rows[table, row_id])
            self._known[table, row_id] = f"<{table} {hashlib.sha256(said.encode()).hexdigest()[:12]}>"
        return self._known[table, row_id]


def _said(value: object) -> str:
    """A value as text; the members of a JSON object stand in no order."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _text(row: Row, name: str) -> str:
    """A cell as text; a number that names a row of the kind told beside it, with that word."""
    if name != "subject_id":
        return _said(row[name])
    return f"{next(row[word] for word in ('subject', 'kind', 'purpose') if word in row)}:{row[name]}"


def _ranks(texts: Iterable[str]) -> dict[tuple[str, int], dict[int, int]]:
    """For each word before numbers, and each place of theirs: the rank of every number that occurs there."""
    seen: dict[tuple[str, int], set[int]] = {}
    for text in texts:
        for word, numbers in _NUMBERED.findall(text):
            for place, number in enumerate(numbers.split(":")[1:]):
                seen.setdefault((word, place), set()).add(int(number))
    return {key: {number: rank for rank, number in enumerate(sorted(found))} for key, found in seen.items()}


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
        yield dict(row._mapping)
