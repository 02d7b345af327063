"""Where stories play: a process that can be ended by SIGKILL and begun again, its databases kept and put back."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import requests

from app import assemble, voice_of
from bots.sweeps import sweeps
from chaos.histories.inner_sandbox import Direct, Postbox
from chaos.histories.stage import BASE_URL, Stage
from chaos.points.counting import Hook
from chaos.points.moments import moments
from chaos.points.state import state
from config.settings import Settings
from domain.actors import SYSTEM
from integrations.counters import MemoryCounters
from integrations.http_chat import SandboxChat
from integrations.telegram import Telegram
from integrations.wechat.mini_program import WeChatMiniProgram
from integrations.wecom.webhook import WecomWebhook
from jobs.schedule import SCHEDULE, Sweep
from sandbox.miniprogram import content
from sandbox.miniprogram.shipping import routes as shipping
from sandbox.pay import notices
from sandbox.pay import routes as pay
from sandbox.wecom import runtime
from services.assembly import Hearing, Lintuan
from services.content_safety import asking
from services.flows import content_safety, paying
from services.ports import BadNotice, Outside, PosterFacts
from tests.builders.clock import FrozenClock
from tests.builders.settings import test_settings

NOTES = "notes.json"
STORE = Path("sandbox", "sandbox.db")
ACCEPTED, REFUSED = requests.Response(), requests.Response()
ACCEPTED.status_code, REFUSED.status_code = 204, 400


class Doorstep(Postbox):
    """Every notice is carried to the product at once, and acknowledged only when the product has booked it."""

    def __init__(self, product: Callable[[], Lintuan]) -> None:
        super().__init__()
        self._product = product

    def post(self, url: str, *, data: bytes, headers: Any, **_options: Any) -> Any:
        """The product's answer, as its front door gives it."""
        product = self._product()
        hear = None if product.rush is None else partial(product.rush.hear, request_id="")
        try:
            paying.receive_notice(product.unit, product.outside, dict(headers), data, hear)
        except BadNotice:
            return REFUSED
        return ACCEPTED


class Gallery:
    """The platform fetches what it looks at from the product, by the address it was given."""

    RequestException = requests.RequestException

    def __init__(self, product: Callable[[], Lintuan]) -> None:
        self._product = product

    def get(self, url: str, **_options: Any) -> requests.Response:
        """The picture, as the product's front door gives it."""
        found = content_safety.picture(self._product(), *url.split("/")[-2:])
        answer = requests.Response()
        answer.status_code, answer._content = (404, b"") if found is None else (200, found[0])
        return answer


