"""Keys and secrets of the pretend platform, made once per data folder, and the product's share of them."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key

from sandbox.config import Config
from sandbox.store import OtherVersion

MERCHANT_KEY, PLATFORM_KEY, PLATFORM_PUBLIC_KEY = "merchant_key.pem", "platform_key.pem", "platform_public_key.pem"


@dataclass(frozen=True)
class Words:
    """Every secret that is a word; the RSA keys lie beside it as PEM files."""

    wxa_appid: str
    wxa_secret: str
    wxa_push_token: str
    wxa_push_aes_key: str
    template_arrived: str
    template_refund: str
    template_formed: str
    mchid: str
    merchant_serial: str
    apiv3_key: str
    public_key_id: str
    aibot_token: str
    aibot_aes_key: str
    sandbox_chat_secret: str
    http_chat_secret: str
    telegram_token: str
    telegram_hook_secret: str


@dataclass(frozen=True)
class Credentials:
    """All keys of one sandbox: `words` for the words, the rest read from PEM files in `folder`."""

    folder: Path
    words: Words

    @cached_property
    def merchant_public_key(self) -> RSAPublicKey:
        """Checks what the product signs; the sandbox never signs as the merchant."""
        return _private_key(self.folder / MERCHANT_KEY).public_key()

    @cached_property
    def platform_key(self) -> RSAPrivateKey:
        """Signs replies and notices."""
        return _private_key(self.folder / PLATFORM_KEY)


def ensure(config: Config) -> Credentials:
    """Make the keys unless they are there, and (re)write `product.env` for the port in use."""
    folder = config.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "credentials.json"
    if not file.exists():
        _make_keys(folder)
        file.write_text(json.dumps(asdict(_new_words()), indent=2))
    try:
        credentials = Credentials(folder.resolve(), Words(**json.loads(file.read_text())))
    except TypeError:
        raise OtherVersion(f"{file} was made by another version of the sandbox: remove its folder") from None
    (folder / "product.env").write_text(product_env(config, credentials))
    return credentials


def product_env(config: Config, credentials: Credentials) -> str:
    """The product's settings that point it at this sandbox, as `KEY=VALUE` lines."""
    words, base, folder = credentials.words, config.base_url, credentials.folder
    values = {
        "LINTUAN_WXA_BASE_URL": base,
        "LINTUAN_WXA_APPID": words.wxa_appid,
        "LINTUAN_WXA_SECRET": words.wxa_secret,
        "LINTUAN_WXA_PUSH_TOKEN": words.wxa_push_token,
        "LINTUAN_WXA_PUSH_AES_KEY": words.wxa_push_aes_key,
        "LINTUAN_WXA_TEMPLATE_ARRIVED": words.template_arrived,
        "LINTUAN_WXA_TEMPLATE_REFUND": words.template_refund,
        "LINTUAN_WXA_TEMPLATE_FORMED": words.template_formed,
        "LINTUAN_PAY_BASE_URL": base,
        "LINTUAN_PAY_MCHID": words.mchid,
        "LINTUAN_PAY_SERIAL": words.merchant_serial,
        "LINTUAN_PAY_PRIVATE_KEY_FILE": str(folder / MERCHANT_KEY),
        "LINTUAN_PAY_APIV3_KEY": words.apiv3_key,
        "LINTUAN_PAY_PUBLIC_KEY_ID": words.public_key_id,
        "LINTUAN_PAY_PUBLIC_KEY_FILE": str(folder / PLATFORM_PUBLIC_KEY),
        "LINTUAN_WECOM_BASE_URL": base,
        "LINTUAN_AIBOT_TOKEN": words.aibot_token,
        "LINTUAN_AIBOT_AES_KEY": words.aibot_aes_key,
        "LINTUAN_AIBOT_NAME": "小邻",
        "LINTUAN_SANDBOX_CHAT_URL": base,
        "LINTUAN_SANDBOX_CHAT_SECRET": words.sandbox_chat_secret,
        "LINTUAN_HTTP_CHAT_URL": f"{base}/chat-bridge/messages",
        "LINTUAN_HTTP_CHAT_SECRET": words.http_chat_secret,
        "LINTUAN_TELEGRAM_BASE_URL": base,
        "LINTUAN_TELEGRAM_TOKEN": words.telegram_token,
        "LINTUAN_TELEGRAM_HOOK_SECRET": words.telegram_hook_secret,
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _new_words() -> Words:
    return Words(
        wxa_appid=f"wx{secrets.token_hex(8)}",
        wxa_secret=secrets.token_hex(16),
        wxa_push_token=secrets.token_hex(8),
        wxa_push_aes_key=_aes_key(),
        template_arrived=secrets.token_urlsafe(32),
        template_refund=secrets.token_urlsafe(32),
        template_formed=secrets.token_urlsafe(32),
        mchid=f"19{secrets.randbelow(10**8):08d}",
        merchant_serial=secrets.token_hex(20).upper(),
        apiv3_key=secrets.token_hex(16),
        public_key_id=f"PUB_KEY_ID_0{secrets.randbelow(10**27):027d}",
        aibot_token=secrets.token_hex(12),
        aibot_aes_key=_aes_key(),
        sandbox_chat_secret=secrets.token_hex(32),
        http_chat_secret=secrets.token_hex(32),
        telegram_token=f"{7_100_000_001}:{secrets.token_urlsafe(26)}",
        telegram_hook_secret=secrets.token_hex(24),
    )


def _aes_key() -> str:
    """43 characters which, with a final "=", are 32 bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def _make_keys(folder: Path) -> None:
    for name in (MERCHANT_KEY, PLATFORM_KEY):
        key = generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes(pem)
    public = _private_key(folder / PLATFORM_KEY).public_key()
    (folder / PLATFORM_PUBLIC_KEY).write_bytes(
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def _private_key(path: Path) -> RSAPrivateKey:
    # the sandbox made the key itself: the slow check for weak primes has nothing to find
    pem = path.read_bytes()
    return cast(RSAPrivateKey, serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True))
