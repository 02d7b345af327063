"""Structured logs: one JSON object per line with its request id, and nothing personal in it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
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


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Writes what is not written yet; `tell_request` hands over its lines ready."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        ready: str | None = getattr(record, "ready", None)
        return ready if ready is not None else super().format(record)


def tell_request(method: str, endpoint: str, status: int, milliseconds: int, request_id: str) -> None:
    """The line of one answered request, past the processors: they cost more than the rest of a short request.

    Nothing in it comes from a client but the request id, which was checked, so nothing needs masking or escaping.
    """
    if not REQUESTS.isEnabledFor(logging.INFO):
        return
    record = logging.LogRecord(REQUESTS.name, logging.INFO, "", 0, "request", None, None)
    at = _STAMP(REQUESTS, "info", {})["timestamp"]
    record.ready = (
        f'{{"method": "{method}", "endpoint": "{endpoint}", "status": {status}, "ms": {milliseconds}, '
        f'"event": "request", "request_id": "{request_id}", "level": "info", "logger": "{REQUESTS.name}", '
        f'"timestamp": "{at}"}}'
    )
    REQUESTS.handle(record)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's logs to `stream` (standard error) as JSON lines."""
    structlog.configure(
        processors=[*shared_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.set_name("lintuan")
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(
        _Formatter(
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
