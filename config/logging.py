"""Structured logs: one JSON object per line with its request id, and nothing personal in it."""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASKED = "***"
PERSONAL = frozenset({
    "phone", "openid", "unionid", "token", "code", "js_code", "session_key", "nickname", "name", "authorization",
    "password", "secret", "address", "body", "headers", "cookie", "query", "query_string", "key", "access_token",
})  # fmt: skip
REQUESTS = logging.getLogger("lintuan.http")
_STAMP = structlog.processors.TimeStamper(fmt="iso", utc=True)


def mask_personal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank the values of keys that name something personal or secret, however deep they stand."""
    return {key: _masked(key, value) for key, value in event.items()}


def _masked(key: str, value: Any) -> Any:
    if key.lower() in PERSONAL:
        return MASKED
    if isinstance(value, Mapping):
        return {name: _masked(str(name), inner) for name, inner in value.items()}
    return [_masked("", item) for item in value] if isinstance(value, list | tuple) else value


def tell_exception_without_its_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and where it was raised: messages and parameters may hold personal data."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        event["trace"] = _frames(error)
    return event


def _frames(error: BaseException) -> list[str]:
    frames: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-12:]


def shared_processors() -> list[Processor]:
    """What every line goes through, ours and the libraries'."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_exception_without_its_values,
        mask_personal,
    ]


class _Together(logging.StreamHandler[TextIO]):
    """Writes lines in the order of their arrival, at once, and those that arrive meanwhile together.

    The usual handler makes every thread wait for the one that writes; here only who writes does, for all the others.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._waiting: deque[str] = deque()
        self._writing = Lock()

    def handle(self, record: logging.LogRecord) -> bool:
        """Format and write a record."""
        self.say(self.format(record))
        return True

    def say(self, line: str) -> None:
        """Write a line, or leave it to the thread that writes; where nothing can be written, requests go on."""
        self._waiting.append(line + self.terminator)
        # Who lets go looks once more: a line that came too late for the last look would wait for the next one.
        while self._waiting and self._writing.acquire(blocking=False):
            try:
                with suppress(OSError, ValueError):  # the reader has gone, or the stream is closed
                    self._write()
            finally:
                self._writing.release()

    def _write(self) -> None:
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self.stream.write("".join(lines))
        self.stream.flush()


def tell_request(method: str, endpoint: str, status: int, milliseconds: int, request_id: str) -> None:
    """The line of one answered request, past the processors: they cost more than the rest of a short request.

    Nothing in it comes from a client but the request id, which was checked, so nothing needs masking or escaping.
    """
    if not REQUESTS.isEnabledFor(logging.INFO):
        return
    at = _STAMP(REQUESTS, "info", {})["timestamp"]
    line = (
        f'{{"method": "{method}", "endpoint": "{endpoint}", "status": {status}, "ms": {milliseconds}, '
        f'"event": "request", "request_id": "{request_id}", "level": "info", "logger": "{REQUESTS.name}", '
        f'"timestamp": "{at}"}}'
    )
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Together):
            handler.say(line)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's logs to `stream` (standard error) as JSON lines."""
    structlog.configure(
        processors=[*shared_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _Together(stream or sys.stderr)
    handler.set_name("lintuan")
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_processors(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if kept.get_name() != "lintuan"] + [handler]
    root.setLevel(level.upper())
    for noisy in ("urllib3", "werkzeug", "apscheduler", "waitress.queue"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # A sweep that is still at work misses its turn: that is the schedule's way of waiting, not a warning.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
