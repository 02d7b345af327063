"""Public pages are kept as bytes for a moment: never longer, never for one person, and never twice read at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, Response

from blueprints.shared.guards import AUDIENCES, PUBLIC, audience_of, open_to
from blueprints.shared.kept import AT_ONCE, EXTENSION, LONGEST, PAGE_BYTES, KeptPages, Page, keeping
from domain.errors import Busy

GET = {"REQUEST_METHOD": "GET", "PATH_INFO": "/page", "QUERY_STRING": ""}


class Reader:
    """Answers a growing number, and counts."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.reads = status, 0

    def __call__(self) -> Response:
        self.reads += 1
        return Response(f"{self.reads}", self.status, mimetype="application/json")


@dataclass(frozen=True)
class Said:
    """What was told of a page."""

    body: bytes


class Listed:
    """Tells the pages below `/page` of which it knows what they say, and counts."""

    prefix, endpoint = "/page", "told"

    def __init__(self, **said: bytes) -> None:
        self.said, self.times = said, 0

    def tell(self, _path: str, query: str, before: Said | None) -> Said | None:
        """Raises nothing."""
        self.times += 1
        body = self.said.get(query)
        if body is None:
            return None
        return before if before and before.body == body else Said(body)


class Watch:
    """A clock that goes on when it is told."""

    def __init__(self) -> None:
        self.now, self.asked = 1000.0, 0

    def __call__(self) -> float:
        now = self.now
        self.asked += 1
        return now


def test_a_page_is_kept_until_it_is_too_old_counted_from_before_it_was_read() -> None:
    watch, reader = Watch(), Reader()

    def slowly() -> Response:
        watch.now += 0.06
        return reader()

    pages = KeptPages(0.1, watch)
    assert pages.fresh(GET) is None
    first = pages.get(GET, "here", slowly)
    watch.now += 0.03
    assert pages.fresh(GET) is pages.get(GET, "here", slowly) is first
    watch.now += 0.011
    assert pages.fresh(GET) is None
    second = pages.get(GET, "here", slowly)
    assert isinstance(first, Page) and isinstance(second, Page)
    assert (first.body, second.body) == (b"1", b"2")


def test_another_address_is_another_page() -> None:
    pages, reader = KeptPages(0.1, Watch()), Reader()
    for changed in ({}, {"QUERY_STRING": "via=x"}, {"PATH_INFO": "/other"}):
        pages.get({**GET, **changed}, "here", reader)
    assert reader.reads == 3


def test_a_refusal_is_not_kept() -> None:
    pages, reader = KeptPages(0.1, Watch()), Reader(status=404)
    assert [pages.get(GET, "here", reader) for _ in range(2)] != []
    assert (reader.reads, pages.fresh(GET)) == (2, None)


def test_nothing_is_kept_for_no_time() -> None:
    pages, reader = KeptPages(0, Watch()), Reader()
    pages.get(GET, "here", reader)
    pages.get(GET, "here", reader)
    assert reader.reads == 2


def test_made_up_addresses_do_not_fill_the_memory() -> None:
    pages, reader = KeptPages(0.1, Watch(), most_bytes=10 * (PAGE_BYTES + 3)), Reader()
    for number in range(30):
        pages.get({**GET, "QUERY_STRING": f"via={number}"}, "here", reader)
        pages.get({**GET, "PATH_INFO": f"/{number}"}, "here", Reader(404))
    assert [pages.fresh({**GET, "QUERY_STRING": f"via={number}"}) is not None for number in range(30)] == [
        *[False] * 20, *[True] * 10,
    ]  # fmt: skip
    assert len(pages._reading) == 0


def test_a_page_that_is_read_again_weighs_once() -> None:
    watch, reader = Watch(), Reader()
    pages = KeptPages(0.1, watch, most_bytes=2 * (PAGE_BYTES + 3))
    for _ in range(5):
        watch.now += 1
        pages.get({**GET, "PATH_INFO": "/other"}, "here", Reader())
        watch.now += 1
        pages.get(GET, "here", reader)
    watch.now -= 1
    assert pages.fresh(GET) is not None and pages.fresh({**GET, "PATH_INFO": "/other"}) is not None


def test_nothing_is_remembered_of_an_endless_address() -> None:
    pages, reader = KeptPages(0.1, Watch()), Reader()
    endless = {**GET, "QUERY_STRING": "via=" + "x" * LONGEST}
    for _ in range(2):
        assert isinstance(pages.get(endless, "here", reader), Response)
    assert (reader.reads, len(pages._pages), pages._reading) == (2, 0, {})


def test_one_thread_reads_and_the_others_wait_for_it() -> None:
    reader, inside, go = Reader(), threading.Event(), threading.Event()

    def slowly() -> Response:
        inside.set()
        go.wait(60)
        return reader()

    pages = KeptPages(0.1, Watch())
    seen: list[Any] = []
    threads = [threading.Thread(target=lambda: seen.append(pages.get(GET, "here", slowly))) for _ in range(8)]
    for thread in threads:
        thread.start()
    inside.wait(60)
    go.set()
    for thread in threads:
        thread.join(60)
    assert (reader.reads, len(seen), len(set(map(id, seen)))) == (1, 8, 1)


