"""Both sides' keys of a made-up merchant: what the gateway signs and seals in these tests, and the guard under test."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from integrations.wechatpay.gateway import WeChatPayGateway
from tests.integrations.local_server import PATIENCE_SECONDS

APPID, MCHID, SERIAL = "wx0123456789abcdef", "1900000001", "5157F09EFDC096DE15EBE81A47057A72"
KEY_ID, APIV3_KEY = "PUB_KEY_ID_0119000000012026", "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 11, 22, 4, 5, 6, tzinfo=UTC)


@cache
def merchant_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@cache
def platform_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_pem(key: RSAPrivateKey) -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(encoding, form).decode()


def gateway(base_url: str = "https://pay.invalid", **changes: Any) -> WeChatPayGateway:
    """The guard under test, at `NOW`."""
    values: dict[str, Any] = {
        "base_url": base_url,
        "appid": APPID,
        "mchid": MCHID,
        "serial": SERIAL,
        "private_key_pem": private_pem(merchant_key()),
        "apiv3_key": APIV3_KEY,
        "public_key_id": KEY_ID,
        "public_key_pem": public_pem(platform_key()),
        "notify_url_pay": "https://us.invalid/hooks/wechatpay/pay",
        "notify_url_refund": "https://us.invalid/hooks/wechatpay/refund",
        "notify_url_transfer": "https://us.invalid/hooks/wechatpay/transfer",
        "clock": lambda: NOW,
        "timeout": PATIENCE_SECONDS,
    }
    return WeChatPayGateway(**{**values, **changes})


def signed(body: bytes, **changes: str) -> dict[str, str]:
    """The five headers over `body`; changes replace header values by their last word (timestamp, nonce, serial)."""
    timestamp = changes.get("timestamp", str(int(NOW.timestamp())))
    nonce = changes.get("nonce", "EcZ9Cmy4Xyx1i6Rl")
    text = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
    signature = base64.b64encode(platform_key().sign(text, PKCS1v15(), SHA256())).decode()
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": changes.get("serial", KEY_ID),
        "Wechatpay-Signature": changes.get("signature", signature),
        "Wechatpay-Signature-Type": changes.get("signature_type", "WECHATPAY2-SHA256-RSA2048"),
    }


def notice(content: Any, event_type: str = "TRANSACTION.SUCCESS", /, **changes: Any) -> bytes:
    """A callback's body with `content` sealed in it; changes replace fields of the envelope."""
    nonce, associated = b"fdasfjihihih", b"transaction"
    sealed = AESGCM(APIV3_KEY.encode()).encrypt(nonce, json.dumps(content).encode(), associated)
    envelope = {
        "id": "EV-2018022511223320873",
        "create_time": "2026-11-22T12:05:06+08:00",
        "resource_type": "encrypt-resource",
        "event_type": event_type,
        "summary": "支付成功",
        "resource": {
            "original_type": "transaction",
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "associated_data": associated.decode(),
            "nonce": nonce.decode(),
        },
    }
    return json.dumps({**envelope, **changes}, ensure_ascii=False).encode()


def paid_trade(**changes: Any) -> dict[str, Any]:
    """A paid trade as the gateway tells it."""
    trade = {
        "mchid": MCHID,
        "appid": APPID,
        "out_trade_no": "pay_01m7",
        "transaction_id": "4200001234202611220000000001",
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "success_time": "2026-11-22T12:05:00+08:00",
        "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        "amount": {"total": 2990, "payer_total": 2890, "currency": "CNY", "payer_currency": "CNY"},
    }
    return {**trade, **changes}


def made_refund(**changes: Any) -> dict[str, Any]:
    """A refund as a reply tells it."""
    refund = {
        "refund_id": "50000000382019052709732678859",
        "out_refund_no": "rfd_01m7",
        "out_trade_no": "pay_01m7",
        "transaction_id": "4200001234202611220000000001",
        "status": "PROCESSING",
        "amount": {"total": 2990, "refund": 990, "payer_total": 2890, "payer_refund": 957, "currency": "CNY"},
    }
    return {**refund, **changes}
