"""Public answers kept as bytes for a moment: what hundreds ask at once is read from the database once per worker.

What a `Teller` knows is answered without Flask even when it is too old, and not made anew where nothing changed.
Nothing personal can be among them: only routes open to everybody are kept, under nothing but their address.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any, Protocol

from flask import Response, current_app, request

from domain.errors import Busy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST_BYTES = 12_000_000
"""So much of a worker's memory is filled with pages: 4096 of campaigns with one offer, which take 2.9 KB each."""
PAGE_BYTES = 1_300
"""What a page takes besides its body: address, headers, digests."""
LONGEST = 1024  # characters of an address; nobody's page has a longer one, and who makes such up fills no memory
AT_ONCE = 4
"""So many pages of a worker are read at a time. More get in each other's way and in that of those who order: with 32
at a time a page costs a quarter more, in the database alone twice as much."""
MOST_SECONDS = 10.0
"""So long a page waits for its turn to be read, as for a connection."""
EXTENSION = "lintuan_kept"
Key = tuple[str, str]
View = Callable[..., Any]


class Told(Protocol):
    """What a `Teller` told of one page."""

    @property
    def body(self) -> bytes:
        """The page, as JSON."""


class Teller(Protocol):
    """Tells pages without Flask: those of one public route, at paths that begin with `prefix`."""

    prefix: str
    endpoint: str

    def tell(self, path: str, query: str, before: Any) -> Told | None:
        """What a page says now: `before`, which was told last, when that is the same; None when Flask has to be asked.

        It refuses nothing and raises nothing: Flask does.
        """


@dataclass(slots=True)
class Page:
    """One answer: its bytes, the route that gave it, its headers; `etag` names exactly these bytes.

    It is young until `until`, and `told` where a teller told it.
    """

    body: bytes
    endpoint: str
    etag: str
    headers: tuple[tuple[str, str], ...]
    until: float
    told: Told | None = None

    def answer(self, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body for a request, which may know these bytes already."""
        if self.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return "304 NOT MODIFIED", [pair for pair in self.headers if not pair[0].startswith("Content-")], b""
        return "200 OK", list(self.headers), self.body

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes."""
        return len(self.body) + PAGE_BYTES


class KeptPages:
    """The pages of one worker by path and query, none older than `seconds` (0 keeps nothing).

    The age counts from before the page was read. One thread reads a page again while the others wait for it, and
    `AT_ONCE` of them read. The pages weigh `most_bytes` at most; those kept longest make room.
    `teller` spares Flask those that it knows.
    """

    teller: Teller | None = None

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic, *,
                 most_seconds: float = MOST_SECONDS, most_bytes: int = MOST_BYTES) -> None:  # fmt: skip
        self._seconds, self._now, self._most_seconds = seconds, now, most_seconds
        self._turns = BoundedSemaphore(AT_ONCE)
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._bytes, self._most_bytes = 0, most_bytes
        self._changing = Lock()
        self._reading: dict[Key, Lock] = {}

    def fresh(self, environ: WSGIEnvironment) -> Page | None:
        """The page a request asks for, if it is kept and young enough."""
        page = self._pages.get(key_of(environ))
        return page if page is not None and self._now() < page.until else None

    def at_hand(self, environ: WSGIEnvironment) -> Page | None:
        """The page a request asks for, if it is kept and young enough or can be told; None: ask Flask."""
        key = key_of(environ)
        page = self._pages.get(key)
        if page is not None and self._now() < page.until:
            return page
        teller = self.teller
        if teller is None or not self._seconds or not key[0].startswith(teller.prefix) or len(key[1]) > LONGEST:
            return None
        came = self._now()
        with self._alone(key):
            page = self._pages.get(key)
            return page if page is not None and self._young(page, came) else self._told(teller, key, page)

    def _young(self, page: Page, came: float) -> bool:
        """Whether it may be told to who came then: it is young, or was asked for no earlier than that.

        Else a page that takes longer than it is kept would be read once for each who waits, one after the other.
        """
        return self._now() < page.until or came + self._seconds <= page.until

    def _told(self, teller: Teller, key: Key, page: Page | None) -> Page | None:
        until = self._now() + self._seconds
        told = teller.tell(*key, page and page.told)
        if told is None:
            return None
        if page is not None and told is page.told:
            page.until = until
            return page
        return self._keep(key, _page(told.body, {"Content-Type": "application/json"}, teller.endpoint, until, told))

    def get(self, environ: WSGIEnvironment, endpoint: str, read: Callable[[], Response]) -> Page | Response:
        """The page a request asks for, read if need be; an answer other than 200 is given back and not kept.

        Raises `Busy` when its turn did not come.
        """
        key = key_of(environ)
        if sum(map(len, key)) > LONGEST:
            with self._turn():
                return read()
        came = self._now()
        with self._alone(key):
            page = self._pages.get(key)
            if page is not None and self._young(page, came):
                return page
            with self._turn():
                began = self._now()
                answer = read()
            if answer.status_code != 200:
                return answer
            return self._keep(key, _page(answer.get_data(), dict(answer.headers), endpoint, began + self._seconds))

    def _keep(self, key: Key, page: Page) -> Page:
        if not self._seconds:
            return page
        with self._changing:
            before = self._pages.pop(key, None)
            self._pages[key] = page
            self._bytes += page.weight - (before.weight if before else 0)
            while self._bytes > self._most_bytes:
                self._bytes -= self._pages.popitem(last=False)[1].weight
        return page

    @contextmanager
    def _alone(self, key: Key) -> Iterator[None]:
        """One thread at a time; who waited finds the page young and leaves at once."""
        lock = self._reading.setdefault(key, Lock())
        try:
            with lock:
                yield
        finally:
            self._reading.pop(key, None)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._most_seconds):
            raise Busy(retry_after=1)
        try:
            yield
        finally:
            self._turns.release()


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


def _page(body: bytes, said: Mapping[str, str], endpoint: str, until: float, told: Told | None = None) -> Page:
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = (
        ("Content-Type", said["Content-Type"]), ("Content-Length", str(len(body))), ("ETag", etag),
        ("Cache-Control", said.get("Cache-Control", "no-cache")),
    )  # fmt: skip
    return Page(body, endpoint, etag, headers, until, told)
