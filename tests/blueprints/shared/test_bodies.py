"""A body is read whole and once, however the server hands it out."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from blueprints.shared.bodies import DEEPEST, read_object
from domain.errors import Invalid

BODY = b'{"name": "fruit", "units": [1, 2, 3]}'
READ = {"name": "fruit", "units": [1, 2, 3]}


class _Body:
    """A server's body, handed out in pieces; it counts how often it is asked."""

    def __init__(self, content: bytes, piece: int = 1000, *, breaks: bool = False) -> None:
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


def request(body: _Body, length: int | None, **more: Any) -> Request:
    """A POST of JSON whose length is told unless it is None."""
    told = {} if length is None else {"CONTENT_LENGTH": str(length)}
    asked = Request({
        "REQUEST_METHOD": "POST", "PATH_INFO": "/", "SERVER_NAME": "x", "SERVER_PORT": "80", "wsgi.url_scheme": "http",
        "CONTENT_TYPE": "application/json", "wsgi.input": body, "wsgi.input_terminated": True, **told, **more,
    })  # fmt: skip
    asked.max_content_length = 200
    return asked


def test_a_body_of_told_length_is_asked_for_once() -> None:
    body = _Body(BODY)
    asked = request(body, len(BODY))
    assert (read_object(asked), read_object(asked), body.asked) == (READ, READ, 1)
    assert asked.get_data() == BODY


@pytest.mark.parametrize("length", [len(BODY), None])
def test_a_body_in_pieces_is_put_together(length: int | None) -> None:
    told = {} if length else {"HTTP_TRANSFER_ENCODING": "chunked"}
    assert read_object(request(_Body(BODY, 5), length, **told)) == READ


def test_a_body_that_ends_early_is_not_json() -> None:
    with pytest.raises(Invalid):
        read_object(request(_Body(BODY[:-3]), len(BODY)))


def test_a_client_that_goes_away_is_refused() -> None:
    with pytest.raises(ClientDisconnected):
        read_object(request(_Body(BODY, breaks=True), len(BODY)))


def test_a_body_that_is_too_long_is_not_read() -> None:
    body = _Body(b"{" + b" " * 400)
    with pytest.raises(RequestEntityTooLarge):
        read_object(request(body, 401))
    assert body.asked == 0


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b'{"a": "\\u0000"}', True),
        (b'{"a": "\\ud800"}', True),
        (b'{"a": "\xed\xa0\x80"}', True),
        (b'{"\\u0000": 1}', True),
        (b'{"a": "\\u4e2d"}', False),
        (b'{"a": NaN}', True),
        (b'{"a": ' + b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1) + b"}", True),
        (b'{"a": ' + b"[" * DEEPEST + b"]" * DEEPEST + b"}", False),
        (b'{"a": [' + b"[]," * DEEPEST + b"1]}", False),
        (b"", False),
        (b"\xff", True),
        (b"\xef\xbb\xbf{}", False),
    ],
)
def test_what_no_column_can_hold_is_refused(content: bytes, refused: bool) -> None:
    asked = request(_Body(content), len(content))
    if refused:
        with pytest.raises(Invalid):
            read_object(asked)
    else:
        assert isinstance(read_object(asked), dict)
