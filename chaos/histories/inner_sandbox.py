"""The sandbox inside this process: true code and cryptography, no sockets, on the history's clock.

What it wants to tell the product waits in `post` until the history delivers it, so that a notice can be late, doubled,
overtaken or lost exactly where a history says so.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from werkzeug.test import EnvironBuilder, run_wsgi_app

from sandbox.app import create_app
from sandbox.config import Config
from sandbox.context import Sandbox
from sandbox.pay import notices

PORT = 1  # never opened
Attempt = Callable[[], bool]


@dataclass
class Later:
    """The sandbox's background work: nothing happens until `run` lets it."""

    waiting: list[Attempt] = field(default_factory=list)

    def submit(self, attempt: Attempt, *, delay: float = 0.0, retries: Iterable[float] = ()) -> None:
        """Keep it; what fails is the history's to repeat."""
        self.waiting.append(attempt)

    def run(self) -> None:
        """Do what waits, and what that leads to."""
        while self.waiting:
            self.waiting.pop(0)()

    def stop(self) -> None:
        """Forget it."""
        self.waiting.clear()


class SharedClock:
    """The sandbox reads the product's clock."""

    offset_seconds = 0

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now

    def timestamp(self) -> int:
        """Whole seconds since 1970."""
        return int(self.now().timestamp())

    machine_timestamp = timestamp


@dataclass(frozen=True)
class Letter:
    """One signed notice on its way to the product."""

    headers: dict[str, str]
    body: bytes


class Postbox:
    """Stands where the sandbox's notices use `requests`: every letter is kept, and the sandbox believes it arrived."""

    RequestException = requests.RequestException

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def post(self, url: str, *, data: bytes, headers: Mapping[str, str], **_options: Any) -> Any:
        """Keep it and answer 204."""
        self.letters.append(Letter(dict(headers), data))
        return _ACCEPTED


_ACCEPTED = requests.Response()
_ACCEPTED.status_code = 204


class Direct(BaseAdapter):
    """Carries a `requests` call into a WSGI app of this process, and cuts the answers that the app cuts."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:  # type: ignore[override]  # as BaseAdapter's, but its options do not matter here
        """The app's answer."""
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        builder = EnvironBuilder(
            path=request.path_url, method=str(request.method), data=body, headers=list(request.headers.items())
        )  # fmt: skip
        environ = builder.get_environ()
        environ["REQUEST_URI"] = request.path_url
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        content = b"".join(chunks)
        announced = int(headers.get("Content-Length", len(content)))
        if announced > len(content):
            raise requests.ConnectionError("cut")
        answer = requests.Response()
        answer.status_code, answer.raw, answer.url = int(status.split()[0]), io.BytesIO(content), str(request.url)
        answer.headers.update(headers.items())
        answer.request = request
        return answer

    def close(self) -> None:
        """Nothing is open."""


class InnerSandbox:
    """One sandbox for many histories; `forget` empties it between two."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self.app = create_app(Config(folder, PORT))
        self.box: Sandbox = self.app.extensions["sandbox"]
        self.box.push.stop()
        self.later, self.post = Later(), Postbox()
        object.__setattr__(self.box, "push", self.later)
        object.__setattr__(self.box, "clock", SharedClock(now))
        vars(notices)["requests"] = self.post  # the module's own name for it
        self.client = self.app.test_client()
        lines = (folder / "product.env").read_text().splitlines()
        self.settings = dict(line.split("=", 1) for line in lines)
        self._tables = [
            row["name"]
            for row in self.box.store.all("SELECT name FROM sqlite_master WHERE type = 'table'")
            if row["name"] not in ("settings", "sqlite_sequence")
        ]

    def control(self, path: str, **body: Any) -> Any:
        """One call to its control API; raises `Declined` with the sandbox's word when it says no."""
        answer = self.client.post(f"/control/{path}", json=body)
        if answer.status_code >= 400:
            raise Declined(str(answer.get_json(silent=True)))
        return answer.get_json()

    def seen(self, path: str) -> Any:
        """One look through its control API."""
        return self.client.get(f"/control/{path}").get_json()

    def letters(self) -> list[Letter]:
        """What it has to say by now; each letter once."""
        self.later.run()
        told, self.post.letters = self.post.letters, []
        return told

    def close(self) -> None:
        """Close the store, and let notices travel as before for whoever comes next in this process."""
        vars(notices)["requests"] = requests
        self.box.store.close()

    def forget(self) -> None:
        """As new, with the same keys."""
        self.later.stop()
        self.post.letters.clear()
        with self.box.store.transaction() as db:
            db.execute("PRAGMA defer_foreign_keys=ON")
            for table in self._tables:
                db.execute(f"DELETE FROM {table}")
        self.box.knobs.reset()


class Declined(Exception):
    """The cashier sheet, or another control, said no."""
