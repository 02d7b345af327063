"""One HTTP call to the outside world, and how its failures are read: not done, or fate unknown."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError

from services.ports import OutsideError, Unknown, Unreachable

# Its DEBUG lines show whole request lines, and with them webhook keys, tokens and login codes.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

_CONNECT_SECONDS = 3.0
_NEVER_CONNECTED = (ConnectTimeoutError, NameResolutionError, NewConnectionError)

T = TypeVar("T")


def timeouts(seconds: float) -> tuple[float, float]:
    """Connect and read time-outs in seconds; connecting never takes the whole time."""
    return min(_CONNECT_SECONDS, seconds), seconds


def attempt(what: str, call: Callable[[], T]) -> T:
    """Run one HTTP call; raises `Unreachable` when it never went out and `Unknown` when it may have.

    The failure is raised outside the handler, so that it drags no exception along whose text holds the address
    (and with it a key or a token).
    """
    try:
        return call()
    except requests.RequestException as error:
        failure = _failure(what, error)
    raise failure


def _failure(what: str, error: requests.RequestException) -> OutsideError:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return Unreachable(f"{what}: no connection")
    inner = error.args[0] if error.args else None
    if isinstance(inner, MaxRetryError) and isinstance(inner.reason, _NEVER_CONNECTED):
        return Unreachable(f"{what}: no connection")
    return Unknown(f"{what}: {type(error).__name__} after sending")


def retry_after(response: requests.Response) -> int:
    """The seconds of a `Retry-After` header, 0 when it is absent or a date."""
    value = response.headers.get("Retry-After", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0
