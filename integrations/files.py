"""Files in a folder: one file per key, written whole or not at all, its content type in the first line."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*")
_KEY_LENGTH = 128
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


class FolderFiles:
    """`services.ports.FileStore` over a folder, which is made on first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store `content` under `key` (idempotent); raises ValueError for a key or type that is none of ours."""
        if not _TYPE.fullmatch(content_type):
            raise ValueError("content type is malformed")
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content_type.encode() + b"\n" + content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def get(self, key: str) -> tuple[bytes, str] | None:
        """Content and content type, or None; a key that cannot exist is None too."""
        try:
            stored = self._path(key).read_bytes()
        except (ValueError, FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        content_type, _, content = stored.partition(b"\n")
        return content, content_type.decode()

    def drop(self, key: str) -> None:
        """Remove the file of `key`; raises ValueError for a key that is none of ours."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if len(key) > _KEY_LENGTH or not _KEY.fullmatch(key):
            raise ValueError("a file key holds lower-case letters, digits, _, - and / only")
        return self._folder.joinpath(*key.split("/"))
