"""A log line is one JSON object with its request id, and masks what is personal."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from config.logging import configure
from tests.leaks import LogTail


@pytest.fixture
def lines(log_tail: LogTail) -> Iterator[io.StringIO]:
    """Where the log goes in this test; afterwards it goes where the suite reads it."""
    kept = [handler for handler in logging.getLogger().handlers if handler.get_name() == "lintuan"]
    stream = io.StringIO()
    configure("INFO", stream)
    yield stream
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if handler.get_name() != "lintuan"] + kept
    root.setLevel("DEBUG")
    structlog.contextvars.clear_contextvars()


def read(stream: io.StringIO) -> list[dict[str, object]]:
    """The lines as objects."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_carries_its_request_and_masks_personal_keys(lines: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="request-1")
    structlog.get_logger("lintuan.x").info("paid", phone="138", order={"openid": "o1", "fen": 5}, list=[{"token": "t"}])
    [line] = read(lines)
    assert line["request_id"] == "request-1"
    assert (line["phone"], line["order"], line["list"]) == ("***", {"openid": "***", "fen": 5}, [{"token": "***"}])


def test_a_library_s_line_looks_the_same(lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("slow %s", "query")
    assert [(line["event"], line["level"]) for line in read(lines)] == [("slow query", "warning")]


def test_an_exception_tells_its_type_and_place_but_not_its_words(lines: io.StringIO) -> None:
    try:
        raise ValueError("13800001234")
    except ValueError:
        logging.getLogger("some.library").exception("failed")
    [line] = read(lines)
    assert line["exception"] == "ValueError"
    assert "test_logging.py" in str(line["trace"])
    assert "13800001234" not in lines.getvalue()
