"""A paper as the sheets of a workbook: one for each point where it has a sheet per point, else a single one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.money import yuan
from services.papers.table import TITLES, Column, ColumnKind, Group, Paper, PaperKind, Row
from services.ports import Cell

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST = 31
Rows = list[list[Cell]]


def sheets(paper: Paper) -> dict[str, Rows]:
    """Sheets by name; every cell is a text or a whole number, sums of money are written out."""
    if paper.kind is not PaperKind.POINTS:
        return {TITLES[paper.kind]: _sheet(paper, paper.groups)}
    made: dict[str, Rows] = {}
    for group in paper.groups:
        made[_name(group.title, made)] = _sheet(paper, [group])
    return made or {TITLES[paper.kind]: _sheet(paper, ())}


def _sheet(paper: Paper, groups: Iterable[Group]) -> Rows:
    rows: Rows = [[paper.title, TITLES[paper.kind], *paper.notes], [column.title for column in paper.columns]]
    for group in groups:
        if group.title:
            rows.append([group.title, *group.notes])
        rows += [_cells(row, paper.columns) for row in group.rows]
        if group.total:
            rows.append(_cells(group.total, paper.columns))
    return rows


def _cells(row: Row, columns: tuple[Column, ...]) -> list[Cell]:
    return [_cell(value, column) for value, column in zip(row, columns, strict=True)]


def _cell(value: Cell, column: Column) -> Cell:
    return yuan(value) if column.kind is ColumnKind.MONEY and isinstance(value, int) else value


def _name(title: str, taken: Iterable[str]) -> str:
    """A sheet name that spreadsheets allow and that is not taken; they compare without case."""
    plain = _FORBIDDEN.sub(" ", title).strip("' ")[:_LONGEST].strip("' ") or "自提点"
    if plain.casefold() == "history":  # a name that spreadsheets keep for themselves
        plain = "History 1"
    used = {name.casefold() for name in taken}
    name, number = plain, 1
    while name.casefold() in used:
        number += 1
        name = f"{plain[: _LONGEST - len(str(number)) - 1]} {number}"
    return name
