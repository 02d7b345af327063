"""The chat's own lines of the schedule: name, seconds between wakes, the sweep, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bots.sending.drain import drain
from bots.voice import Voice
from bots.watching import Watch
from domain.actors import CLOCK
from services import outbox
from services.chat import channel_health, inbox, pasted_lists, pickup_days, speaking
from services.context import Unit
from services.ports import Outside

Sweep = Callable[[Unit, Outside], int]
LAST_HOUR = timedelta(hours=1)


def sweeps(voice: Voice) -> tuple[tuple[str, int, Sweep, str], ...]:
    """`(name, seconds, sweep, what it does)` rows that app.py adds to the schedule."""

    def send(unit: Unit, outside: Outside) -> int:
        watch = Watch(outside)
        handled = drain(unit, watch.outside, voice)
        watch.keep(unit)
        return handled

    return (
        ("chat.send_due", 1, send, "sends what waits in the outbox: group lines, cards, notices, answers"),
        ("chat.remind_closing", 30, remind_closing, "queues the 还差 line of the last hour before a deadline"),
        ("chat.remind_pickup", 60, remind_pickup, "queues one line for a group whose goods wait for the last day"),
        ("chat.watch_channels", 30, watch_channels, "alerts the operator while a channel keeps failing"),
        ("chat.forget_old", 3600, forget_old, "deletes chat transcripts and pasted lists past their days"),
    )


def remind_closing(unit: Unit, _outside: Outside) -> int:
    """Queue the last hour's 还差, once per closing and chat; whether it is still true is judged when it is sent."""
    with unit(CLOCK) as ctx:
        return sum(
            outbox.enqueue(
                ctx, "chat_progress", f"closing:{campaign}:{epoch}:{binding}",
                {"campaign": campaign, "binding": binding, "reminder": True}, expires_after=LAST_HOUR,
            )
            for campaign, epoch, binding in speaking.closing_soon(ctx, LAST_HOUR)
        )  # fmt: skip


def remind_pickup(unit: Unit, _outside: Outside) -> int:
    """Queue the last day of pickup, once per campaign, point and chat; at night it waits for the morning."""
    with unit(CLOCK) as ctx:
        return sum(
            outbox.enqueue(
                ctx, "chat_outcome", f"last_day:{campaign}:{point}:{binding}",
                {"campaign": campaign, "binding": binding, "what": "last_day", "of": point},
                expires_after=until - ctx.now,
            )
            for campaign, binding, point, until in pickup_days.last_days(ctx)
        )  # fmt: skip


def watch_channels(unit: Unit, _outside: Outside) -> int:
    """Tell the operator which channels have come to fail or work again."""
    with unit(CLOCK) as ctx:
        return channel_health.tell_operator(ctx)


def forget_old(unit: Unit, _outside: Outside) -> int:
    """Delete transcripts and the texts of pasted lists past their days."""
    with unit(CLOCK) as ctx:
        return inbox.forget_old(ctx) + pasted_lists.forget_old(ctx)
