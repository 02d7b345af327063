"""The process: listens, looks at the database a few times a second, keeps streams alive, and ends in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from live.answers import Answers
from live.hub import Event, Hub
from live.stream import House, Stream, Tell

BEAT_SECONDS = 15.0
SLOW_SECONDS = 10.0
TROUBLE_SECONDS = 1.0
SPARE_CONNECTIONS = 100  # for those who are refused, and for whoever asks whether we live
BACKLOG = 1024
log = structlog.get_logger("lintuan.live")

Look = Callable[[Collection[str]], Mapping[str, Event]]
"""The counts of campaigns by their ids; called in one thread of its own, because it waits for the database."""


@dataclass(frozen=True)
class Terms:
    """How the process serves: at most `streams`, looking every `poll_seconds`, for browsers on pages of `origin`."""

    streams: int
    poll_seconds: float
    origin: str
    slow_seconds: float = SLOW_SECONDS
    beat_seconds: float = BEAT_SECONDS


@asynccontextmanager
async def serving(host: str, port: int, look: Look, tell: Tell, terms: Terms) -> AsyncIterator[tuple[int, Hub]]:
    """Serve while the block runs; gives the port and the hub. At its end every stream is closed."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "live-look") as one_thread:

        async def read(ids: Collection[str]) -> Mapping[str, Event]:
            return await loop.run_in_executor(one_thread, look, ids)

        hub = Hub(read, terms.streams)
        house = House(hub, Answers(terms.origin), tell, set(), terms.streams + SPARE_CONNECTIONS)
        server = await loop.create_server(lambda: Stream(house), host, port, backlog=BACKLOG)
        rounds = [asyncio.ensure_future(each) for each in (_look_round(hub, terms), _care_round(house, terms))]
        try:
            yield server.sockets[0].getsockname()[1], hub
        finally:
            server.close()
            for task in rounds:
                task.cancel()
            await asyncio.gather(*rounds, return_exceptions=True)
            for stream in tuple(house.connections):
                stream.drop() if stream.behind_since is not None else stream.close()
            await server.wait_closed()


async def _look_round(hub: Hub, terms: Terms) -> None:
    """Look at equal distances; a look that takes longer is followed at once by the next."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        try:
            await hub.poll()
        except Exception as error:  # the database is away: the streams stay, and hear again when it is back
            log.warning("cannot look", exc_info=error)
            await asyncio.sleep(TROUBLE_SECONDS)
        await asyncio.sleep(max(0.0, began + terms.poll_seconds - loop.time()))


async def _care_round(house: House, terms: Terms) -> None:
    """Drop who does not keep up, and let the others hear that the stream lives."""
    loop = asyncio.get_running_loop()
    beaten = loop.time()
    while True:
        await asyncio.sleep(min(terms.slow_seconds, terms.beat_seconds) / 4)
        now = loop.time()
        due = now - beaten >= terms.beat_seconds
        beaten = now if due else beaten
        for stream in tuple(house.connections):
            if stream.behind_since is not None and now - stream.behind_since >= terms.slow_seconds:
                stream.drop()
            elif due:
                stream.beat()


async def serve(host: str, port: int, look: Look, tell: Tell, terms: Terms) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(host, port, look, tell, terms) as (bound, _hub):
        log.info("streaming", host=host, port=bound)
        await stop.wait()
    log.info("stopped")
