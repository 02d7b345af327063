"""Where tests keep their files: in memory where there is room, because nobody cuts their power."""

from __future__ import annotations

import os
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it, closed to others
LEAST_BYTES = 2 * 1024**3


def in_memory(place: Path = MEMORY, least: int = LEAST_BYTES) -> Path | None:
    """`place` when files may be written and run there and so many bytes are free, else None: then files go to disk."""
    if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
        return None
    told = os.statvfs(place)
    roomy = told.f_bavail * told.f_frsize >= least
    return place if roomy and not told.f_flag & os.ST_NOEXEC else None
