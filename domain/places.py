"""Where somebody lives, read from what was written, and in the order in which one walks: building, unit, room."""

from __future__ import annotations

import re
from dataclasses import dataclass

Key = tuple[tuple[int, int | str], ...]
_PIECES = re.compile(r"[0-9]+|[^0-9\s]+")
_UNIT = re.compile(r"(.*?)\s*([0-9一二三四五六七八九十]+\s*单元)\s*(.*)")
_NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Place:
    """A home as people write it: `2号楼`, `1单元`, `501`; "" is not known."""

    building: str = ""
    unit: str = ""
    room: str = ""

    @property
    def words(self) -> str:
        """All of it in one line."""
        return " ".join(part for part in (self.building, self.unit, self.room) if part)


def place(building: str, room: str) -> Place:
    """A place out of the two fields of an address; a unit written into either of them is taken out of it."""
    in_building = _UNIT.fullmatch(building.strip())
    if in_building:
        tower, unit, rest = in_building.groups()
        return Place(tower, unit, room.strip() or rest)
    in_room = _UNIT.fullmatch(room.strip())
    if in_room and not in_room[1]:
        return Place(building.strip(), in_room[2], in_room[3])
    return Place(building.strip(), "", room.strip())


def natural(text: str) -> Key:
    """A sorting key by which 2号楼 stands before 10号楼; nothing written stands last."""
    pieces = [(0, _number(piece)) if _counts(piece) else (1, piece) for piece in _PIECES.findall(_arabic(text))]
    return (*pieces,) if pieces else ((2, ""),)


def walk(of: Place) -> tuple[Key, Key, Key]:
    """The sorting key of a place: building, then unit, then room; homes that are not known come last."""
    return natural(of.building), natural(of.unit), natural(of.room)


def _counts(piece: str) -> bool:
    return piece.isascii() and piece.isdigit()


def _number(piece: str) -> int:
    return int(piece[:18])


def _arabic(text: str) -> str:
    """A single numeral before 单元, 栋, 号, 楼 or 期 as a figure, so that 三单元 and 3单元 stand together."""
    return re.sub(f"([{_NUMERALS}])(?=单元|栋|号|楼|幢|期|层)", lambda found: str(_NUMERALS.index(found[1])), text)
