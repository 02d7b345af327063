"""A rush of counted orders in one campaign shown in chats of every kind: what is sent, and how late it shows."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from flask import Flask

from app import create_app, voice_of
from bots.channels.registry import CHANNELS
from bots.sending.drain import drain
from chaos.chat_watch import SAMPLE_SECONDS, Watch
from chaos.databases import copied
from chaos.holding import SERVED
from chaos.notices_signed import Paid, sealed, settings_of
from chaos.serving import Client, serving
from config.settings import from_environment
from domain.actors import SYSTEM
from domain.clock import SHANGHAI
from domain.ids import new_id
from models import Campaign, ChatBinding, ChatCampaign
from services import announcing, ordering, payments
from services.ports import ChatAddress, ChatChannel, OutsideError
from services.transactions import Transactions
from tests.builders import campaigns
from tests.builders.campaigns import Scene
from tests.integrations import pay_keys
from tests.integrations.sandbox_process import Stage, running_sandbox

ORDERS, CHATS, SECONDS, CLIENTS = 1000, 20, 10.0, 16
KINDS = ("sandbox", "telegram", "wecom", "http")
LONGEST_BEHIND = 15.0
SETTLING_SECONDS, SWEEP_SECONDS = 25.0, 1.0
TOO_OFTEN = ("45009", "429")
PATHS = (*SERVED, "chaos/chat_rush.py", "chaos/chat_watch.py", "constraints.txt")
_NONCES = itertools.count(1)


class Noon:
    """The machine's time, moved to the next noon in Shanghai: nobody is told at night."""

    def __init__(self) -> None:
        now = datetime.now(SHANGHAI)
        noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
        self.offset = (noon if noon > now else noon + timedelta(days=1)) - now

    def now(self) -> datetime:
        """The product's present instant."""
        return datetime.now(UTC) + self.offset


@dataclass
class Counted:
    """A channel that counts its calls: (what, chat, error or "")."""

    inner: ChatChannel
    calls: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The channel's own."""
        return self.inner.kind

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """As the channel does."""
        with self._counted("push", address):
            return self.inner.push(address, payload, key)

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """As the channel does."""
        with self._counted("edit", address):
            self.inner.edit(address, remote_id, payload)

    @contextmanager
    def _counted(self, what: str, address: ChatAddress) -> Iterator[None]:
        error = ""
        try:
            yield
        except OutsideError as raised:
            error = raised.code or type(raised).__name__
            raise
        finally:
            self.calls.append((what, address.chat_id, error))


@dataclass
class Shop:
    """The product in this process, served over HTTP, with the sandbox's chats outside."""

    app: Flask
    stage: Stage
    clock: Noon
    channels: dict[str, Counted]
    rooms: list[int] = field(default_factory=list)

    @property
    def unit(self) -> Transactions:
        """The product's transactions."""
        unit: Transactions = self.app.extensions["lintuan"].unit
        return unit

    def bind(
        self, campaign_id: int, leader_id: int, chats: int, kinds: Sequence[str] = KINDS, *, announced: bool = True
    ) -> None:
        """Open so many chats of these kinds in the sandbox, bind them, and have the campaign announced there."""
        for number in range(chats):
            kind = kinds[number % len(kinds)]
            room = self.stage.control("rooms", name=f"群{number}", kind=kind, members=["邻居"])
            key = self.stage.control(f"rooms/{room['room_id']}/robot")["key"] if kind == "wecom" else ""
            self.rooms.append(room["room_id"])
            with self.unit(SYSTEM) as ctx:
                row = ChatBinding(
                    public_id=new_id("ChatBinding", ctx.now), channel=kind, remote_chat_id=room["chat_id"],
                    purpose="group", leader_id=leader_id, created_at=ctx.now,
                    push_secret_enc=ctx.vault.encrypt(key) if key else None,
                )  # fmt: skip
                ctx.session.add(row)
                ctx.session.flush()
                ctx.session.add(ChatCampaign(binding_id=row.id, campaign_id=campaign_id, created_at=ctx.now))
        if announced:
            with self.unit(SYSTEM) as ctx:
                announcing.outcome(ctx, ctx.session.get_one(Campaign, campaign_id), "opened")


@contextmanager
def open_shop(stage: Stage, database_url: str, folder: Path) -> Iterator[tuple[Shop, int]]:
    """The product beside that sandbox, and its port."""
    folder.mkdir(exist_ok=True)
    clock = Noon()
    stage.move_clock(int(clock.offset.total_seconds()))
    keys = {f"LINTUAN_{name.upper()}": value for name, value in settings_of(folder).items()}
    app = create_app(from_environment({
        **stage.settings, **keys, "LINTUAN_ENV": "test", "LINTUAN_DATA_DIR": str(folder),
        "LINTUAN_DATABASE_URL": database_url, "LINTUAN_SECRET_KEY": token_urlsafe(32),
        "LINTUAN_PII_KEY": token_urlsafe(32), "LINTUAN_PUBLIC_URL": "https://lintuan.example",
    }), clock=clock)  # fmt: skip
    chats = app.extensions["lintuan"].outside.chats
    channels = {kind: Counted(chats[kind]) for kind in KINDS}
    chats.update(channels)
    try:
        with serving(app, threads=8) as port:
            yield Shop(app, stage, clock, channels), port
    finally:
        app.extensions["lintuan"].unit.engine.dispose()


