"""Plays a story; at chosen points of each act a process is killed, begun again, and must end as if nothing was."""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from chaos.points.counting import Points, Watch
from chaos.points.theatre import Theatre
from chaos.points.world import Act, Story, World
from domain.errors import DomainError


@dataclass
class Found:
    """Points in all, at how many a process was killed, how many ended alike (`later` of them only after a while).

    `differed` says for each other point where it was and what differed; `wrote` names the use cases that were at work
    in acts that wrote or called out.
    """

    points: int = 0
    killed: int = 0
    later: int = 0
    differed: list[str] = field(default_factory=list)
    wrote: set[str] = field(default_factory=set)


@dataclass
class Explorer:
    """Explores stories in a theatre: kills at about every `stride`-th point (0: at none), drawn by `seed`."""

    theatre: Theatre
    watch: Watch
    stride: int = 1
    seed: int = 0
    careless: bool = False
    found: Found = field(default_factory=Found)

    def play(self, story: Story, part: int = 0, parts: int = 1) -> None:
        """All acts of a story; every `parts`-th of them, from number `part` on, is explored before the next begins."""
        draw = random.Random(f"{self.seed} {story.name}")  # noqa: S311 -- no secret
        self.theatre.clear()
        world = World(self.theatre)
        story.beginning(world)
        self.theatre.remember()
        self.theatre.leave()
        for place, act in enumerate(story.acts):
            mine = place % parts == part
            if mine and self.stride:
                self.theatre.keep("before")
            points = self._undisturbed(act)
            every = range(1, len(points.at) + 2)
            chosen = [number for number in every if self.stride and not draw.randrange(self.stride)]
            if mine:
                self.found.points += len(every)
                self._explore(f"{story.name}/{act.name}", act, points.at, chosen)

    def _undisturbed(self, act: Act) -> Points:
        self.theatre.begin()
        self.watch.seen.clear()
        with self.theatre.hook.counting(Points(careless=self.careless, watch=self.watch)) as points:
            _perform(self.theatre, act)
        self.found.wrote |= self.watch.seen if points.wrote else set()
        self.theatre.remember()
        self.theatre.leave()
        return points

    def _explore(self, name: str, act: Act, points: list[str], chosen: list[int]) -> None:
        if not chosen:
            return
        self.theatre.keep("after")
        right = self._state(act, exact=True)
        self.theatre.leave()
        later: list[str] = []
        for number in chosen:
            self.theatre.put_back("before")
            self._kill(act, number)
            self.found.killed += 1
            if self._recovered(act, right):
                continue
            if not later:
                self.theatre.keep("recovered")
                self.theatre.put_back("after")
                later = self._in_a_process(lambda: self._lull(act))
                self.theatre.put_back("recovered")
            ended = self._in_a_process(lambda: self._lull(act))
            if ended == later:
                self.found.later += 1
            else:
                at = points[number - 1] if number <= len(points) else "the answer is lost"
                self.found.differed.append(f"{name} {number} of {len(points) + 1} ({at}): {_difference(later, ended)}")
        self.theatre.put_back("after")

    def _kill(self, act: Act, number: int) -> None:
        def until_killed() -> None:
            self.theatre.begin()
            with self.theatre.hook.counting(Points(number, careless=self.careless)) as points:
                _perform(self.theatre, act)
                points.reach("the answer is lost")

        status = _forked(until_killed)
        if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            raise AssertionError(f"{act.name}: point {number} was never reached")

    def _recovered(self, act: Act, right: list[str]) -> bool:
        """Whether it stands right at once."""
        return self._in_a_process(lambda: self._recover(act)) == right

    def _recover(self, act: Act) -> list[str]:
        self.theatre.begin()
        with suppress(DomainError):  # what was done before the crash is refused when it is asked for again
            _perform(self.theatre, act)
        self.theatre.remember()
        return self._state(act, exact=True)

    def _lull(self, act: Act) -> list[str]:
        self.theatre.begin()
        world = World(self.theatre)
        world.begin("a while")
        world.lull()
        return self._state(act, exact=False)

    def _state(self, act: Act, *, exact: bool) -> list[str]:
        left_out = tuple(f"{name} " for name in act.twice)
        return [line for line in self.theatre.state(exact=exact) if not line.startswith(left_out)]

    def _in_a_process(self, look: Callable[[], list[str]]) -> list[str]:
        file = self.theatre.folder.parent / "seen.json"

        def write() -> None:
            try:
                seen = look()
            except Exception as error:  # a state that can be reached only by failing is none that is right
                seen = [f"failed: {type(error).__name__} {error}"]
            file.write_text(json.dumps(seen))

        file.unlink(missing_ok=True)
        status = _forked(write)
        seen: list[str] = json.loads(file.read_text()) if file.exists() else [f"the process ended with {status}"]
        return seen


def _perform(theatre: Theatre, act: Act) -> None:
    world = World(theatre)
    world.begin(act.name)
    act.does(world)


def _forked(work: Callable[[], None]) -> int:
    """Work in a process of its own; how it ended, as `os.waitpid` tells it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    code = 1
    gc.disable()  # it lives too briefly to be worth touching every page it shares
    try:
        work()
        code = 0
    except BaseException:  # whatever it is, it must not go on in a copy of the caller
        traceback.print_exc(file=sys.stderr)
        sys.stderr.flush()
    finally:
        os._exit(code)


def _difference(right: list[str], ended: list[str]) -> str:
    """The first rows that only one of two states has."""
    missing, more = Counter(right) - Counter(ended), Counter(ended) - Counter(right)
    first, second = (sorted(rows, key=lambda row: row.startswith("outside"))[:2] for rows in (missing, more))
    return f"lacks {first}, has {second}"[:1500]


def told(found: Found) -> dict[str, Any]:
    """As JSON can say it."""
    return {**asdict(found), "wrote": sorted(found.wrote)}
