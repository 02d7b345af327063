"""A callback's body is read whole, byte for byte, and no further than it was told to be long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from blueprints.webhooks.callbacks import MOST_BYTES, raw_body

BODY = b'{"id": "\xff"}\n'


class _Body:
    """A server's body, handed out in pieces; it counts how often it is asked."""

    def __init__(self, content: bytes, piece: int = MOST_BYTES, *, breaks: bool = False) -> None:
        self._left, self._piece, self._breaks = content, piece, breaks
        self.asked = 0

    def read(self, size: int) -> bytes:
        """The next piece."""
        self.asked += 1
        if self._breaks:
            raise OSError("gone")
        size = min(size, self._piece)
        piece, self._left = self._left[:size], self._left[size:]
        return piece


@contextmanager
def called(body: _Body, length: int | None) -> Iterator[None]:
    """A callback under way, its length told unless it is None."""
    told = {"HTTP_TRANSFER_ENCODING": "chunked"} if length is None else {"CONTENT_LENGTH": str(length)}
    with Flask("hooks").request_context({
        "REQUEST_METHOD": "POST", "PATH_INFO": "/", "SERVER_NAME": "x", "SERVER_PORT": "80", "wsgi.url_scheme": "http",
        "wsgi.input": body, "wsgi.input_terminated": True, **told,
    }):  # fmt: skip
        yield


def test_a_body_of_told_length_is_asked_for_once() -> None:
    body = _Body(BODY)
    with called(body, len(BODY)):
        assert (raw_body(), body.asked) == (BODY, 1)


@pytest.mark.parametrize("length", [len(BODY), None])
def test_a_body_in_pieces_is_put_together(length: int | None) -> None:
    with called(_Body(BODY, 5), length):
        assert raw_body() == BODY


def test_a_body_that_ends_early_is_what_came_of_it() -> None:
    with called(_Body(BODY[:-3]), len(BODY)):
        assert raw_body() == BODY[:-3]


def test_a_client_that_goes_away_is_refused() -> None:
    with called(_Body(BODY, breaks=True), len(BODY)), pytest.raises(ClientDisconnected):
        raw_body()


def test_a_body_that_is_told_to_be_too_long_is_not_read() -> None:
    body = _Body(b" " * (MOST_BYTES + 1))
    with called(body, MOST_BYTES + 1), pytest.raises(RequestEntityTooLarge):
        raw_body()
    assert body.asked == 0


def test_of_an_endless_body_no_more_is_taken() -> None:
    with called(_Body(b" " * (2 * MOST_BYTES)), None):
        assert len(raw_body()) == MOST_BYTES


@pytest.mark.parametrize("length", [MOST_BYTES, None])
def test_the_longest_body_is_taken(length: int | None) -> None:
    with called(_Body(b" " * MOST_BYTES, 1000), length):
        assert raw_body() == b" " * MOST_BYTES


@pytest.mark.parametrize("length", [0, None])
def test_no_body_is_an_empty_one(length: int | None) -> None:
    with called(_Body(b""), length):
        assert raw_body() == b""
