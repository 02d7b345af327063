"""Watchers of a live count, all in one process: `python -m benchmarks.watchers PORT CAMPAIGN NUMBER`.

It says `watching` when everybody has heard the count as it stood. Told a number on its input, it waits until everybody
has heard of so many participants, for some seconds at most, and tells as JSON what each one heard and when.
"""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time

PORTION = 1 << 16
MOST_WAITING_SECONDS = 10.0
_COUNT = re.compile(rb'"participant_count": (\d+)')


class Watcher:
    """One stream; `heard` holds (`time.perf_counter`, participants) of each event."""

    def __init__(self, port: int, campaign: str) -> None:
        self.heard: list[tuple[float, int]] = []
        self._rest = b""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(f"GET /api/resident/campaigns/{campaign}/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    def receive(self) -> None:
        """Take what has come; ends the process when the stream has ended."""
        part = self.socket.recv(PORTION)
        now = time.perf_counter()
        if not part:
            sys.exit(f"a stream ended: {self._rest[:200]!r}")
        *blocks, self._rest = (self._rest + part).split(b"\n\n")
        self.heard += [(now, int(found[1])) for block in blocks if (found := _COUNT.search(block))]

    def has_heard_of(self, number: int) -> bool:
        """Whether the newest event shows so many."""
        return bool(self.heard) and self.heard[-1][1] >= number


def main(port: int, campaign: str, number: int) -> None:
    """Watch until the number of participants has been told and heard."""
    watchers = {(made := Watcher(port, campaign)).socket.fileno(): made for _ in range(number)}
    ears = select.epoll()
    for each in watchers:
        ears.register(each, select.EPOLLIN)
    _listen(ears, watchers, 0, MOST_WAITING_SECONDS)
    print("watching", flush=True)
    ears.register(sys.stdin.fileno(), select.EPOLLIN)
    while (ready := dict(ears.poll())) and sys.stdin.fileno() not in ready:
        for each in ready:
            watchers[each].receive()
    ears.unregister(sys.stdin.fileno())
    _listen(ears, watchers, int(sys.stdin.readline() or 0), MOST_WAITING_SECONDS)
    told = {"heard": [watcher.heard for watcher in watchers.values()], "cpu_seconds": time.process_time()}
    print(json.dumps(told), flush=True)


def _listen(ears: select.epoll, watchers: dict[int, Watcher], number: int, seconds: float) -> None:
    """Take what comes until everybody has heard of so many, or time is over."""
    end = time.perf_counter() + seconds
    missing = {place for place, watcher in watchers.items() if not watcher.has_heard_of(number)}
    while missing and time.perf_counter() < end:
        for place, _ in ears.poll(1.0):
            watchers[place].receive()
            if watchers[place].has_heard_of(number):
                missing.discard(place)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