def rush(shop: Shop, port: int, orders: int, chats: int, seconds: float) -> dict[str, Any]:
    """That many payments told of at an even rate, with the sender beside them; what came of it."""
    with shop.unit(SYSTEM) as ctx:
        scene = campaigns.scene(ctx, buyers=1, hours=9)
    shop.bind(scene.campaign_id, scene.leader_id, chats)
    owed = _owed(shop.unit, scene, orders)
    voice = voice_of(shop.app.extensions["lintuan"].settings)
    outside = shop.app.extensions["lintuan"].outside
    if chats:
        drain(shop.unit, outside, voice, 500)
    over, watch = threading.Event(), Watch(shop.unit, scene.campaign_id)

    def send() -> None:
        while not over.wait(SWEEP_SECONDS):
            drain(shop.unit, outside, voice)

    threads = [threading.Thread(target=watch.run, args=(over,))]
    threads += [threading.Thread(target=send)] if chats else []
    for thread in threads:
        thread.start()
    try:
        told = _tell(port, owed, seconds, shop.clock)
        deadline = time.monotonic() + SETTLING_SECONDS
        while chats and time.monotonic() < deadline and not watch.is_current():
            over.wait(SAMPLE_SECONDS)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return {**told, "chats": chats, **_found(shop, watch, orders, told)} if chats else told


def _owed(unit: Transactions, scene: Scene, orders: int) -> list[Paid]:
    made = []
    for start in range(0, orders, 50):
        with unit(SYSTEM) as ctx:
            mine = ctx.acting_as(campaigns.buyer(scene.buyers[0]))
            for _ in range(start, min(start + 50, orders)):
                asked = payments.ask(mine, ordering.place(mine, campaigns.wanted(scene, again=True)).public_id)
                payments.prepaid(mine, asked.payment, f"prepay-{asked.request.out_trade_no}")
                made.append(Paid(asked.request.out_trade_no, asked.request.amount_fen, asked.request.payer_openid))
    return made


def _tell(port: int, owed: Sequence[Paid], seconds: float, clock: Noon) -> dict[str, Any]:
    """Deliver one notice of each payment, evenly over so many seconds; how that went."""
    waiting, lock, took, refused = iter(enumerate(owed)), threading.Lock(), list[float](), Counter[int]()
    bodies, begun = [sealed(paid, f"EV-{paid.number}") for paid in owed], time.monotonic()

    def work() -> None:
        client = Client(port)
        while True:
            with lock:
                place, _ = next(waiting, (-1, None))
            if place < 0:
                break
            due = begun + place * seconds / len(owed)
            threading.Event().wait(max(0.0, due - time.monotonic()))
            stamp = str(int(clock.now().timestamp()))
            signed = pay_keys.signed(bodies[place], timestamp=stamp, nonce=f"rush{next(_NONCES):012d}")
            status = client.send(
                "POST", "/hooks/wechatpay/pay", bodies[place], {"Content-Type": "application/json", **signed}
            ).status
            took.append(time.monotonic() - due)
            refused[status] += status != 204
        client.close()

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.monotonic() - begun
    return {
        "orders": len(owed), "seconds": round(lasted, 2), "orders_per_second": round(len(owed) / lasted, 1),
        "p99_seconds": round(sorted(took)[int(0.99 * (len(took) - 1))], 3), "refused": sum(refused.values()),
    }  # fmt: skip


def _found(shop: Shop, watch: Watch, orders: int, told: dict[str, Any]) -> dict[str, Any]:
    calls = {f"{kind} {what}": 0 for kind in KINDS for what in ("push", "edit")}
    errors: Counter[str] = Counter()
    for kind, channel in shop.channels.items():
        for what, _, error in channel.calls:
            calls[f"{kind} {what}"] += 1
            errors[error] += bool(error)
    behind = watch.behind()
    refused = sum(errors[code] for code in TOO_OFTEN)
    wrong = [f"{refused} calls were refused as too often"] if refused else []
    wrong += [f"{told['refused']} notices were refused"] if told["refused"] else []
    wrong += [] if watch.is_current() else ["a card is not current in the end"]
    wrong += [f"a card was {max(behind):.1f} s behind"] if max(behind) > LONGEST_BEHIND else []
    wrong += [f"{len(broken)} limits were exceeded: {broken[0]}"] if (broken := _exceeded(shop)) else []
    return {
        "calls": {what: number for what, number in calls.items() if number}, "errors": dict(+errors),
        "behind_seconds": {"most": round(max(behind), 2), "median": round(statistics.median(behind), 2)},
        "wrong": wrong,
    }  # fmt: skip


def _exceeded(shop: Shop) -> list[str]:
    """What the emulator's rooms show more often than their channels' chat limits allow."""
    found = []
    for number, room in enumerate(shop.rooms):
        kind = KINDS[number % len(KINDS)]
        lines = shop.stage.seen(f"rooms/{room}/messages")
        times = sorted(datetime.fromisoformat(line["at"]) for line in lines if line["via"] != "person")
        for limit in CHANNELS[kind].CAPABILITIES.limits:
            span = timedelta(seconds=limit.seconds - 1)  # the rooms' times are whole seconds
            crowds = zip(times, times[limit.count :], strict=False)
            found += [f"{kind} {limit}" for first, last in crowds if last - first < span]
    return found


def run(url: str, folder: Path) -> dict[str, Any]:
    """The rush without chats and with them, each on a database and a sandbox of its own."""
    found: dict[str, Any] = {}
    for name, chats in (("without_bot", 0), ("with_bot", CHATS)):
        place = folder / name
        with copied(url) as copy, running_sandbox(place / "sandbox") as stage, open_shop(stage, copy, place) as opened:
            found[name] = rush(*opened, ORDERS, chats, SECONDS)
    return {"held": not found["with_bot"]["wrong"], **found}
