"""A log line is one JSON object with its request id, and masks what is personal."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from threading import Event, Thread

import pytest
import structlog

from config.logging import configure, tell_request
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


class _SlowStream(io.StringIO):
    """A stream whose first write takes until `go_on` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = Event(), Event()

    def write(self, text: str) -> int:
        """Write, the first time late."""
        if not self.begun.is_set():
            self.begun.set()
            self.go_on.wait(60)
        return super().write(text)


def test_nobody_waits_for_a_line_that_is_being_written(lines: io.StringIO) -> None:
    stream = _SlowStream()
    configure("INFO", stream)
    first = Thread(target=logging.getLogger("a").warning, args=("first",))
    first.start()
    assert stream.begun.wait(60)
    logging.getLogger("b").warning("second")
    tell_request("GET", "x", 200, 1, "request-1")
    assert stream.getvalue() == ""
    stream.go_on.set()
    first.join(60)
    assert [line["event"] for line in read(stream)] == ["first", "second", "request"]


def test_each_line_of_many_threads_is_written_once_and_whole(lines: io.StringIO) -> None:
    def tell(who: int) -> None:
        for number in range(50):
            tell_request("GET", f"t{who}", 200, number, "request-1")

    threads = [Thread(target=tell, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    said = [(line["endpoint"], line["ms"]) for line in read(lines)]
    assert len(said) == 400
    for who in range(8):
        assert [ms for endpoint, ms in said if endpoint == f"t{who}"] == list(range(50))


def test_a_log_that_cannot_be_written_fails_no_request(lines: io.StringIO) -> None:
    lines.close()
    tell_request("GET", "x", 200, 1, "request-1")
    stream = io.StringIO()
    configure("INFO", stream)
    tell_request("GET", "x", 200, 1, "request-2")
    assert [line["request_id"] for line in read(stream)] == ["request-2"]
