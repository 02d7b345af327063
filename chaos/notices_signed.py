"""The gateway's own voice in this process: its keys, the product's settings for them, and true notices of payments."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.integrations import pay_keys

_NONCES = itertools.count(1)
NOBODY = "http://127.0.0.1:9"  # the port of RFC 863: nothing is asked there


@dataclass(frozen=True)
class Paid:
    """A payment that the gateway captured: its number, what was paid in fen, and by whom."""

    number: str
    total_fen: int
    openid: str


def settings_of(folder: Path) -> dict[str, str]:
    """The product's settings for a merchant of this gateway, by their names in `config.settings`."""
    keys = {
        "private": pay_keys.private_pem(pay_keys.merchant_key()),
        "public": pay_keys.public_pem(pay_keys.platform_key()),
    }
    files = {name: folder / f"gateway-{name}.pem" for name in keys}
    for name, file in files.items():
        file.write_text(keys[name])
    return {
        "wxa_appid": pay_keys.APPID, "wxa_secret": "no-secret", "wxa_base_url": NOBODY, "pay_base_url": NOBODY,
        "pay_mchid": pay_keys.MCHID, "pay_serial": pay_keys.SERIAL, "pay_apiv3_key": pay_keys.APIV3_KEY,
        "pay_private_key_file": str(files["private"]), "pay_public_key_id": pay_keys.KEY_ID,
        "pay_public_key_file": str(files["public"]),
    }  # fmt: skip


def sealed(paid: Paid, event_id: str) -> bytes:
    """The body of a notice of that payment."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    trade = pay_keys.paid_trade(
        out_trade_no=paid.number, transaction_id=f"42{paid.number[-26:]}", success_time=at,
        payer={"openid": paid.openid}, amount={"total": paid.total_fen, "payer_total": paid.total_fen,
                                               "currency": "CNY", "payer_currency": "CNY"},
    )  # fmt: skip
    return pay_keys.notice(trade, id=event_id, create_time=at)


def headers_of(body: bytes) -> dict[str, str]:
    """The headers of one delivery, signed now."""
    timestamp = str(int(datetime.now(UTC).timestamp()))
    signed = pay_keys.signed(body, timestamp=timestamp, nonce=f"nonce{next(_NONCES):011d}")
    return {"Content-Type": "application/json", **signed}
