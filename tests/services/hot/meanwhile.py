"""Several who ask while the first one's statement is on its way."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import event

from services.hot.committer import Committer
from services.transactions import Transactions

Given = TypeVar("Given")


def meanwhile(unit: Transactions, queue: Committer, acts: Sequence[Callable[[], Given]]) -> list[Given]:
    """Do all of them: the first one's statement is held back until the others wait in `queue`, in their order."""
    queue.slow_seconds = math.inf  # however long it is held, nothing begins beside it
    on_its_way, go_on = threading.Event(), threading.Event()

    def hold(*_: object) -> None:
        on_its_way.set()
        assert go_on.wait(30)

    with ThreadPoolExecutor(len(acts)) as pool:
        event.listen(unit.engine, "before_cursor_execute", hold, once=True)
        asked = [pool.submit(acts[0])]
        try:
            assert on_its_way.wait(30)
            for place, act in enumerate(acts[1:], 1):
                asked.append(pool.submit(act))
                while len(queue) < place:
                    assert not asked[-1].done(), "it did not wait with the others"
                    threading.Event().wait(0.001)
        finally:
            go_on.set()
        return [each.result(30) for each in asked]
