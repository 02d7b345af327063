"""Joins while a thousand people watch the live count."""

from __future__ import annotations

from contextlib import AbstractContextManager

from benchmarks.plan import NotBuilt, Setting, Sides


def watched(setting: Setting) -> AbstractContextManager[Sides]:
    """W9: `joining.Rush` on an `on_pickup` campaign with 1000 subscribers, against the same without them."""
    raise NotBuilt("no process of live streams yet")
