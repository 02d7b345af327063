"""Counters and the access token on a Redis-protocol server, for several processes; no truth is kept there."""

from __future__ import annotations

import threading
from contextlib import suppress

import redis

from integrations.wechat.tokens import MARGIN_SECONDS
from services.ports import Unreachable

_TIMEOUT_SECONDS = 2.0


def connect(url: str) -> redis.Redis:
    """A client that never waits long for a server that is gone; connects on first use."""
    return redis.Redis.from_url(
        url, decode_responses=True, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
    )


class RedisCounters:
    """Fixed windows that begin with the first hit, shared by all processes; raises `Unreachable`."""

    def __init__(self, client: redis.Redis, prefix: str = "lintuan:count:") -> None:
        self._client = client
        self._prefix = prefix

    def hit(self, key: str, window_seconds: int) -> int:
        """Count one event under `key` in the current window and return how many there are now."""
        name = self._prefix + key
        try:
            with self._client.pipeline(transaction=True) as together:
                together.set(name, 0, ex=window_seconds, nx=True)
                together.incr(name)
                return int(together.execute()[1])
        except redis.RedisError:
            failure = Unreachable("counters: no answer from the Redis server")
        raise failure

    def clear(self, key: str) -> None:
        """Forget `key`."""
        try:
            self._client.delete(self._prefix + key)
            return
        except redis.RedisError:
            failure = Unreachable("counters: no answer from the Redis server")
        raise failure


class RedisTokens:
    """The access token shared by all processes; while the server is away, each call fetches the stable token."""

    def __init__(self, client: redis.Redis, key: str = "lintuan:wxa:token") -> None:
        self._client = client
        self._key = key
        self.lock = threading.Lock()

    def get(self) -> str | None:
        """The token, or None when there is none, it is about to expire or the server is away."""
        with suppress(redis.RedisError):
            kept = self._client.get(self._key)
            return kept if isinstance(kept, str) else None
        return None

    def put(self, token: str, seconds: int) -> None:
        """Keep `token` until a minute before it expires."""
        with suppress(redis.RedisError):
            self._client.set(self._key, token, ex=max(1, seconds - MARGIN_SECONDS))

    def drop(self, token: str) -> None:
        """Forget `token`, unless another caller has replaced it already."""
        if self.get() == token:
            with suppress(redis.RedisError):
                self._client.delete(self._key)
