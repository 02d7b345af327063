"""A live stream over a real socket: newest first, nothing twice, nothing older, and nobody holds up the others."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest

from live.answers import HEARTBEAT, RETRY
from tests.leaks import LogTail
from tests.live.clients import FIRST, ORIGIN, OTHER, Counts, place, run


def test_a_watcher_hears_the_count_at_once_and_every_newer_one() -> None:
    async def scenario() -> None:
        counts = Counts()
        async with place(counts) as at:
            client = await at.watch()
            assert client.headers["Content-Type"] == "text/event-stream; charset=utf-8"
            assert client.headers["Cache-Control"] == "no-store"
            assert await client.event() == {"id": FIRST, "revision": 1}
            counts.rows[FIRST] = {"revision": 2, "name": "蟹"}
            assert await client.event() == {"id": FIRST, "revision": 2, "name": "蟹"}
            assert at.told == [("GET", "live.stream", 200)]

    run(scenario)


def test_each_watcher_hears_of_its_own_campaign() -> None:
    async def scenario() -> None:
        counts = Counts()
        async with place(counts) as at:
            one, other = await at.watch(FIRST), await at.watch(OTHER)
            assert [(await one.event())["revision"], (await other.event())["revision"]] == [1, 5]
            counts.rows[OTHER] = {"revision": 6}
            assert (await other.event())["revision"] == 6
            counts.rows[FIRST] = {"revision": 2}
            assert (await one.event())["revision"] == 2

    run(scenario)


def test_an_older_count_is_never_sent_after_a_newer_one() -> None:
    async def scenario() -> None:
        counts = Counts()
        async with place(counts) as at:
            client = await at.watch(OTHER)
            assert (await client.event())["revision"] == 5
            counts.rows[OTHER] = {"revision": 4}
            await at.looks(counts, 2)
            counts.rows[OTHER] = {"revision": 6}
            assert (await client.event())["revision"] == 6

    run(scenario)


@pytest.mark.parametrize(("seen", "hears"), [("5", 6), ("4", 5), ("nonsense", 5), ("9" * 30, 5), ("", 5)])
def test_who_comes_back_hears_only_what_is_news(seen: str, hears: int) -> None:
    async def scenario() -> None:
        counts = Counts()
        async with place(counts) as at:
            client = await at.watch(OTHER, Last_Event_ID=seen)
            await at.looks(counts, 1)
            counts.rows[OTHER] = {"revision": 6}
            assert (await client.event())["revision"] == hears

    run(scenario)


def test_who_does_not_keep_up_gets_the_newest_and_nothing_in_between() -> None:
    async def scenario() -> None:
        counts, ballast = Counts(), "x" * 1_000_000
        async with place(counts, slow_seconds=60) as at:
            client = await at.watch()
            for revision in range(2, 12):
                counts.rows[FIRST] = {"revision": revision, "ballast": ballast}
                await at.looks(counts, 2)
            revisions = [(await client.event())["revision"]]
            while revisions[-1] != 11:
                revisions.append((await client.event())["revision"])
            assert revisions == sorted(revisions)
            assert len(revisions) < 5

    run(scenario)


def test_who_takes_nothing_for_too_long_is_dropped_and_the_others_are_not() -> None:
    async def scenario() -> None:
        counts = Counts()
        async with place(counts, slow_seconds=0.2) as at:
            slow, good = await at.watch(FIRST), await at.watch(OTHER)
            counts.rows[FIRST] = {"revision": 2, "ballast": "x" * 2_000_000}
            assert (await good.event())["revision"] == 5
            await at.until(lambda: at.hub.streams == 1)
            with pytest.raises(ConnectionError):
                while True:
                    await slow.event()
            counts.rows[OTHER] = {"revision": 6}
            assert (await good.event())["revision"] == 6

    run(scenario)


def test_a_quiet_stream_shows_that_it_lives() -> None:
    async def scenario() -> None:
        async with place(Counts(), beat_seconds=0.02) as at:
            client = await at.watch()
            await client.event()
            assert await client.block() + b"\n\n" == HEARTBEAT
            assert await client.block() + b"\n\n" == HEARTBEAT

    run(scenario)


def test_the_house_holds_so_many_and_says_so_to_the_next() -> None:
    async def scenario() -> None:
        async with place(Counts(), streams=2) as at:
            first, second = await at.watch(), await at.watch(OTHER)
            refused = await at.watch()
            assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
            problem = json.loads(await refused.rest())
            assert (problem["code"], problem["detail"]) == ("busy", "现在人有点多，请稍后再试。")
            assert problem["request_id"] == refused.headers["X-Request-ID"]
            second.leave()
            await at.until(lambda: at.hub.streams == 1)
            assert (await at.watch()).status == 200
            assert await first.event() == {"id": FIRST, "revision": 1}

    run(scenario)


def test_a_campaign_nobody_watches_any_more_is_not_looked_at() -> None:
    async def scenario() -> None:
        counts = Counts()
        async with place(counts) as at:
            client = await at.watch()
            client.leave()
            await at.until(lambda: at.hub.campaigns == 0)
            await (await at.watch(OTHER)).event()
            counts.asked.clear()
            await at.looks(counts, 2)
            assert set(counts.asked) == {(OTHER,)}

    run(scenario)


def test_many_who_come_at_once_look_once() -> None:
    async def scenario() -> None:
        counts = Counts()
        async with place(counts, streams=50, poll_seconds=60) as at:
            clients = await asyncio.gather(*(at.watch() for _ in range(50)))
            assert {(await client.event())["revision"] for client in clients} == {1}
            assert counts.looks == 1

    run(scenario)


def test_streams_stay_while_the_database_is_away_and_hear_again_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch, log_tail: LogTail
) -> None:
    monkeypatch.setattr("live.server.TROUBLE_SECONDS", 0)

    async def scenario() -> None:
        counts = Counts()
        async with place(counts) as at:
            client = await at.watch()
            await client.event()
            counts.broken = True
            await at.looks(counts, 3)
            newcomer = await at.watch(OTHER)
            assert (newcomer.status, newcomer.headers["Retry-After"]) == (503, "5")
            counts.rows[FIRST], counts.broken = {"revision": 2}, False
            assert (await client.event())["revision"] == 2
            assert at.hub.streams == 1

    run(scenario)
    assert {"cannot look", "no first count"} <= {json.loads(line)["event"] for line in log_tail.text().splitlines()}


def test_a_stream_that_ends_says_when_to_come_back() -> None:
    async def scenario() -> None:
        async with place(Counts()) as at:
            client = await at.watch()
            assert await client.block() + b"\n\n" == RETRY
        assert b"data: " in await client.rest()

    run(scenario)


def test_a_connection_that_says_nothing_is_put_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live.stream.HEAD_SECONDS", 0.01)

    async def scenario() -> None:
        async with place(Counts()) as at:
            reader, writer = await at.connect()
            writer.write(b"GET / HT")
            assert await reader.read() == b""

    run(scenario)


def test_more_connections_than_there_is_room_for_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live.server.SPARE_CONNECTIONS", 0)

    async def scenario() -> None:
        async with place(Counts(), streams=1) as at:
            client = await at.watch()
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await at.watch()
            assert await client.event() == {"id": FIRST, "revision": 1}

    run(scenario)


def test_a_page_of_ours_may_listen_and_another_may_not() -> None:
    async def scenario() -> None:
        async with place(Counts()) as at:
            ours, other = await at.watch(Origin=ORIGIN), await at.watch(Origin="https://elsewhere.example")
            asked = await at.ask(f"/api/resident/campaigns/{FIRST}/live", "OPTIONS", Origin=ORIGIN)
            assert (ours.headers["Access-Control-Allow-Origin"], ours.headers["Vary"]) == (ORIGIN, "Origin")
            assert (other.status, other.headers.get("Access-Control-Allow-Origin")) == (200, None)
            assert (asked.status, asked.headers["Access-Control-Allow-Headers"]) == (204, "Last-Event-ID")

    run(scenario)


def test_small_packets_make_one_head() -> None:
    async def scenario() -> None:
        async with place(Counts()) as at:
            reader, writer = await at.connect()
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n":
                writer.write(bytes([byte]))
                await writer.drain()
            assert (await reader.read()).endswith(b'{"status": "alive", "streams": 0, "campaigns": 0}')

    run(scenario)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", f"/api/resident/campaigns/{FIRST}", 404),
        ("GET", "/api/resident/campaigns/cmp_01m8b057g0619z9byd2tds3x1f/live", 404),
        ("POST", f"/api/resident/campaigns/{FIRST}/live", 405),
        ("get", "/livez", 400),
        ("GET", "/livez\nX: y", 400),
        ("GET", "livez", 400),
        ("GET", "/" + "x" * 9000, 431),
    ],
)
def test_what_is_no_stream_is_refused_as_a_problem(method: str, path: str, status: int) -> None:
    async def scenario() -> None:
        async with place(Counts()) as at:
            answer = await at.ask(path, method)
            assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
            assert json.loads(await answer.rest())["status"] == status
            assert [each[2] for each in at.told] == [status]

    run(scenario)
