"""Beginning a round anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Rejudge(Exception):
    """What the round was judged on has changed: nothing was written; `alone` go the plain way, the others once more."""

    def __init__(self, alone: Iterable[Any] = ()) -> None:
        super().__init__()
        self.alone = list(alone)
