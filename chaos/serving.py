"""The product served over loopback HTTP by the server it is served with in earnest, inside this process."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from waitress.server import create_server

SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `json` parses its body."""

    status: int
    content_type: str
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Client:
    """One connection that stays open, as a device's does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request and its answer."""
        self._connection.request(method, path, body, dict(headers or {}))
        with self._connection.getresponse() as response:
            return Answer(response.status, response.headers.get_content_type(), response.read())

    def post(self, path: str, content: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """POST a JSON body."""
        body = b"" if content is None else json.dumps(content).encode()
        return self.send("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@contextmanager
def serving(app: Flask, port: int = 0, threads: int = 8) -> Iterator[int]:
    """The port on which `app` answers until the end of the block."""
    server: Any = create_server(app, host="127.0.0.1", port=port, threads=threads, backlog=128, connection_limit=200)
    ending = threading.Event()

    def turn() -> None:
        while not ending.is_set():
            server.asyncore.loop(timeout=0.05, map=server._map, use_poll=True, count=1)

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        ending.set()
        thread.join()
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=10)
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.close()
