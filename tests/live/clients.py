"""A browser's part of a live stream, over a real socket, and a house to watch whose counts the test decides."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from live import server
from live.hub import Event, Hub, event_of

ORIGIN = "https://lintuan.example"
FIRST, OTHER = "cmp_01m8b057g0619z9byd2tds3x1d", "cmp_01m8b057g0619z9byd2tds3x1e"

OPEN: list[asyncio.StreamWriter] = []


@dataclass
class Counts:
    """The database of these tests: what a look finds."""

    rows: dict[str, dict[str, Any]] = field(default_factory=lambda: {FIRST: {"revision": 1}, OTHER: {"revision": 5}})
    looks: int = 0
    asked: list[tuple[str, ...]] = field(default_factory=list)
    broken: bool = False

    def __call__(self, ids: Collection[str]) -> Mapping[str, Event]:
        self.looks += 1
        self.asked.append(tuple(ids))
        if self.broken:
            raise ConnectionError("the database is away")
        return {each: event_of({"id": each, **self.rows[each]}) for each in ids if each in self.rows}


@dataclass
class Place:
    """A running server."""

    port: int
    hub: Hub
    told: list[tuple[str, str, int]]

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A bare connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        OPEN.append(writer)
        return reader, writer

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Client:
        """Send a request; the answer's head is read."""
        reader, writer = await self.connect()
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode())
        return await Client(reader, writer).opened()

    async def watch(self, campaign: str = FIRST, **headers: str) -> Client:
        """A stream of a campaign's count."""
        return await self.ask(f"/api/resident/campaigns/{campaign}/live", **headers)

    async def until(self, what: Callable[[], bool]) -> None:
        """Go on when the server has come so far."""
        while not what():
            await asyncio.sleep(0)

    async def looks(self, counts: Counts, times: int) -> None:
        """Go on when the server has looked so many times more, and has told what it saw before the last."""
        goal = counts.looks + times
        await self.until(lambda: counts.looks >= goal)


@dataclass
class Client:
    """The other end of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    read: bytearray = field(default_factory=bytearray)

    async def opened(self) -> Client:
        """Read status and headers."""
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = dict(line.split(": ", 1) for line in lines)
        return self

    async def event(self) -> dict[str, Any]:
        """The next count; comments and the time to retry are passed over."""
        while True:
            block = (await self.block()).decode()
            fields = dict(line.split(": ", 1) for line in block.strip().split("\n") if ": " in line)
            if "data" in fields:
                data: dict[str, Any] = json.loads(fields["data"])
                assert fields["id"] == str(data["revision"])
                return data

    async def block(self) -> bytes:
        """All until the next empty line, however long."""
        while b"\n\n" not in self.read:
            chunk = await self.reader.read(65536)
            if not chunk:
                raise ConnectionError("the stream ended")
            self.read += chunk
        block, _, rest = self.read.partition(b"\n\n")
        self.read = bytearray(rest)
        return bytes(block)

    async def rest(self) -> bytes:
        """All until the other side ends it."""
        return bytes(self.read) + await self.reader.read()

    def leave(self) -> None:
        """Hang up."""
        self.writer.transport.abort()


@asynccontextmanager
async def place(look: server.Look, **changes: Any) -> AsyncIterator[Place]:
    """A server over `look`, ended with the block."""
    told: list[tuple[str, str, int]] = []
    terms = server.Terms(**{"streams": 10, "poll_seconds": 0.01, "origin": ORIGIN, **changes})

    def tell(method: str, endpoint: str, status: int, milliseconds: int, request_id: str) -> None:
        assert (milliseconds, len(request_id)) == (0, 32)
        told.append((method, endpoint, status))

    async with server.serving("127.0.0.1", 0, look, tell, terms) as (port, hub):
        yield Place(port, hub, told)


def run(scenario: Callable[[], Any]) -> None:
    """Play a scenario; one that hangs fails. At the end every client hangs up."""

    async def played() -> None:
        try:
            await asyncio.wait_for(scenario(), 60)
        finally:
            for writer in OPEN:
                writer.close()
            await asyncio.gather(*(writer.wait_closed() for writer in OPEN), return_exceptions=True)
            OPEN.clear()

    asyncio.run(played())
