"""Pages by key: `limit` rows after a key, and the key with which the next page begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
Key = tuple[int | str, ...]
MOST = 100
DEFAULT = 20


@dataclass(frozen=True)
class Page:
    """What a list was asked for: at most `limit` rows behind the key `after` (None: from the beginning)."""

    limit: int = DEFAULT
    after: Key | None = None


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """One page and the key of its last row, None when nothing follows."""

    items: list[Row]
    next_key: Key | None = None


def cut(rows: Sequence[Row], page: Page, key: Callable[[Row], Key]) -> Slice[Row]:
    """The page out of up to `limit + 1` rows that were read to see whether more follow."""
    items = list(rows[: page.limit])
    return Slice(items, key(items[-1]) if len(rows) > page.limit and items else None)
