"""Reading the little HTTP that a live stream needs: one request's head, nothing after it."""

from __future__ import annotations

import re
from dataclasses import dataclass

LARGEST_HEAD = 8192
_LINE = re.compile(rb"([A-Z]{1,10}) (/[\x21-\x7e]*) HTTP/1\.[01]")
_FIELD = re.compile(rb"([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*?)[ \t]*")
_STREAM = re.compile(r"/api/resident/campaigns/([^/]+)/live")
_NUMBER = re.compile(r"[0-9]{1,18}")


class Malformed(Exception):
    """This is no HTTP request."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def campaign_id(self) -> str | None:
        """Whose count is wanted; None when the path is another."""
        found = _STREAM.fullmatch(self.path)
        return found[1] if found else None

    @property
    def seen(self) -> int:
        """The revision the client has (`Last-Event-ID`), -1 for none."""
        given = self.headers.get("last-event-id", "")
        return int(given) if _NUMBER.fullmatch(given) else -1


def read_head(head: bytes) -> Request:
    """The request whose head this is, without the empty line at its end; raises `Malformed`."""
    first, *lines = head.split(b"\r\n")
    asked = _LINE.fullmatch(first)
    fields = [_FIELD.fullmatch(line) for line in lines]
    if asked is None or not all(fields):
        raise Malformed
    headers = {field[1].decode().lower(): field[2].decode("latin-1") for field in fields if field}
    return Request(asked[1].decode(), asked[2].decode().partition("?")[0], headers)
