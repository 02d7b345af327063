"""Counters and kept tokens: one contract, in memory and on a Redis-protocol server."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from integrations.counters import MemoryCounters
from integrations.redis_backed import RedisCounters, RedisTokens, connect
from integrations.wechat.tokens import MemoryTokens, TokenStore
from services.ports import Counters, Unreachable
from tests.integrations.local_server import closed_port


@pytest.fixture(params=["memory", "redis"])
def counters(request: pytest.FixtureRequest) -> Counters:
    """Each kind of counters, empty."""
    if request.param == "memory":
        return MemoryCounters()
    return RedisCounters(connect(request.getfixturevalue("redis_url")), prefix=f"test:{secrets.token_hex(4)}:")


@pytest.fixture(params=["memory", "redis"])
def tokens(request: pytest.FixtureRequest) -> TokenStore:
    """Each kind of token store, empty."""
    if request.param == "memory":
        return MemoryTokens()
    return RedisTokens(connect(request.getfixturevalue("redis_url")), key=f"test:{secrets.token_hex(4)}")


def test_hits_of_a_window_are_counted_per_key(counters: Counters) -> None:
    assert [counters.hit("a", 60) for _ in range(3)] == [1, 2, 3]
    assert counters.hit("b", 60) == 1


def test_a_cleared_key_begins_anew(counters: Counters) -> None:
    counters.hit("a", 60)
    counters.clear("a")
    counters.clear("never seen")
    assert counters.hit("a", 60) == 1


def test_no_hit_is_lost_between_threads(counters: Counters) -> None:
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: counters.hit("a", 60), range(200)))
    assert sorted(seen) == list(range(1, 201))


def test_a_window_ends_as_long_after_its_first_hit() -> None:
    now = [0.0]
    counters = MemoryCounters(lambda: now[0])
    assert counters.hit("a", 60) == 1
    now[0] = 59.9
    assert counters.hit("a", 60) == 2
    now[0] = 60.0
    assert counters.hit("a", 60) == 1


def test_a_redis_window_keeps_the_life_of_its_first_hit(redis_url: str) -> None:
    client = connect(redis_url)
    name = f"test:{secrets.token_hex(4)}"
    counters = RedisCounters(client, prefix="")
    counters.hit(name, 100)
    client.expire(name, 50)
    counters.hit(name, 100)
    assert client.ttl(name) in (49, 50)


def test_memory_does_not_grow_with_windows_that_are_over() -> None:
    now = [0.0]
    counters = MemoryCounters(lambda: now[0])
    for number in range(10_000):
        counters.hit(f"k{number}", 60)
    now[0] = 61
    counters.hit("one more", 60)
    assert len(counters._windows) == 1


@pytest.mark.parametrize("use", [lambda counters: counters.hit("a", 60), lambda counters: counters.clear("a")])
def test_a_server_that_is_gone_is_said_so(use: Callable[[Counters], object]) -> None:
    with pytest.raises(Unreachable) as caught:
        use(RedisCounters(connect(f"redis://127.0.0.1:{closed_port()}/0")))
    assert caught.value.__context__ is None


def test_a_token_is_kept_and_dropped(tokens: TokenStore) -> None:
    assert tokens.get() is None
    tokens.put("t1", 7200)
    assert tokens.get() == "t1"
    tokens.drop("t0")
    assert tokens.get() == "t1"
    tokens.drop("t1")
    assert tokens.get() is None


def test_without_its_server_no_token_is_kept_and_nothing_breaks() -> None:
    tokens = RedisTokens(connect(f"redis://127.0.0.1:{closed_port()}/0"))
    tokens.put("t1", 7200)
    tokens.drop("t1")
    assert tokens.get() is None
