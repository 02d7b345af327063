"""The watch over a round's calls: what counts for a channel, what does not, and what it never changes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bots.watching import Watch
from domain.actors import CLOCK
from models import ChannelState
from services.chat import channel_health
from services.chat.channel_health import Tried
from services.ports import ChatAddress, Refused, Unknown, Unreachable
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside

HERE = ChatAddress("group-1")


def noted(unit: Transactions) -> dict[str, tuple[int, str]]:
    """(failures in a row, last error) of each channel."""
    with unit.reading() as ctx:
        return {row.channel: (row.failures, row.last_error) for row in ctx.session.scalars(select(ChannelState))}


def test_what_a_call_gives_or_raises_comes_through(outside: PretendOutside) -> None:
    watch = Watch(outside)
    watched = watch.outside.chats["wecom"]
    assert (watched.kind, watched.push(HERE, {"msgtype": "text"}, "key")) == ("wecom", "m1")
    outside.chats["wecom"].fails = Unknown("lost")  # type: ignore[attr-defined]  # the pretend one breaks on demand
    with pytest.raises(Unknown):
        watched.push(HERE, {}, "key")
    assert watch.seen["wecom"] == Tried("wecom", worked=True, failures=1, error="Unknown")
    assert watch.outside.gateway is outside.gateway and watch.outside.counters is outside.counters


def test_what_the_mini_program_sends_counts_for_the_channel_it_is(outside: PretendOutside, unit: Transactions) -> None:
    watch = Watch(outside)
    outside.mini_program.fails = Unreachable("no token", code="40001")
    with pytest.raises(Unreachable):
        watch.outside.mini_program.send_customer_text("openid-of-somebody", "您好")
    with pytest.raises(Unreachable):
        watch.outside.mini_program.send_subscribe("openid-of-somebody", "T", "page", {})
    watch.keep(unit)
    assert noted(unit) == {"customer": (1, "Unreachable 40001")}


def test_a_refusal_and_a_quiet_round_say_nothing(outside: PretendOutside, unit: Transactions) -> None:
    watch = Watch(outside)
    outside.mini_program.fails = Refused("window closed", code="45015")
    with pytest.raises(Refused):
        watch.outside.mini_program.send_customer_text("openid-of-somebody", "您好")
    watch.keep(unit)
    assert noted(unit) == {}


def test_rounds_add_up_until_one_works(unit: Transactions, clock: FrozenClock) -> None:
    def round_of(*tried: Tried) -> dict[str, tuple[int, str]]:
        with unit(CLOCK) as ctx:
            channel_health.note(ctx, tried)
        clock.advance(minutes=4)
        return noted(unit)

    down = Tried("telegram", worked=False, failures=2, error="Unreachable 502")
    assert round_of(down) == {"telegram": (2, "Unreachable 502")}
    assert round_of(down) == {"telegram": (4, "Unreachable 502")}
    with unit.reading() as ctx:
        assert list(channel_health.failing(ctx)) == ["telegram"]
    assert round_of(Tried("telegram", worked=True)) == {"telegram": (0, "Unreachable 502")}
    assert round_of(Tried("telegram", worked=True, failures=3, error="Unknown")) == {"telegram": (3, "Unknown")}
    with unit.reading() as ctx:
        assert channel_health.failing(ctx) == {}


def test_a_few_failures_in_a_row_are_no_trouble_however_old(unit: Transactions, clock: FrozenClock) -> None:
    with unit(CLOCK) as ctx:
        channel_health.note(ctx, [Tried("http", worked=False, failures=2, error="Unknown")])
    clock.advance(hours=2)
    with unit(CLOCK) as ctx:
        assert channel_health.failing(ctx) == {} and channel_health.tell_operator(ctx) == 0
