"""What production refuses to start with; development only needs keys that are long enough."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from config.settings import Settings

LEAST_KEY_LENGTH = 32
NEEDED = (
    "wxa_base_url", "wxa_appid", "wxa_secret", "wxa_push_token", "wxa_push_aes_key", "pay_base_url", "pay_mchid",
    "pay_serial", "pay_private_key_file", "pay_apiv3_key", "pay_public_key_id", "pay_public_key_file",
    "wecom_base_url", "aibot_token", "aibot_aes_key",
)  # fmt: skip
KEY_LENGTHS = {"pay_apiv3_key": 32, "wxa_push_aes_key": 43, "aibot_aes_key": 43}
ADDRESSES = ("public_url", "wxa_base_url", "pay_base_url", "wecom_base_url", "http_chat_url", "telegram_base_url")
CHAT_SECRETS = {"http_chat_url": "http_chat_secret", "telegram_token": "telegram_hook_secret"}


def unsafe(settings: Settings) -> list[str]:
    """Every reason not to start, each naming its variable."""
    return [*_weak_keys(settings), *(_unsafe_in_production(settings) if settings.production else ())]


def _weak_keys(settings: Settings) -> Iterator[str]:
    for name in ("secret_key", "pii_key"):
        value = getattr(settings, name)
        if len(value) < LEAST_KEY_LENGTH or len(set(value)) < 8:
            yield f"LINTUAN_{name.upper()} must hold {LEAST_KEY_LENGTH} random characters or more"
    if settings.secret_key and settings.secret_key == settings.pii_key:
        yield "LINTUAN_PII_KEY must differ from LINTUAN_SECRET_KEY"


def _unsafe_in_production(settings: Settings) -> Iterator[str]:
    yield from (f"LINTUAN_{name.upper()} is missing" for name in NEEDED if not getattr(settings, name))
    for name, length in KEY_LENGTHS.items():
        if (key := getattr(settings, name)) and (len(key) != length or len(set(key)) < 8):
            yield f"LINTUAN_{name.upper()} must hold the {length} characters of the platform's console"
    for name in ADDRESSES:
        if (value := getattr(settings, name)) and not _is_outside_https(value):
            yield f"LINTUAN_{name.upper()} must be https and not loopback in production"
    for name, secret in CHAT_SECRETS.items():
        if getattr(settings, name) and len(getattr(settings, secret)) < LEAST_KEY_LENGTH:
            yield f"LINTUAN_{secret.upper()} must hold {LEAST_KEY_LENGTH} random characters or more"
    if settings.sandbox_chat_url or settings.sandbox_chat_secret:
        yield "LINTUAN_SANDBOX_CHAT_URL is for tests only"
    if not settings.policy.content_safety:
        yield "LINTUAN_POLICY_CONTENT_SAFETY must be true: what people write is checked before it is shown"
    if settings.debug:
        yield "LINTUAN_DEBUG is for development only"
    if settings.clock_offset_file.exists():
        yield f"{settings.clock_offset_file} shifts the clock: remove it"


def _is_outside_https(address: str) -> bool:
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or not host or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True
