"""One actor at a time: each waits before its next statement or commit until the scheduler gives it its turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event

from domain.errors import Busy, DomainError

PAUSE = 0.001
PATIENCE_SECONDS = 60.0
TRIES = 8
Work = Callable[[], object]
Draw = Callable[[Sequence[int]], int]
"""Which of the actors that may go on does so; the numbers are in ascending order."""


@dataclass
class Actor:
    """One of them: where it stands, on which server process, and how it ended (`""` is well, else the refusal)."""

    work: Work
    state: str = "begins"
    pid: int = 0
    ended: str = ""
    broke: BaseException | None = None
    busy: int = 0
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


class Turns:
    """Schedules actors over an engine of PostgreSQL; `watcher` looks at who waits for a lock."""

    def __init__(self, engine: Engine, watcher: psycopg.Connection[Any]) -> None:
        self._watcher = watcher
        self._moved = threading.Condition()
        self._mine = threading.local()
        self._listeners = (("before_cursor_execute", self._before_statement), ("commit", self._gate))
        self._engine = engine
        self.steps = 0

    @contextmanager
    def listening(self) -> Iterator[Turns]:
        """Hold actors back until the end of the block."""
        for name, listener in self._listeners:
            event.listen(self._engine, name, listener)
        try:
            yield self
        finally:
            for name, listener in self._listeners:
                event.remove(self._engine, name, listener)

    def play(self, works: Sequence[Work], draw: Draw) -> list[Actor]:
        """Let all of them end; raises what no actor may raise, and `AssertionError` when they do not end."""
        actors = [Actor(work) for work in works]
        threads = [threading.Thread(target=self._act, args=(actor,), daemon=True) for actor in actors]
        for thread in threads:
            thread.start()
        while self._settled(actors):
            ready = [number for number, actor in enumerate(actors) if actor.state == "waits"]
            chosen = actors[draw(ready)]
            self.steps += 1
            chosen.state = "runs"
            chosen.go.release()
        for thread in threads:
            thread.join()
        for actor in actors:
            if actor.broke is not None:
                raise actor.broke
        return actors

    def _act(self, actor: Actor) -> None:
        self._mine.actor = actor
        try:
            for _ in range(TRIES):
                try:
                    actor.work()
                    actor.ended = ""
                    break
                except Busy:
                    actor.busy += 1
                    actor.ended = "Busy"
                except DomainError as refusal:
                    actor.ended = type(refusal).__name__
                    break
        except BaseException as error:  # it is raised where the actors were begun
            actor.broke = error
        finally:
            self._told(actor, "ended")

    def _before_statement(self, connection: Connection, *_: Any) -> None:
        self._gate(connection)

    def _gate(self, connection: Connection) -> None:
        actor: Actor | None = getattr(self._mine, "actor", None)
        if actor is None:
            return
        driver: Any = connection.connection.driver_connection
        actor.pid = driver.info.backend_pid
        self._told(actor, "waits")
        actor.go.acquire()

    def _told(self, actor: Actor, state: str) -> None:
        with self._moved:
            actor.state = state
            self._moved.notify_all()

    def _settled(self, actors: Sequence[Actor]) -> bool:
        """Wait until nobody moves: each waits for its turn or for a lock of another. False when all have ended."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with self._moved:
                self._moved.wait_for(lambda: not _moving(actors), PAUSE)
                moving = _moving(actors)
            waiting = any(actor.state == "waits" for actor in actors)
            if not moving:
                return waiting
            if waiting and all(actor.state == "runs" for actor in moving) and self._locked_out(moving):
                return True
        raise AssertionError(f"they do not end: {[(actor.state, actor.pid) for actor in actors]}")

    def _locked_out(self, actors: Sequence[Actor]) -> bool:
        """Whether every one of them waits for a lock."""
        pids = [actor.pid for actor in actors]
        query = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid = ANY(%s)"
        row = self._watcher.execute(query, [pids]).fetchone()
        return row is not None and row[0] == len(set(pids))


def _moving(actors: Sequence[Actor]) -> list[Actor]:
    return [actor for actor in actors if actor.state in ("begins", "runs")]
