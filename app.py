"""`create_app(settings)`: the only place where the parts meet."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from click import Command, Context
from flask import Blueprint, Flask
from flask.cli import AppGroup
from sqlalchemy import Engine

from blueprints.shared import api, guards, problems, surroundings
from blueprints.shared.api import Door
from blueprints.shared.lean import Product
from bots.voice import Voice
from config import logging
from config.settings import Settings, from_environment
from domain.clock import Clock
from integrations.clock import SystemClock
from integrations.vault import KeyVault
from models.base import db, ping_the_idle
from models.sqlite import teach_sqlite
from services.assembly import Hearing, Hooks, Lintuan
from services.hot.rush import Rush
from services.ports import Capabilities, ChatChannel, Counters, Outside
from services.transactions import Transactions

FRONTS = ("resident", "leader", "station", "admin", "console", "webhooks", "mobile")
MIGRATIONS = Path(__file__).parent / "migrations"


class CommandLine(AppGroup):
    """The commands of `flask`; `flask db` is loaded when it is asked for, which spares a worker 11 MiB."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.name)
        self._app = app

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of that name."""
        if cmd_name == "db" and "db" not in self.commands:
            from flask_migrate import Migrate

            Migrate(self._app, db, directory=str(MIGRATIONS), render_as_batch=False)
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: Context) -> list[str]:
        """All names."""
        return sorted({*super().list_commands(ctx), "db"})


def create_app(settings: Settings | None = None, clock: Clock | None = None, outside: Outside | None = None) -> Flask:
    """The product as a Flask app; settings come from the environment unless given.

    `clock` and `outside` replace the real ones, for tests.
    """
    settings = settings or from_environment()
    if settings.env != "test":
        logging.configure(settings.log_level)
    app = Product("lintuan", static_folder=None, template_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        DEBUG=settings.debug,
        TESTING=settings.env == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    _install_database(app, settings)
    with app.app_context():
        app.extensions["lintuan"] = assemble(settings, db.engine, clock, outside)
    surroundings.install(
        app, logging.tell_request, keep_seconds=settings.page_keep_ms / 1000, https_only=settings.production
    )
    problems.install(app)
    _register_doors(app, settings)
    guards.install(app)
    app.cli = CommandLine(app)
    _register_commands(app)
    if settings.env != "test":
        gc.freeze()  # all this lives as long as the process: to search it for garbage stops a worker for 90 ms
    return app


def _install_database(app: Flask, settings: Settings) -> None:
    if settings.sqlalchemy_url.startswith("sqlite"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        teach_sqlite(db.engine)
        ping_the_idle(db.engine)


def _engine_options(settings: Settings) -> dict[str, Any]:
    """A pool no smaller than the threads; a dead connection is noticed before it is used, and no error tells values.

    The connection used last is used next: PostgreSQL keeps its plans by connection, and makes each ten times anew.
    """
    if settings.sqlalchemy_url.startswith("sqlite"):
        return {"pool_size": settings.database_pool, "max_overflow": 0, "pool_timeout": 10, "hide_parameters": True}
    return {
        "pool_size": settings.database_pool,
        "max_overflow": 0,
        "pool_timeout": 10,
        "hide_parameters": True,
        "pool_recycle": 1800,
        "pool_use_lifo": True,
        "connect_args": {"options": "-c timezone=UTC -c lock_timeout=10000 -c statement_timeout=60000"},
    }


def assemble(settings: Settings, engine: Engine, clock: Clock | None = None, outside: Outside | None = None) -> Lintuan:
    """The product over a database, without its front doors; arguments as for `create_app`."""
    now = clock or SystemClock(None if settings.production else settings.clock_offset_file)
    vault = KeyVault(settings.pii_key, settings.secret_key)
    policy = replace(settings.policy, consent_needed=settings.consent or settings.policy.consent_needed)
    unit = Transactions(engine, now, policy, vault, problems.request_id)
    return Lintuan(
        settings=settings,
        unit=unit,
        rush=Rush(unit, now, settings.rush_waiting, settings.sold_out_ms / 1000) if settings.rush_waiting else None,
        clock=now,
        vault=vault,
        policy=policy,
        make_outside=lambda: outside or _outside(settings, now),
        make_hooks=lambda: _hooks(settings, now),
        make_hearing=lambda outside: _hearing(settings, unit, outside),
        declare_channels=_channels,
    )


def _hearing(settings: Settings, unit: Transactions, outside: Outside) -> Hearing:
    from bots.listening import Listener

    return Listener(unit, outside.counters, voice_of(settings), outside.late)


def _channels() -> dict[str, Capabilities]:
    from bots.channels.registry import CHANNELS

    return {kind: adapter.CAPABILITIES for kind, adapter in CHANNELS.items()}


def voice_of(settings: Settings) -> Voice:
    """What the chat says of us."""
    templates = {
        "arrived": settings.wxa_template_arrived,
        "refund": settings.wxa_template_refund,
        "formed": settings.wxa_template_formed,
    }
    return Voice(settings.public_url.rstrip("/"), settings.aibot_name, templates)


def _outside(settings: Settings, clock: Clock) -> Outside:
    """The real outside; vendor packages are imported here, where they are used."""
    from integrations.files import FolderFiles
    from integrations.pictures import accept_picture
    from integrations.posters import Posters
    from integrations.wechat.mini_program import WeChatMiniProgram
    from integrations.wechatpay.gateway import WeChatPayGateway
    from integrations.wecom.response_url import ResponseUrl
    from integrations.workbooks import XlsxWorkbooks

    counters, tokens = _short_lived(settings)
    return Outside(
        mini_program=WeChatMiniProgram(
            settings.wxa_base_url,
            settings.wxa_appid,
            settings.wxa_secret,
            tokens=tokens,
            program_state="formal" if settings.production else "developer",
            public_url=settings.public_url,
        ),
        gateway=WeChatPayGateway(
            settings.pay_base_url,
            settings.wxa_appid,
            settings.pay_mchid,
            settings.pay_serial,
            Path(settings.pay_private_key_file).read_text(),
            settings.pay_apiv3_key,
            settings.pay_public_key_id,
            Path(settings.pay_public_key_file).read_text(),
            f"{settings.public_url}/hooks/wechatpay/pay",
            f"{settings.public_url}/hooks/wechatpay/refund",
            f"{settings.public_url}/hooks/wechatpay/transfer",
            clock.now,
        ),
        files=FolderFiles(settings.data_dir / "files"),
        counters=counters,
        accept_picture=accept_picture,
        paint_poster=Posters(settings.poster_font),
        workbooks=XlsxWorkbooks(),
        chats=_chats(settings, clock),
        late=ResponseUrl(settings.wecom_base_url) if settings.wecom_base_url else None,
    )


def _chats(settings: Settings, clock: Clock) -> dict[str, ChatChannel]:
    """The channels that the settings name, by kind."""
    from integrations.http_chat import HttpChat, SandboxChat
    from integrations.telegram import Telegram
    from integrations.wecom.webhook import WecomWebhook

    chats: dict[str, ChatChannel] = {}
    if settings.wecom_base_url:
        chats["wecom"] = WecomWebhook(settings.wecom_base_url)
    if settings.sandbox_chat_url:
        chats["sandbox"] = SandboxChat(settings.sandbox_chat_url, settings.sandbox_chat_secret, clock.now)
    if settings.http_chat_url:
        chats["http"] = HttpChat(settings.http_chat_url, settings.http_chat_secret, clock.now)
    if settings.telegram_token:
        chats["telegram"] = Telegram(settings.telegram_base_url, settings.telegram_token, settings.telegram_hook_secret)
    return chats


def _short_lived(settings: Settings) -> tuple[Counters, Any]:
    """Counters and the access token: on the Redis-protocol server when there is one, else in this process."""
    if settings.redis_url:
        from integrations.redis_backed import RedisCounters, RedisTokens, connect

        client = connect(settings.redis_url)
        return RedisCounters(client), RedisTokens(client)
    from integrations.counters import MemoryCounters
    from integrations.wechat.tokens import MemoryTokens

    return MemoryCounters(), MemoryTokens()


def _hooks(settings: Settings, clock: Clock) -> Hooks:
    from integrations.http_chat import HttpChat, SandboxChat
    from integrations.telegram import Telegram
    from integrations.wechat.push import MessagePush
    from integrations.wecom.aibot import AibotCallback

    aibot = push = chat = bridge = telegram = None
    if settings.aibot_token:
        aibot = AibotCallback(settings.aibot_token, settings.aibot_aes_key, clock.now)
    if settings.wxa_push_token:
        push = MessagePush(settings.wxa_push_token, settings.wxa_push_aes_key, settings.wxa_appid, clock.now)
    if settings.sandbox_chat_secret:
        chat = SandboxChat(settings.sandbox_chat_url, settings.sandbox_chat_secret, clock.now)
    if settings.http_chat_secret:
        bridge = HttpChat(settings.http_chat_url, settings.http_chat_secret, clock.now)
    if settings.telegram_hook_secret:
        telegram = Telegram(settings.telegram_base_url, settings.telegram_token, settings.telegram_hook_secret)
    return Hooks(aibot, push, chat, bridge, telegram)


def _register_doors(app: Flask, settings: Settings) -> None:
    document = api.install(app)
    for front in FRONTS:
        door = _door(f"blueprints.{front}")
        if isinstance(door, Door):
            document.register_blueprint(door)
        else:
            app.register_blueprint(door)
    plain = ("health", "docs") if settings.production else ("health", "docs", "dev")
    for name in plain:
        app.register_blueprint(importlib.import_module(f"blueprints.{name}").door)


@cache
def _door(package_name: str) -> Blueprint:
    """The door of a package, with the views of all its modules hung on it."""
    package = importlib.import_module(package_name)
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package_name}.{module.name}")
    door: Blueprint = importlib.import_module(f"{package_name}.door").door
    return door


def _register_commands(app: Flask) -> None:
    from bots.sweeps import sweeps
    from cli import commands
    from jobs import command as clock
    from jobs.schedule import SCHEDULE, Job

    chat = sweeps(voice_of(app.extensions["lintuan"].settings))
    app.extensions["lintuan-schedule"] = (*SCHEDULE, *(Job(*sweep) for sweep in chat))
    for command in (*commands(), clock.command):
        app.cli.add_command(command)
