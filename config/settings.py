"""Typed settings from `LINTUAN_*` variables; every problem is named at once, unsafe production values are refused."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from config.safety import unsafe
from domain.policy import Policy

PREFIX = "LINTUAN_"
ENVIRONMENTS = ("production", "development", "test")
CLOCK_OFFSET_FILE = "clock-offset"
SANDBOX_VALUES_FILE = "product.env"


class SettingsError(Exception):
    """The settings cannot be used; the message lists every problem."""


@dataclass(frozen=True)
class Settings:
    """One field per `LINTUAN_<FIELD>` variable; base URLs carry no path. Secrets are kept out of `repr`.

    Public pages are kept in a worker for `page_keep_ms` (0: not at all). `rush_waiting` requests may wait for a
    worker's committer (0: there is none, each has its own transaction), and what is sold out is known there for
    `sold_out_ms` (0: it is judged each time).

    With `consent` orders are taken only from who agreed to the privacy text in force.

    The live process listens on `live_port`, takes `live_streams` at once and looks at the counts every `live_poll_ms`.
    """

    env: Literal["production", "development", "test"] = "development"
    data_dir: Path = Path("var")
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    pii_key: str = field(default="", repr=False)
    public_url: str = "http://127.0.0.1:8000"
    log_level: str = "INFO"
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    database_pool: int = 12
    page_keep_ms: int = 100
    live_port: int = 8002
    live_streams: int = 2000
    live_poll_ms: int = 200
    rush_waiting: int = 256
    sold_out_ms: int = 100
    debug: bool = False
    consent: bool = False
    wxa_base_url: str = ""
    wxa_appid: str = ""
    wxa_secret: str = field(default="", repr=False)
    wxa_push_token: str = field(default="", repr=False)
    wxa_push_aes_key: str = field(default="", repr=False)
    wxa_template_arrived: str = ""
    wxa_template_refund: str = ""
    wxa_template_formed: str = ""
    pay_base_url: str = ""
    pay_mchid: str = ""
    pay_serial: str = ""
    pay_private_key_file: str = ""
    pay_apiv3_key: str = field(default="", repr=False)
    pay_public_key_id: str = ""
    pay_public_key_file: str = ""
    wecom_base_url: str = ""
    aibot_token: str = field(default="", repr=False)
    aibot_aes_key: str = field(default="", repr=False)
    aibot_name: str = "小邻"
    sandbox_chat_url: str = ""
    sandbox_chat_secret: str = field(default="", repr=False)
    http_chat_name: str = "bridge"
    http_chat_url: str = ""
    http_chat_secret: str = field(default="", repr=False)
    poster_font: str = ""
    telegram_base_url: str = "https://api.telegram.org"
    telegram_token: str = field(default="", repr=False)
    telegram_hook_secret: str = field(default="", repr=False)
    policy: Policy = field(default_factory=Policy)

    @property
    def production(self) -> bool:
        """Whether real people and real money depend on these settings."""
        return self.env == "production"

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address; without one, a file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'lintuan.sqlite3'}"

    @property
    def clock_offset_file(self) -> Path:
        """Where the seconds stand by which all product processes are shifted outside production."""
        return self.data_dir / CLOCK_OFFSET_FILE


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises `SettingsError` naming every problem.

    Outside production the values the sandbox wrote to `<data>/product.env` stand in for absent ones.
    """
    given = dict(os.environ if environ is None else environ)
    if given.get(PREFIX + "ENV") != "production":
        given = {**_sandbox_values(Path(given.get(PREFIX + "DATA_DIR") or "var")), **given}
    problems: list[str] = []
    values = _read(given, Settings, PREFIX, problems)
    values["policy"] = replace(Policy(), **_read(given, Policy, PREFIX + "POLICY_", problems))
    problems += [f"{name} is not a setting" for name in sorted(_unknown(given))]
    settings = Settings(**values)
    if settings.env not in ENVIRONMENTS:
        problems.append(f"{PREFIX}ENV must be one of {', '.join(ENVIRONMENTS)}")
    problems += unsafe(settings)
    if problems:
        raise SettingsError("the settings cannot be used:\n" + "\n".join(f"  - {problem}" for problem in problems))
    return settings


def _read(given: Mapping[str, str], table: type[Any], prefix: str, problems: list[str]) -> dict[str, Any]:
    """The values given for the fields of a dataclass, converted to the type of their defaults."""
    values: dict[str, Any] = {}
    for item in fields(table):
        text = given.get(prefix + item.name.upper(), "").strip()
        if text and item.name != "policy":
            try:
                values[item.name] = _convert(text, item.default)
            except ValueError:
                problems.append(f"{prefix}{item.name.upper()} is not {_KINDS[type(item.default)]}")
    return values


_KINDS = {bool: "one of true, false", int: "a whole number of 0 or more", str: "text", Path: "a path"}


def _convert(text: str, default: Any) -> Any:
    if isinstance(default, bool):
        return {"true": True, "1": True, "false": False, "0": False}[text.lower()] if text.lower() in _BOOLS else _bad()
    if isinstance(default, int):
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else _bad()
    return Path(text) if isinstance(default, Path) else text


_BOOLS = {"true", "false", "1", "0"}


def _bad() -> Any:
    raise ValueError


def _unknown(given: Mapping[str, str]) -> set[str]:
    known = {PREFIX + item.name.upper() for item in fields(Settings) if item.name != "policy"}
    known |= {f"{PREFIX}POLICY_{item.name.upper()}" for item in fields(Policy)}
    # The test suite's own variables share the prefix.
    return {name for name in given if name.startswith(PREFIX) and not name.startswith(PREFIX + "TEST_")} - known


def _sandbox_values(data_dir: Path) -> dict[str, str]:
    file = data_dir / SANDBOX_VALUES_FILE
    if not file.is_file():
        return {}
    lines = (line.partition("=") for line in file.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in lines if not name.startswith("#")}
