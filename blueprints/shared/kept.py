"""Public answers kept as bytes for a moment: what hundreds ask at once is read from the database once per worker.

Nothing personal can be among them: only routes open to everybody are kept, under nothing but their address.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, request

from domain.errors import Busy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST = 512
LONGEST = 1024  # characters of an address; nobody's page has a longer one, and who makes such up fills no memory
AT_ONCE = 4
"""So many pages of a worker are read at a time. More get in each other's way and in that of those who order: with 32
at a time a page costs a quarter more, in the database alone twice as much."""
MOST_SECONDS = 10.0
"""So long a page waits for its turn to be read, as for a connection."""
EXTENSION = "lintuan_kept"
Key = tuple[str, str]
View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its bytes, the route that gave it, its headers; `etag` names exactly these bytes."""

    body: bytes
    endpoint: str
    etag: str
    headers: tuple[tuple[str, str], ...]
    until: float

    def answer(self, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body for a request, which may know these bytes already."""
        if self.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return "304 NOT MODIFIED", [pair for pair in self.headers if not pair[0].startswith("Content-")], b""
        return "200 OK", list(self.headers), self.body


class KeptPages:
    """The pages of one worker by path and query, none older than `seconds` (0 keeps nothing).

    The age counts from before the page was read. One thread reads a page again while the others wait for it, and
    `AT_ONCE` of them read.
    """

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic, *,
                 most_seconds: float = MOST_SECONDS) -> None:  # fmt: skip
        self._seconds, self._now, self._most_seconds = seconds, now, most_seconds
        self._turns = BoundedSemaphore(AT_ONCE)
        self._pages: dict[Key, Page] = {}
        self._reading: dict[Key, Lock] = {}

    def fresh(self, environ: WSGIEnvironment) -> Page | None:
        """The page a request asks for, if it is kept and young enough."""
        page = self._pages.get(key_of(environ))
        return page if page is not None and self._now() < page.until else None

    def get(self, environ: WSGIEnvironment, endpoint: str, read: Callable[[], Response]) -> Page | Response:
        """The page a request asks for, read if need be; an answer other than 200 is given back and not kept.

        Raises `Busy` when its turn did not come.
        """
        key = key_of(environ)
        if sum(map(len, key)) > LONGEST:
            with self._turn():
                return read()
        with self._lock(key):
            page = self.fresh(environ)
            if page is not None:
                return page
            with self._turn():
                began = self._now()
                answer = read()
            if answer.status_code != 200:
                return answer
            page = _page(answer, endpoint, began + self._seconds)
            if self._seconds:
                self._pages[key] = page
            return page

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._most_seconds):
            raise Busy(retry_after=1)
        try:
            yield
        finally:
            self._turns.release()

    def _lock(self, key: Key) -> Lock:
        if len(self._reading) >= MOST:  # somebody asks for many different ones: those in demand are back at once
            self._pages.clear()
            self._reading.clear()
        return self._reading.setdefault(key, Lock())


def key_of(environ: WSGIEnvironment) -> Key:
    """Path and query as they came."""
    return environ["PATH_INFO"], environ["QUERY_STRING"]


def keeping(view: View) -> View:
    """A public view whose answers are kept for a moment; it must ask for nothing but its address."""

    @wraps(view)
    def kept(**arguments: Any) -> Response:
        pages: KeptPages = current_app.extensions[EXTENSION]
        found = pages.get(request.environ, request.endpoint or "", lambda: current_app.make_response(view(**arguments)))
        if isinstance(found, Response):
            return found
        status, headers, body = found.answer(request.environ)
        return Response(body, status, headers)

    kept.keeps = True  # type: ignore[attr-defined]  # the guard lets such a view be public only
    return kept


def _page(answer: Response, endpoint: str, until: float) -> Page:
    body = answer.get_data()
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = (
        ("Content-Type", answer.headers["Content-Type"]), ("Content-Length", str(len(body))), ("ETag", etag),
        ("Cache-Control", answer.headers.get("Cache-Control", "no-cache")),
    )  # fmt: skip
    return Page(body, endpoint, etag, headers, until)
