"""A disk that loses, at a power cut, what was not synced: all of it, its end, or any part down to single sectors."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from chaos.power_recording import Act

SECTOR = 512
Change = tuple[int, bytes | None]  # (offset, data), or (size, None) where the file was cut to a size


@dataclass
class _Content:
    """What of a file is on the platter, and what was changed since its last sync."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)


class Disk:
    """Files of one folder; their names become durable in order, at the latest when the folder is synced."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._durable_names = {name: _Content(bytearray(data)) for name, data in files.items()}
        self._names = dict(self._durable_names)
        self._renamed: list[tuple[str, _Content | None]] = []

    def apply(self, act: Act) -> None:
        """Do what was recorded."""
        if act.kind == "create":
            self._rename(act.name, _Content())
        elif act.kind == "unlink":
            self._rename(act.name, None)
        elif act.kind == "sync":
            content = self._names[act.name]
            for change in content.pending:
                _change(content.durable, change)
            content.pending.clear()
        else:
            change = (act.offset, act.data if act.kind == "write" else None)
            self._names[act.name].pending.append(change)
        if act.folder:
            self._durable_names = dict(self._names)
            self._renamed.clear()

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """What is found when the power is back; the disk itself goes on as if nothing had happened."""
        names = dict(self._durable_names)
        for name, content in self._renamed[: chance.randint(0, len(self._renamed))]:
            _enter(names, name, content)
        return {name: _left_of(content, chance) for name, content in sorted(names.items())}

    def _rename(self, name: str, content: _Content | None) -> None:
        _enter(self._names, name, content)
        self._renamed.append((name, content))


def _enter(names: dict[str, _Content], name: str, content: _Content | None) -> None:
    if content is None:
        names.pop(name, None)
    else:
        names[name] = content


def _left_of(content: _Content, chance: random.Random) -> bytes:
    left, pending = bytearray(content.durable), content.pending
    how = chance.choice(("nothing", "beginning", "some", "torn"))
    if how == "beginning":
        pending = pending[: chance.randint(0, len(pending))]
    for change in pending if how != "nothing" else ():
        if how == "beginning" or chance.random() < 0.5:
            for part in _torn(change, chance) if how == "torn" else (change,):
                _change(left, part)
    return bytes(left)


def _torn(change: Change, chance: random.Random) -> list[Change]:
    """Some of the sectors of a write."""
    offset, data = change
    if data is None:
        return [change]
    starts = [0, *range(SECTOR - offset % SECTOR, len(data), SECTOR), len(data)]
    parts = [(offset + first, data[first:end]) for first, end in pairwise(starts)]
    return [part for part in parts if chance.random() < 0.5]


def _change(file: bytearray, change: Change) -> None:
    offset, data = change
    if data is None:
        del file[offset:]
        file.extend(bytes(offset - len(file)))
        return
    file.extend(bytes(max(0, offset - len(file))))
    file[offset : offset + len(data)] = data
