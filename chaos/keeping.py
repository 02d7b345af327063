"""What a long run has found so far, kept with what it holds for: a run that was cut short goes on where it stopped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from chaos import holding
from tests.servers.shared_run import REPOSITORY

KEPT = REPOSITORY / "var" / "chaos"
Piece = dict[str, Any]


class Keeper:
    """The pieces of a part on a kind of database, by name; each says under "wrong" what it found.

    Earlier ones count while no path of the part has changed and none of them found anything.
    """

    def __init__(self, part: str, kind: str, paths: tuple[str, ...]) -> None:
        self._title = f"{part} on {kind}"
        self._file = KEPT / f"{part}-{kind}.json"
        self._holds_for = holding.holds_for(paths)
        known = json.loads(self._file.read_text()) if self._file.exists() else {}
        pieces: dict[str, Piece] = known["pieces"] if known.get("holds_for") == self._holds_for else {}
        self._pieces = {} if any(piece["wrong"] for piece in pieces.values()) else pieces

    def piece(self, name: str, find: Callable[[], Piece]) -> Piece:
        """The piece of that name: as it was found before, or found now, kept and told of."""
        if name not in self._pieces:
            begun = time.monotonic()
            self._pieces[name] = find()
            self._write()
            wrong = self._pieces[name]["wrong"]
            words = f"WRONG: {wrong[0]}" if wrong else "as it should be"
            print(f"{self._title}: {name}, {time.monotonic() - begun:.0f} s, {words}", flush=True)
        return self._pieces[name]

    def finish(self) -> None:
        """The run is over: the next one begins anew."""
        self._file.unlink(missing_ok=True)

    def _write(self) -> None:
        KEPT.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps({"holds_for": self._holds_for, "pieces": self._pieces}))
