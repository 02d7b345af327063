"""What the emulators' faults do to messages: sent, received, duplicated, lost, by channel; run it to see the table."""

from __future__ import annotations

import logging
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bots.channels.registry import CHANNELS
from bots.sending.drain import drain
from bots.voice import Voice
from chaos.chat_rush import KINDS, Shop, open_shop
from chaos.databases import fresh
from domain.actors import SYSTEM
from models import Campaign
from services import announcing
from tests.builders import campaigns
from tests.integrations.sandbox_process import running_sandbox
from tests.servers.shared_run import SharedRun

CALM, LATENCY, LOST, BUSY, TOO_OFTEN, JUMP = "calm", "latency", "lost answer", "-1", "45009", "clock jump"
KNOBS = {
    LATENCY: {"webhook_delay_ms": 200}, BUSY: {"webhook_busy": 1}, TOO_OFTEN: {"webhook_errcode": 45009},
}  # fmt: skip
ONLY_WECOM = (LATENCY, BUSY, TOO_OFTEN)
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

    @property
    def allowed(self) -> bool:
        """Duplicates only without a handle and only of what must be said; lost only what may die."""
        handle = CHANNELS[self.channel].CAPABILITIES.sends_once
        trouble = self.fault == LOST and not handle
        return not self.lost_that_must and (trouble or not (self.duplicated or self.lost))


def cases() -> list[tuple[str, str]]:
    """Every channel with every fault that its emulator knows."""
    faults = (CALM, LATENCY, LOST, BUSY, TOO_OFTEN, JUMP)
    return [(kind, fault) for kind in KINDS for fault in faults if kind == "wecom" or fault not in ONLY_WECOM]


def suffer(shop: Shop, kind: str, fault: str) -> Came:
    """A line that must be said, then where lines tell the count one that may die, each under the fault."""
    with shop.unit(SYSTEM) as ctx:
        scene = campaigns.scene(ctx, hours=9, title=f"{kind} {fault}")
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
    )  # fmt: skip


def _bind(shop: Shop, kind: str, campaign_id: int, leader_id: int) -> int:
    shop.rooms.clear()
    shop.bind(campaign_id, leader_id, 1, (kind,), announced=False)
    return shop.rooms[0]


def _turn(shop: Shop, kind: str, fault: str) -> None:
    lose = {"webhook_lose_answers" if kind == "wecom" else "push_lose_answers": 1}
    shop.stage.control("chat-knobs", reset=True, **(lose if fault == LOST else KNOBS.get(fault, {})))


def _rounds(shop: Shop, fault: str) -> None:
    voice = Voice("https://lintuan.example", "小邻", {})
    for number in range(ROUNDS):
        drain(shop.unit, shop.app.extensions["lintuan"].outside, voice)
        shop.clock.offset += timedelta(hours=1) if fault == JUMP and not number else timedelta(seconds=61)
        shop.stage.move_clock(int(shop.clock.offset.total_seconds()))


def table(found: list[Came]) -> str:
    """The counts, a line per channel and fault."""
    rows = [("channel", "fault", "sent", "received", "duplicated", "lost")]
    rows += [
        (one.channel, one.fault, str(one.sent), str(one.received), str(one.duplicated), str(one.lost)) for one in found
    ]
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
