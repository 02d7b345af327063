"""A small JSON client: the expected status or an error that carries the answer; what is being checked is awaited."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import requests

TIMEOUT = 60
CHECK_SECONDS, LOOK_EVERY = 60, 0.2
Json = dict[str, Any]


class Unexpected(Exception):
    """An answer with another status than was expected; the message holds the refusal."""


class Client:
    """One caller of one server; POSTs carry a fresh idempotency key unless one is given."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url = base_url
        self._session = requests.Session()
        self._session.trust_env = False
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a 200."""
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """The JSON of a 2xx."""
        return self._ask("POST", path, json=body, headers={"Idempotency-Key": key or uuid4().hex})

    def put(self, path: str, body: Any) -> Any:
        """The JSON of a 2xx."""
        return self._ask("PUT", path, json=body)

    def delete(self, path: str) -> Any:
        """The JSON of a 2xx."""
        return self._ask("DELETE", path)

    def upload(self, path: str, files: dict[str, Any], fields: dict[str, str]) -> Any:
        """Send a form with files; the JSON of a 2xx."""
        return self._ask("POST", path, files=files, data=fields)

    def bytes_of(self, path: str) -> bytes:
        """The body of a 200 that is no JSON."""
        return self._send("GET", path).content

    def refused(self, status: int, method: str, path: str, body: Any = None) -> Json:
        """The problem of a refusal with exactly this status."""
        headers = {"Idempotency-Key": uuid4().hex} if method == "POST" else {}
        answer = self._session.request(method, self.base_url + path, json=body, headers=headers, timeout=TIMEOUT)
        if answer.status_code != status:
            raise Unexpected(f"{method} {path} -> {answer.status_code}, not {status}: {answer.text[:500]}")
        problem: Json = answer.json()
        return problem

    def pages(self, path: str, **query: Any) -> Iterator[Json]:
        """Every item of a paged list."""
        cursor = None
        while True:
            page = self.get(path, limit=100, **query, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = self._send(method, path, **more)
        return answer.json() if answer.content else None

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        end = time.monotonic() + CHECK_SECONDS
        while True:
            answer = self._session.request(method, self.base_url + path, timeout=TIMEOUT, **more)
            if not _is_checked(answer) or time.monotonic() > end:
                break
            time.sleep(LOOK_EVERY)
        if not answer.ok:
            raise Unexpected(f"{method} {path} -> {answer.status_code}: {answer.text[:500]}")
        return answer


def _is_checked(answer: requests.Response) -> bool:
    """Whether the platform still looks at words that must pass first: asked again in a moment, it goes on."""
    return answer.status_code == 409 and answer.json()["code"] == "being_checked"
