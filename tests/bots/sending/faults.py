"""What the emulators' faults do to messages: sent, received, duplicated, lost, told of; run it to see the table."""

from __future__ import annotations

import logging
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bots.channels.registry import CHANNELS
from bots.sending.drain import drain
from bots.voice import Voice
from chaos.chat_rush import KINDS, Shop, open_shop
from chaos.databases import fresh
from domain.actors import SYSTEM
from models import Alert, Campaign
from services import announcing
from tests.builders import campaigns
from tests.integrations.sandbox_process import running_sandbox
from tests.servers.shared_run import SharedRun

CALM, LATENCY, LOST, BUSY, TOO_OFTEN, JUMP = "calm", "latency", "lost answer", "-1", "too often", "clock jump"
WECOM_KNOBS = {
    LATENCY: {"webhook_delay_ms": 200}, LOST: {"webhook_lose_answers": 1}, BUSY: {"webhook_busy": 1},
    TOO_OFTEN: {"webhook_errcode": 45009},
}  # fmt: skip
KNOBS = {LATENCY: {"push_delay_ms": 200}, LOST: {"push_lose_answers": 1}, TOO_OFTEN: {"push_throttled": 1}}
ROUNDS = 6


@dataclass(frozen=True)
class Came:
    """What came of the messages of one channel under one fault; `must` were to be said, the rest may die."""

    channel: str
    fault: str
    sent: int
    received: int
    duplicated: int
    lost: int
    lost_that_must: int
    told: int

    @property
    def has_handle(self) -> bool:
        """Whether the channel shows a repeat once."""
        return CHANNELS[self.channel].CAPABILITIES.sends_once

    @property
    def allowed(self) -> bool:
        """Nothing comes twice; an operator hears of what had to be said and may be lost, and of nothing else."""
        unknown = self.fault == LOST and not self.has_handle
        return not (self.duplicated or self.lost_that_must or self.lost) and self.told == int(unknown)


def cases() -> list[tuple[str, str]]:
    """Every channel with every fault that its emulator knows."""
    faults = (CALM, LATENCY, LOST, BUSY, TOO_OFTEN, JUMP)
    return [(kind, fault) for kind in KINDS for fault in faults if kind == "wecom" or fault != BUSY]


def suffer(shop: Shop, kind: str, fault: str) -> Came:
    """A line that must be said, then where lines tell the count one that may die, each under the fault."""
    with shop.unit(SYSTEM) as ctx:
        scene = campaigns.scene(ctx, hours=9, title=f"{kind} {fault}")
    alerts = _alerts(shop)
    room = _bind(shop, kind, scene.campaign_id, scene.leader_id)
    intended: list[tuple[str, bool]] = [("延长到", True)]
    _turn(shop, kind, fault)
    with shop.unit(SYSTEM) as ctx:
        announcing.outcome(ctx, ctx.session.get_one(Campaign, scene.campaign_id), "extended")
    _rounds(shop, fault)
    if CHANNELS[kind].CAPABILITIES.edits != "any":
        intended.append(("1 人", False))
        _turn(shop, kind, fault)
        with shop.unit(SYSTEM) as ctx:
            row = ctx.session.get_one(Campaign, scene.campaign_id)
            row.roster_count = row.participant_count = row.counted_units = 1
            row.revision += 1
            ctx.session.flush()
            announcing.progress(ctx, row)
        _rounds(shop, fault)
    shop.stage.control("chat-knobs", reset=True)
    lines = shop.stage.seen(f"rooms/{room}/messages")
    received = [line["text"] for line in lines if line["via"] not in ("person", "platform")]
    found = [(sum(words in text for text in received), must) for words, must in intended]
    return Came(
        kind, fault, len(intended), len(received), sum(max(0, times - 1) for times, _ in found),
        sum(not times for times, _ in found), sum(must and not times for times, must in found),
        _alerts(shop) - alerts,
    )  # fmt: skip


def _alerts(shop: Shop) -> int:
    with shop.unit.reading(SYSTEM) as ctx:
        return ctx.session.scalars(select(func.count()).where(Alert.kind == "outbox_dead")).one()


def _bind(shop: Shop, kind: str, campaign_id: int, leader_id: int) -> int:
    shop.rooms.clear()
    shop.bind(campaign_id, leader_id, 1, (kind,), announced=False)
    return shop.rooms[0]


def _turn(shop: Shop, kind: str, fault: str) -> None:
    knobs = WECOM_KNOBS if kind == "wecom" else KNOBS
    shop.stage.control("chat-knobs", reset=True, **knobs.get(fault, {}))


def _rounds(shop: Shop, fault: str) -> None:
    voice = Voice("https://lintuan.example", "小邻", {})
    for number in range(ROUNDS):
        drain(shop.unit, shop.app.extensions["lintuan"].outside, voice)
        shop.clock.offset += timedelta(hours=1) if fault == JUMP and not number else timedelta(seconds=61)
        shop.stage.move_clock(int(shop.clock.offset.total_seconds()))


def table(found: list[Came]) -> str:
    """The counts, a line per channel and fault."""
    rows: list[tuple[str, ...]] = [
        ("channel", "fault", "sent", "received", "duplicated", "lost", "told", "an unknown one is")
    ]
    rows += [
        (
            one.channel, one.fault, *map(str, (one.sent, one.received, one.duplicated, one.lost, one.told)),
            "sent again under its key" if one.has_handle else "not sent again",
        )
        for one in found
    ]  # fmt: skip
    return "\n".join("  ".join(cell.ljust(11) for cell in row).rstrip() for row in rows)


def main() -> int:
    """Print the table; 0 when it holds what is promised."""
    logging.disable(logging.WARNING)
    run = SharedRun.begin()
    try:
        with tempfile.TemporaryDirectory() as name, fresh("sqlite", run, Path(name)) as url:
            folder = Path(name)
            with running_sandbox(folder / "sandbox") as stage, open_shop(stage, url, folder / "shop") as (shop, _):
                found = [suffer(shop, kind, fault) for kind, fault in cases()]
    finally:
        run.finish()
    sys.stdout.write(table(found) + "\n")
    return 0 if all(one.allowed for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
