"""The wall clock, shifted outside production by the seconds that stand in a file of the data folder."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path


class SystemClock:
    """Aware UTC now; with an `offset_file` every process that names the same file shares its shift."""

    def __init__(self, offset_file: Path | None = None) -> None:
        self._file = offset_file
        self._seen: tuple[int, int] | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC) + self.offset

    @property
    def offset(self) -> timedelta:
        """How far the clock is shifted now; the file is read again only when it was replaced."""
        if self._file is None:
            return timedelta()
        try:
            status = self._file.stat()
        except FileNotFoundError:
            self._seen, self._offset = None, timedelta()
            return self._offset
        if (seen := (status.st_mtime_ns, status.st_ino)) != self._seen:
            self._offset, self._seen = timedelta(seconds=int(self._file.read_text() or "0")), seen
        return self._offset

    def shift(self, seconds: int) -> None:
        """Set the offset for all processes; raises `PermissionError` where there is no offset file."""
        if self._file is None:
            raise PermissionError("this clock cannot be shifted")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self._file.parent, prefix=".clock-")
        with os.fdopen(handle, "w") as file:
            file.write(str(int(seconds)))
        Path(draft).replace(self._file)
