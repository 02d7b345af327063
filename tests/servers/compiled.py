"""What SQLAlchemy has compiled, shared by the engines of a worker: a quarter of a test went into doing it anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

MOST = 4096
_first: dict[str, Engine] = {}


def share_compiled(engine: Engine) -> None:
    """Let an engine of a product in this process use what the first one of its kind has compiled.

    A compiled statement is kept under its dialect, so that is shared, too; all have the same server and options.
    """
    kind = engine.dialect.name
    if kind not in _first:
        with engine.connect():  # the dialect learns about the server
            _first[kind] = engine
        kept: Any = LRUCache(MOST)
        engine._compiled_cache = kept
    known = _first[kind]
    engine.dialect = engine.pool._dialect = known.dialect
    engine._compiled_cache = known._compiled_cache
