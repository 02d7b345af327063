"""Everything the product's own SQLite library does to its files, in order.

The library below the product's connections is given a file system layer (VFS) that hands each call on to its
own one and writes it down. Nothing of the product is changed: it opens its database as it always does.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from models import sqlite

OK, CREATE = 0, 0x4
SYNCS_ITS_FOLDER = 0x800 | 0x4000 | 0x80000  # a new journal, super-journal or WAL: os_unix.c syncs the folder with it
OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))  # names stay pointers: SQLite keeps them
DELETE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
CLOSE = CFUNCTYPE(c_int, c_void_p)


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`."""

    _fields_ = (
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", c_void_p), ("truncate", c_void_p),
        ("sync", c_void_p), ("others", c_void_p * 13),
    )  # fmt: skip


class _File(ctypes.Structure):
    """`sqlite3_file`."""

    _fields_ = (("methods", POINTER(_Methods)),)


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`."""

    _fields_ = (
        ("version", c_int), ("file_bytes", c_int), ("longest_path", c_int), ("next", c_void_p), ("name", c_char_p),
        ("data", c_void_p), ("open", c_void_p), ("delete", c_void_p), ("others", c_void_p * 14),
    )  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One act on the file of that name; `folder` tells whether its folder was synced with it."""

    kind: Literal["create", "write", "truncate", "sync", "unlink"]
    name: str
    offset: int = 0
    data: bytes = b""
    folder: bool = False


@dataclass
class Recording:
    """The files of a folder as they were, and what was done to them since."""

    folder: Path
    before: dict[str, bytes]
    acts: list[Act] = field(default_factory=list)


@dataclass
class _Opened:
    """A file that SQLite holds open: its own methods, and whether a sync of it owes one of its folder."""

    name: str
    methods: _Methods
    owes_folder: bool


class _Scribe:
    """The callbacks; they live as long as the layer is registered."""

    def __init__(self, recording: Recording, below: _Vfs, address: int) -> None:
        self._recording, self._below, self._address = recording, below, address
        self._lock = threading.Lock()
        self._opened: dict[int, _Opened] = {}
        self._ours: dict[int, _Methods] = {}
        self._callbacks = {
            "close": CLOSE(self._close), "write": WRITE(self._write), "truncate": TRUNCATE(self._truncate),
            "sync": SYNC(self._sync),
        }  # fmt: skip
        self._open_callback, self._delete_callback = OPEN(self._open), DELETE(self._delete)
        self.vfs = _Vfs.from_buffer_copy(below)
        self.vfs.name, self.vfs.next = b"lintuan-recording", None
        self.vfs.open = ctypes.cast(self._open_callback, c_void_p).value
        self.vfs.delete = ctypes.cast(self._delete_callback, c_void_p).value

    def _open(self, _vfs: int, name: int | None, file: int, flags: int, out: Any) -> int:
        path = self._followed(name)
        with self._lock:
            fresh = path is not None and not path.exists()
            done = int(OPEN(self._below.open)(self._address, name, file, flags, out))
            if path is None or done != OK:
                return done
            if fresh:
                self._recording.acts.append(Act("create", path.name))
            head = _File.from_address(file)
            address = ctypes.addressof(head.methods.contents)
            owes = bool(flags & CREATE and flags & SYNCS_ITS_FOLDER)
            self._opened[file] = _Opened(path.name, _Methods.from_address(address), owes)
            head.methods = ctypes.pointer(self._standing_in_for(address))
        return done

    def _followed(self, name: int | None) -> Path | None:
        """The path of a file of the recorded folder; the index of a WAL (-shm) is no file that a start would read."""
        path = Path(ctypes.string_at(name).decode()) if name else None
        return path if path and path.parent == self._recording.folder else None

    def _standing_in_for(self, address: int) -> _Methods:
        if address not in self._ours:
            methods = _Methods.from_buffer_copy(_Methods.from_address(address))
            for name, callback in self._callbacks.items():
                setattr(methods, name, ctypes.cast(callback, c_void_p).value)
            self._ours[address] = methods
        return self._ours[address]

    def _delete(self, _vfs: int, name: int, sync_folder: int) -> int:
        path = self._followed(name)
        with self._lock:
            there = path is not None and path.exists()
            done = int(DELETE(self._below.delete)(self._address, name, 0))
            if there and path is not None and done == OK:
                self._recording.acts.append(Act("unlink", path.name, folder=bool(sync_folder)))
        return done

    def _write(self, file: int, data: int, length: int, offset: int) -> int:
        opened = self._opened[file]
        done = int(WRITE(opened.methods.write)(file, data, length, offset))
        self._note(Act("write", opened.name, offset, ctypes.string_at(data, length)))
        return done

    def _truncate(self, file: int, size: int) -> int:
        opened = self._opened[file]
        done = int(TRUNCATE(opened.methods.truncate)(file, size))
        self._note(Act("truncate", opened.name, size))
        return done

    def _sync(self, file: int, _flags: int) -> int:
        """Nobody cuts this machine's power: what the disk would do is a line of the recording."""
        opened = self._opened[file]
        self._note(Act("sync", opened.name, folder=opened.owes_folder))
        opened.owes_folder = False
        return OK

    def _close(self, file: int) -> int:
        return int(CLOSE(self._opened.pop(file).methods.close)(file))

    def _note(self, act: Act) -> None:
        with self._lock:
            self._recording.acts.append(act)


@contextmanager
def recording(folder: Path) -> Iterator[Recording]:
    """Write down what this process's `sqlite3` does to the files of `folder` through connections opened in the block.

    They must be closed before it ends.
    """
    own = sys.modules[sqlite.library.connect.__module__]
    library = ctypes.CDLL(getattr(own, "__file__", None))  # None: the library is part of the program
    library.sqlite3_vfs_find.restype = c_void_p
    address = library.sqlite3_vfs_find(None)
    kept = Recording(folder, {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()})
    scribe = _Scribe(kept, _Vfs.from_address(address), address)
    pointer = ctypes.byref(scribe.vfs)
    if library.sqlite3_vfs_register(pointer, 1) != OK:
        raise RuntimeError("SQLite took no other file system layer")
    try:
        yield kept
    finally:
        library.sqlite3_vfs_unregister(pointer)
