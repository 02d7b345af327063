"""The hook: counts what a process does to the database and to the outside, and can end it at any of these points."""

from __future__ import annotations

import os
import pkgutil
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import CodeType, FrameType
from typing import Any

from sqlalchemy import Connection, Engine, event

from services.ports import Outside

ENDS_NOTHING = ("BEGIN", "SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Points:
    """Counts points; before number `kill_at` (from 1; 0 for never) this process ends itself by SIGKILL.

    `careless` commits after each statement, as a control. `at` is what happened at each point; `watch` looks at each.
    """

    kill_at: int = 0
    careless: bool = False
    watch: Watch | None = None
    at: list[str] = field(default_factory=list)
    wrote: bool = False
    _one: threading.Lock = field(default_factory=threading.Lock)

    def reach(self, what: str) -> None:
        """One more point; threads reach them one after another."""
        with self._one:
            self.at.append(what)
            if self.watch is not None:
                self.watch.look()
            if len(self.at) == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        """Before a statement is sent."""
        self.reach(" ".join(statement.split())[:80])
        self.wrote |= statement.lstrip().startswith(WRITES)

    def executed(self, connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        """After it was carried out."""
        if self.careless and not statement.startswith(ENDS_NOTHING):
            cursor.connection.commit()

    def commit(self, connection: Connection) -> None:
        """Before a commit."""
        self.reach("COMMIT")

    def call(self, name: str, act: Callable[..., Any], *values: Any, **named: Any) -> Any:
        """A call to the outside: one point before it leaves, one before the answer is known."""
        self.reach(f"before {name}")
        self.wrote = True
        try:
            return act(*values, **named)
        finally:
            self.reach(f"after {name}")


class Hook:
    """Listens on an engine for the life of the process; `points` counts, or nobody does."""

    def __init__(self, engine: Engine) -> None:
        self.points: Points | None = None
        for name, method in (("before_cursor_execute", "statement"), ("after_cursor_execute", "executed"),
                             ("commit", "commit")):  # fmt: skip
            event.listen(engine, name, self._told(method))

    def _told(self, method: str) -> Callable[..., None]:
        def told(*values: Any) -> None:
            if self.points is not None:
                getattr(self.points, method)(*values)

        return told

    def around(self, outside: Outside) -> Outside:
        """The same outside, counted."""
        chats: Any = {name: _Counted(self, name, chat) for name, chat in outside.chats.items()}
        ports = ("mini_program", "gateway", "files")
        parts: Any = {name: _Counted(self, name, getattr(outside, name)) for name in ports}
        return replace(outside, chats=chats, **parts)

    @contextmanager
    def counting(self, points: Points) -> Iterator[Points]:
        """Count until the end of the block."""
        self.points = points
        try:
            yield points
        finally:
            self.points = None


class _Counted:
    def __init__(self, hook: Hook, name: str, part: Any) -> None:
        self._hook, self._name, self._part = hook, name, part

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if not callable(found):
            return found

        def call(*values: Any, **named: Any) -> Any:
            points = self._hook.points
            if points is None:
                return found(*values, **named)
            return points.call(f"{self._name}.{name}", found, *values, **named)

        return call


class Watch:
    """Which of some functions are at work when a point is reached, by full name."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {_code_of(name): name for name in names}
        self.seen: set[str] = set()

    def look(self) -> None:
        """Note who called us, and who called them."""
        frame: FrameType | None = sys._getframe()
        while frame is not None:
            if (name := self._names.get(frame.f_code)) is not None:
                self.seen.add(name)
            frame = frame.f_back


def _code_of(name: str) -> CodeType:
    code: CodeType = pkgutil.resolve_name(name).__code__
    return code
