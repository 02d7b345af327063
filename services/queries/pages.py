"""Keyset pages of read shapes: the WHERE of the next one, and rows turned into what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from services.paging import Page, Slice, cut

Item = TypeVar("Item")
Row = TypeVar("Row")


def older(column: Any, page: Page) -> Any:
    """The WHERE of a page that runs from the newest down by `column`."""
    return column.is_not(None) if page.after is None else column < page.after[0]


def sliced(rows: Sequence[Row], page: Page, key: Callable[[Row], int], show: Callable[[Row], Item]) -> Slice[Item]:
    """The page out of up to `limit + 1` rows, each as `show` makes it."""
    part = cut(rows, page, lambda row: (key(row),))
    return Slice([show(row) for row in part.items], part.next_key)