class Theatre:
    """One product over the database at `url` (a copy of the empty one), a sandbox, one clock, all below `root`.

    `begin` is the start of a process and `leave` its orderly end; a fork in between is a process of its own.
    """

    def __init__(self, empty: str, root: Path) -> None:
        self._root, self.folder = root, root / "files"
        self.folder.mkdir(parents=True)
        self._moments = moments(empty, root)
        self.stage = Stage(self._moments.url, self.folder)
        vars(notices)["requests"] = Doorstep(lambda: self.product)
        vars(content)["requests"] = Gallery(lambda: self.product)
        self.hook = Hook(self.stage.engine)
        self._wired: Outside = replace(self.stage.outside, paint_poster=_code_alone)
        self.outside = self._wired
        self.notes: dict[str, Any] = {}
        self._settings = _settings(self.stage, self.folder)
        chat: list[tuple[str, int, Sweep, str]] = list(sweeps(voice_of(self._settings)))
        self.sweeps: dict[str, Sweep] = {job.name: job.sweep for job in SCHEDULE} | {row[0]: row[2] for row in chat}
        self.product = self._assembled()
        self.leave()

    @property
    def unit(self) -> Any:
        """The product's transactions."""
        return self.product.unit

    @property
    def listener(self) -> Hearing:
        """What answers the chat."""
        return self.product.hear

    def begin(self) -> None:
        """A process starts: nothing in its memory but what the files say."""
        box = self.stage.sandbox.box
        vars(box.store)["_db"] = _connected(self.folder / STORE)
        looks: list[Any] = self.stage.sandbox.app.before_request_funcs[None]
        for look in looks:  # what falls due by the clock is done once per second, and it remembers which
            look.__self__._done_at = -1
        self.stage.engine.dispose(close=False)
        self.outside = self.hook.around(self._forgetful())
        notes = self.folder / NOTES
        self.notes = json.loads(notes.read_text()) if notes.exists() else {"now": FrozenClock().now().isoformat()}
        self.stage.clock.set(datetime.fromisoformat(self.notes["now"]))
        self.product = self._assembled()
        self.stage.sandbox.later.stop()
        runtime.attach(self.stage.sandbox.app)  # no window counts the calls of a run that did not happen
        pay.resume(box)
        shipping.resume(box)

    def remember(self) -> None:
        """Keep what the world outside knows by now."""
        self.notes["now"] = self.stage.clock.now().isoformat()
        (self.folder / NOTES).write_text(json.dumps(self.notes, ensure_ascii=False))

    def leave(self) -> None:
        """Let go of every connection, so that files may be copied and processes forked."""
        self.stage.engine.dispose()
        self.stage.sandbox.box.store.close()

    def _assembled(self) -> Lintuan:
        """What app.py puts together for a process.

        With `plain` among the notes it has no committer, with `checked` the content safety is on.
        """
        settings = replace(self._settings, rush_waiting=0) if self.notes.get("plain") else self._settings
        if self.notes.get("checked"):
            settings = replace(settings, policy=replace(settings.policy, content_safety=True))
        return assemble(settings, self.stage.engine, self.stage.clock, self.outside)

    def keep(self, name: str) -> None:
        """Keep this moment under a name, over an earlier one of that name; nobody may be at work."""
        self._moments.keep(name)
        _copy(self.folder, self._root / f"files_{name}")

    def put_back(self, name: str) -> None:
        """As it was at that moment; nobody may be at work."""
        self._moments.put_back(name)
        _copy(self._root / f"files_{name}", self.folder)

    def clear(self) -> None:
        """An empty database and a sandbox as new."""
        self._moments.clear()
        (self.folder / NOTES).unlink(missing_ok=True)
        self.begin()
        self.stage.sandbox.forget()
        self.remember()

    def state(self, *, exact: bool) -> list[str]:
        """What stands on both sides."""
        return state(self.stage.engine, self.folder / STORE, exact=exact)

    def tell_of_pictures(self) -> None:
        """What the platform found in pictures is heard, again and again until it is known."""
        store = self.stage.sandbox.box.store
        told = "SELECT id, content FROM wxa_pushes WHERE event = ? AND state = 'pending' ORDER BY id"
        for row in store.all(told, asking.EVENT):
            with self.unit(SYSTEM) as ctx:
                known = asking.hear(ctx, json.loads(row["content"]))
            if known:
                with store.transaction() as db:
                    db.execute("UPDATE wxa_pushes SET state = 'delivered' WHERE id = ?", (row["id"],))

    def close(self) -> None:
        """Drop what was made."""
        self._moments.close()
        vars(notices)["requests"] = vars(content)["requests"] = requests

    def _forgetful(self) -> Outside:
        """The adapters, with nothing in their memory; the gateway's has none but its keys."""
        told, app = self.stage.sandbox.settings, self.stage.sandbox.app
        words = (BASE_URL, told["LINTUAN_WXA_APPID"], told["LINTUAN_WXA_SECRET"])
        mini_program = WeChatMiniProgram(*words, public_url=self._settings.public_url)
        chat = SandboxChat(BASE_URL, self.stage.sandbox.settings["LINTUAN_SANDBOX_CHAT_SECRET"], self.stage.clock.now)
        wecom = WecomWebhook(BASE_URL)
        telegram = Telegram(BASE_URL, told["LINTUAN_TELEGRAM_TOKEN"], told["LINTUAN_TELEGRAM_HOOK_SECRET"])
        sessions: list[Any] = [mini_program._client._http, chat._session, wecom._session, telegram._session]
        for session in sessions:
            session.mount(BASE_URL, Direct(app))
        return replace(self._wired, mini_program=mini_program, counters=MemoryCounters(),
                       chats={"sandbox": chat, "wecom": wecom, "telegram": telegram})  # fmt: skip


@contextmanager
def opened(empty: str, root: Path) -> Iterator[Theatre]:
    """A theatre over copies of the empty database at `empty`."""
    theatre = Theatre(empty, root)
    try:
        yield theatre
    finally:
        theatre.close()


def _code_alone(facts: PosterFacts, code: bytes, picture: bytes | None = None) -> bytes:
    """A poster without its words: not every machine has a font for them, and nothing here reads it."""
    return code


def _settings(stage: Stage, folder: Path) -> Settings:
    """The product's; what is sold out stays known as long as a process lives, however slow this machine is."""
    told = stage.sandbox.settings
    templates: dict[str, Any] = {f"wxa_template_{name}": told[f"LINTUAN_WXA_TEMPLATE_{name.upper()}"]
                                 for name in ("arrived", "refund", "formed")}  # fmt: skip
    return test_settings(folder, public_url="https://lintuan.example", sold_out_ms=3_600_000, **templates)


def _connected(file: Path) -> sqlite3.Connection:
    """As the sandbox's store connects; what it wrote outlives the process, and no test waits for a disk."""
    connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def _copy(source: Path, target: Path) -> None:
    """Files only: databases are kept apart, and the sandbox's keys never change."""
    for name in (NOTES, str(STORE), f"{STORE}-journal", "files"):
        there, here = source / name, target / name
        if here.is_dir():
            shutil.rmtree(here)
        else:
            here.unlink(missing_ok=True)
        if there.is_dir():
            shutil.copytree(there, here)
        elif there.exists():
            here.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(there, here)
