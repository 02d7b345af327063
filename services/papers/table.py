"""What every paper is made of: a title, columns, and groups of rows; how it looks is the renderers' affair."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from services.ports import Cell


class PaperKind(StrEnum):
    """The papers by the name they have in addresses."""

    PICK_LIST = "pick-list"
    POINTS = "points"
    SLIPS = "slips"
    LABELS = "labels"
    ROSTER = "roster"


TITLES = {
    PaperKind.PICK_LIST: "拣货单", PaperKind.POINTS: "送货单", PaperKind.SLIPS: "提货小票", PaperKind.LABELS: "袋标",
    PaperKind.ROSTER: "接龙名单",
}  # fmt: skip


class ColumnKind(StrEnum):
    """How a cell is to be read: words, a whole number, or a sum in fen."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"


@dataclass(frozen=True)
class Column:
    """One column with its heading."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """Rows that belong together (a point, a buyer, a bag), with what is said above them and their sum below."""

    title: str = ""
    notes: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    total: Row = ()


@dataclass(frozen=True)
class Paper:
    """A whole paper; `notes` stand under its title."""

    kind: PaperKind
    title: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """What a file of it is called, without its ending."""
        return f"{self.title}-{TITLES[self.kind]}"
