"""The brakes on code fields: quick hands are slowed at the desk, guesses at one-time codes are cut off."""

from __future__ import annotations

from domain.errors import TooMany
from domain.policy import Policy
from services.ports import Counters

SECONDS_A_TRY = 5


def brake(counters: Counters, policy: Policy, desk: str) -> None:
    """Count a try at `desk` (a session or a chat person) before looking; raises `TooMany` with `retry_after` seconds.

    Call it outside a transaction: counters may live on another server.
    """
    if counters.hit(f"code-tries:{desk}", 60) <= policy.code_tries_per_minute:
        return
    if counters.hit(f"code-wait:{desk}", SECONDS_A_TRY) > 1:
        raise TooMany(retry_after=SECONDS_A_TRY)


def release(counters: Counters, desk: str) -> None:
    """The try was right: the field is quick again."""
    counters.clear(f"code-tries:{desk}")


def allow_one_time_code(counters: Counters, policy: Policy, who: str) -> None:
    """Count a try of a person at one-time codes, right or wrong.

    Raises `TooMany` after `policy.one_time_code_tries` in `policy.one_time_code_minutes`.
    """
    seconds = policy.one_time_code_minutes * 60
    if counters.hit(f"one-time-code:{who}", seconds) > policy.one_time_code_tries:
        raise TooMany(retry_after=seconds)
