"""One connection: its request is read, then it is a stream until it ends, is too slow, or the process stops."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from http import HTTPStatus
from os import urandom
from typing import Protocol

import structlog

from domain.errors import Busy, DomainError
from live.answers import HEARTBEAT, Answers
from live.hub import Event, Hub
from live.requests import LARGEST_HEAD, Malformed, Request, read_head

HEAD_SECONDS = 10
DEAD_MILLISECONDS = 30_000
SEND_BUFFER_BYTES = 16 * 1024  # a slow reader shows early, and a thousand of them do not fill the memory
log = structlog.get_logger("lintuan.live")


class Tell(Protocol):
    """Writes the line of one request."""

    def __call__(self, method: str, endpoint: str, status: int, milliseconds: int, request_id: str) -> None:
        """Everything is ours."""


@dataclass(frozen=True)
class House:
    """What all streams of a process share."""

    hub: Hub
    answers: Answers
    tell: Tell
    connections: set[Stream]
    most_connections: int


class Stream(asyncio.Protocol):
    """A watcher of `live.hub`. What it has not taken yet is replaced by what is newer; nothing queues up."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._transport: asyncio.Transport | None = None
        self._head = b""
        self._request: Request | None = None
        self._request_id = urandom(16).hex()
        self._answering: asyncio.Task[None] | None = None
        self._streams = False
        self._seen = -1
        self._waiting: Event | None = None
        self.behind_since: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody came; who says nothing for a while is put out again."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a TCP server gives
        self._transport = transport
        if len(self._house.connections) >= self._house.most_connections:
            transport.abort()
            return
        self._house.connections.add(self)
        transport.set_write_buffer_limits(high=0)
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_MILLISECONDS)
        asyncio.get_running_loop().call_later(HEAD_SECONDS, self._too_late)

    def data_received(self, data: bytes) -> None:
        """Read the head; whatever follows it means nothing."""
        if self._request is not None or self.is_gone():
            return
        self._head += data
        head, end, _ = self._head.partition(b"\r\n\r\n")
        if len(head) > LARGEST_HEAD:
            self._end(*self._house.answers.problem(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, None, self._request_id))
        elif end:
            self._head = b""
            try:
                self._request = read_head(head)
            except Malformed:
                self._end(*self._house.answers.problem(HTTPStatus.BAD_REQUEST, None, self._request_id))
            else:
                self._answer(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._house.connections.discard(self)
        if self._request is not None and self._request.campaign_id is not None:
            self._house.hub.leave(self._request.campaign_id, self)

    def pause_writing(self) -> None:
        """The reader does not keep up: what is newer replaces what waits."""
        self.behind_since = asyncio.get_running_loop().time()

    def resume_writing(self) -> None:
        """The reader took everything: the newest follows."""
        self.behind_since = None
        if self._waiting is not None:
            event, self._waiting = self._waiting, None
            self.show(event)

    def show(self, event: Event) -> None:
        """Send a count unless the client has it or a newer one."""
        if event.revision <= self._seen or self._transport is None:
            return
        if self.behind_since is not None:
            self._waiting = event
            return
        self._seen = event.revision
        self._transport.write(event.wire)

    def beat(self) -> None:
        """Let the proxies on the way and the client know that this stream lives."""
        if self._streams and self.behind_since is None and self._transport is not None:
            self._transport.write(HEARTBEAT)

    def is_gone(self) -> bool:
        """Whether the connection is closed or closing."""
        return self._transport is None or self._transport.is_closing()

    def close(self) -> None:
        """End it; the client comes back by itself."""
        if self._transport is not None:
            self._transport.close()

    def drop(self) -> None:
        """Cut it, with all it did not take."""
        if self._transport is not None:
            self._transport.abort()

    def _too_late(self) -> None:
        if self._request is None:
            self.drop()

    def _answer(self, request: Request) -> None:
        answers, hub = self._house.answers, self._house.hub
        if request.path == "/livez" and request.method == "GET":
            numbers = {"streams": hub.streams, "campaigns": hub.campaigns}
            self._end(200, answers.alive(request, self._request_id, **numbers), "live.livez")
        elif request.campaign_id is None:
            self._end(*answers.problem(HTTPStatus.NOT_FOUND, request, self._request_id))
        elif request.method == "OPTIONS":
            self._end(204, answers.preflight(request, self._request_id), "live.stream")
        elif request.method != "GET":
            self._end(*answers.problem(HTTPStatus.METHOD_NOT_ALLOWED, request, self._request_id), "live.stream")
        else:
            self._seen = request.seen
            self._answering = asyncio.ensure_future(self._begin(request, request.campaign_id))

    async def _begin(self, request: Request, campaign_id: str) -> None:
        try:
            await self._house.hub.join(campaign_id, self)
        except DomainError as error:
            self._refuse(request, error)
        except Exception as error:  # the database is away: come again
            log.warning("no first count", exc_info=error)
            self._refuse(request, Busy(retry_after=5))

    def _refuse(self, request: Request, error: DomainError) -> None:
        self._end(*self._house.answers.refused(request, self._request_id, error), "live.stream")

    def let_in(self) -> None:
        """The first words of a stream."""
        if self._transport is not None and self._request is not None:
            self._streams = True
            self._house.tell("GET", "live.stream", 200, 0, self._request_id)
            self._transport.write(self._house.answers.stream(self._request, self._request_id))

    def _end(self, status: int, answer: bytes, endpoint: str = "none") -> None:
        method = self._request.method if self._request and self._request.method in ("GET", "OPTIONS") else "OTHER"
        self._house.tell(method, endpoint, status, 0, self._request_id)
        if self._transport is not None:
            self._transport.write(answer)
            self._transport.close()