@pytest.mark.parametrize("told", [False, True])
def test_who_waits_takes_what_was_asked_for_after_they_came_however_long_it_took(told: bool) -> None:
    watch = Watch()

    class Slow(Listed):
        def tell(self, path: str, query: str, before: Said | None) -> Said | None:
            while watch.asked < 3:  # the second one has come: it looked at the clock
                threading.Event().wait(0.001)
            watch.now += 0.2
            return super().tell(path, query, None)

    pages, teller = KeptPages(0.1, watch), Slow(**{"": b"1"})
    if told:
        pages.teller = teller

    def ask() -> object:
        return pages.at_hand(GET) or pages.get(GET, "here", lambda: Response(teller.tell("", "", None).body))  # type: ignore[union-attr]  # it knows

    with ThreadPoolExecutor(2) as pool:
        first, second = [each.result(60) for each in [pool.submit(ask), pool.submit(ask)]]
    assert (first is second, teller.times) == (True, 1)
    assert ask() is not first, "who comes later has it asked for again"


def test_so_many_pages_are_read_at_once_and_the_next_one_waits_for_its_turn() -> None:
    inside, go = threading.Barrier(AT_ONCE + 1), threading.Event()

    def slowly() -> Response:
        inside.wait(60)
        go.wait(60)
        return Response("here")

    pages = KeptPages(0.1, Watch(), most_seconds=0)
    threads = [threading.Thread(target=pages.get, args=({**GET, "PATH_INFO": f"/{number}"}, "here", slowly))
               for number in range(AT_ONCE)]  # fmt: skip
    for thread in threads:
        thread.start()
    inside.wait(60)
    reader = Reader()
    for address in (GET, {**GET, "QUERY_STRING": "x" * LONGEST}):
        with pytest.raises(Busy):
            pages.get(address, "here", reader)
    go.set()
    for thread in threads:
        thread.join(60)
    assert reader.reads == 0
    assert isinstance(pages.get(GET, "here", reader), Page)


def test_a_read_that_fails_gives_its_turn_back() -> None:
    pages = KeptPages(0.1, Watch(), most_seconds=0)
    for _ in range(2 * AT_ONCE):
        with pytest.raises(ZeroDivisionError):
            pages.get(GET, "here", lambda: Response(str(1 / 0)))
    assert isinstance(pages.get(GET, "here", Reader()), Page)


def test_who_knows_the_bytes_is_not_sent_them_again() -> None:
    page = KeptPages(0.1, Watch()).get(GET, "here", Reader())
    assert isinstance(page, Page)
    status, headers, body = page.answer({**GET, "HTTP_IF_NONE_MATCH": f'"other", W/{page.etag}'})
    assert (status, body) == ("304 NOT MODIFIED", b"")
    assert dict(headers) == {"ETag": page.etag, "Cache-Control": "no-cache"}
    assert page.answer({**GET, "HTTP_IF_NONE_MATCH": '"other"'})[0] == "200 OK"


def test_what_a_teller_knows_is_told_at_its_age_and_anew_when_it_changed() -> None:
    watch, teller = Watch(), Listed(q=b"1")
    pages, ask = KeptPages(0.1, watch), {**GET, "QUERY_STRING": "q"}
    pages.teller = teller
    first = pages.at_hand(ask)
    assert first is not None and (first.body, first.endpoint) == (b"1", "told")
    watch.now += 0.09
    assert (pages.at_hand(ask), teller.times) == (first, 1)
    watch.now += 0.02
    assert (pages.at_hand(ask), teller.times) == (first, 2)
    watch.now += 0.09
    assert (pages.fresh(ask), teller.times) == (first, 2)
    watch.now, teller.said["q"] = watch.now + 0.02, b"two"
    second = pages.at_hand(ask)
    assert second is not None and (second.body, dict(second.headers)["Content-Length"]) == (b"two", "3")


def test_the_age_of_a_told_page_counts_from_before_it_was_asked_for() -> None:
    watch, teller = Watch(), Listed(q=b"1")

    class Slow(Listed):
        def tell(self, path: str, query: str, before: Said | None) -> Said | None:
            watch.now += 0.06
            return teller.tell(path, query, before)

    pages, ask = KeptPages(0.1, watch), {**GET, "QUERY_STRING": "q"}
    pages.teller = Slow()
    for _ in range(2):
        told = pages.at_hand(ask)
        watch.now += 0.03
        assert pages.fresh(ask) is told is not None
        watch.now += 0.02
        assert pages.fresh(ask) is None


def test_what_a_teller_does_not_know_is_left_to_flask() -> None:
    watch, teller, reader = Watch(), Listed(q=b"1"), Reader()
    pages = KeptPages(0.1, watch)
    pages.teller = teller
    elsewhere, endless = {**GET, "PATH_INFO": "/other"}, {**GET, "QUERY_STRING": "x" * (LONGEST + 1)}
    assert [pages.at_hand(ask) for ask in (GET, elsewhere, endless)] == [None] * 3
    assert teller.times == 1
    kept = pages.get(GET, "here", reader)
    assert pages.at_hand(GET) is kept
    assert KeptPages(0, watch).at_hand(GET) is None


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_one_person_sees_cannot_be_kept(audience: str) -> None:
    with pytest.raises(ValueError, match="would be kept for all"):
        open_to(audience)(keeping(lambda: Response("mine")))
    assert audience_of(open_to(PUBLIC)(keeping(lambda: Response("ours")))) == PUBLIC


def test_only_these_routes_are_kept(app: Flask) -> None:
    kept = {name for name, view in app.view_functions.items() if getattr(view, "keeps", False)}
    assert kept == {"resident.campaign", "resident.roster", "resident.open_campaigns", "mobile.campaign"}
    assert app.extensions[EXTENSION].teller.endpoint in kept
