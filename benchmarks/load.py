"""The load generator: ready-made requests over many connections from one thread, closed or open loop.

What it costs of CPU a request, every result states (`cpu_us`); wrk is no faster where each request is another one, and
has to be installed by root.
"""

from __future__ import annotations

import gc
import select
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

PORTION = 1 << 18
DRAIN_SECONDS = 30.0
NO_CONTENT = 204
_LENGTH, _REPLAYED, _CLOSE = b"\r\ncontent-length:", b"\r\nidempotency-replayed:", b"\r\nconnection: close"


class Broken(Exception):
    """A connection ended or an answer made no sense: the run has no result."""


@dataclass
class Told:
    """What a run heard. Rates count what was answered within `seconds`; `all` counts what came later, too.

    Statuses are numbers; the answer to a repeated key is counted as "replayed" and never as its status.
    `late` holds the seconds from each request to its answer, in an open loop from when the request was due;
    `answered` when each answer was whole (`time.perf_counter`, one clock for all processes), in order.
    """

    seconds: float = 0.0
    within: Counter[int | str] = field(default_factory=Counter)
    all: Counter[int | str] = field(default_factory=Counter)
    cpu_us: float = 0.0
    late: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)

    def rate(self, status: int) -> float:
        """Answers of this status a second."""
        return self.within[status] / self.seconds


class _Line:
    """One connection and what has come of the answer it waits for; it is opened anew when the server ends it."""

    def __init__(self, port: int, lines: dict[int, _Line], poll: select.epoll) -> None:
        self._port, self._lines, self._poll = port, lines, poll
        self._got, self._wanted, self._ends = b"", 0, False
        self._status: int | str = 0
        self.due = 0.0
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self._port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self._lines[self.socket.fileno()] = self
        self._poll.register(self.socket, select.EPOLLIN)

    def close(self) -> None:
        del self._lines[self.socket.fileno()]
        self.socket.close()

    def send(self, request: bytes) -> None:
        if self.socket.send(request) != len(request):
            raise Broken("a request did not fit into an empty socket")

    def receive(self) -> int | str | None:
        """The status when the answer is whole, else None."""
        part = self.socket.recv(PORTION)
        if not part:
            raise Broken(f"hung up after {self._got[:200]!r}")
        got = self._got + part if self._got else part
        if not self._wanted:
            self._read_head(got)
        if not self._wanted or len(got) < self._wanted:
            self._got = got
            return None
        self._got, self._wanted = b"", 0
        if self._ends:
            self.close()
            self._open()
        return self._status

    def _read_head(self, got: bytes) -> None:
        """Learn status and length of the answer, once its head is there."""
        end = got.find(b"\r\n\r\n")
        if end < 0:
            return
        head = got[:end].lower()
        status = int(head[9:12])
        place, length = head.find(_LENGTH), 0
        if place >= 0:
            stop = head.find(b"\r\n", place + 2)
            length = int(head[place + len(_LENGTH) : stop if stop > 0 else None])
        elif status != NO_CONTENT:
            raise Broken(f"an answer without its length: {head[:200]!r}")
        self._status = "replayed" if _REPLAYED in head else status
        self._wanted, self._ends = end + 4 + length, _CLOSE in head


def closed(port: int, requests: Sequence[bytes], connections: int, seconds: float, *, again: bool = False) -> Told:
    """Each connection sends its next request when it has its answer, until time or requests are over.

    With `again` the requests begin anew when they are over.
    """
    told, given = Told(), 0
    count = len(requests)
    with _connected(port, connections) as (lines, poll), _undisturbed():
        began, cpu = time.perf_counter(), time.process_time()
        deadline = began + seconds
        for line in list(lines.values())[: count if not again else connections]:
            line.due = began
            line.send(requests[given % count])
            given += 1
        waiting = given
        while waiting:
            for number, _ in poll.poll(DRAIN_SECONDS):
                line = lines[number]
                status = line.receive()
                if status is None:
                    continue
                told.all[status] += 1
                now = time.perf_counter()
                told.late.append(now - line.due)
                told.answered.append(now)
                if now < deadline:
                    told.within[status] += 1
                    if again or given < count:
                        line.due = now
                        line.send(requests[given % count])
                        given += 1
                        continue
                waiting -= 1
            if time.perf_counter() > deadline + DRAIN_SECONDS:
                raise Broken(f"{waiting} requests stayed unanswered")
        ended = time.perf_counter()
        told.cpu_us = (time.process_time() - cpu) * 1e6 / max(1, told.all.total())
    told.seconds = min(ended, deadline) - began
    return told


def opened(port: int, requests: Sequence[bytes], connections: int, rate: float) -> Told:
    """Requests become due `rate` times a second, whatever the answers do; each is late from its due time on."""
    told, given = Told(), 0
    with _connected(port, connections) as (lines, poll), _undisturbed():
        free, began, cpu = list(lines.values()), time.perf_counter(), time.process_time()
        last = began + len(requests) / rate + DRAIN_SECONDS
        while told.all.total() < len(requests):
            now = time.perf_counter()
            while free and given < len(requests) and began + given / rate <= now:
                line = free.pop()
                line.due = began + given / rate
                line.send(requests[given])
                given += 1
            sleep = began + given / rate - now if free and given < len(requests) else 1.0
            for number, _ in poll.poll(max(0.0, sleep)):
                line = lines[number]
                status = line.receive()
                if status is not None:
                    told.all[status] += 1
                    told.answered.append(time.perf_counter())
                    told.late.append(told.answered[-1] - line.due)
                    free.append(line)
            if now > last:
                raise Broken("requests stayed unanswered")
        told.seconds = time.perf_counter() - began
        told.cpu_us = (time.process_time() - cpu) * 1e6 / len(requests)
    told.within = told.all
    return told


@contextmanager
def _connected(port: int, connections: int) -> Iterator[tuple[dict[int, _Line], select.epoll]]:
    lines: dict[int, _Line] = {}
    with select.epoll() as poll:
        try:
            for _ in range(connections):
                _Line(port, lines, poll)
            yield lines, poll
        finally:
            for line in list(lines.values()):
                line.close()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No garbage collection while time is taken: the requests are many and none of them is garbage."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
