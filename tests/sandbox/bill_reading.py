"""Fetches and reads the sandbox's bills by their published format, with no help from anybody's parser."""

from __future__ import annotations

import gzip
import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.clock import SHANGHAI
from tests.sandbox.merchant import Merchant

DAY = 86400


def start_at_noon(merchant: Merchant) -> date:
    """Move the sandbox to the next noon of Shanghai, far from both midnights; its day."""
    now = datetime.fromisoformat(merchant.control("clock")["now"]).astimezone(SHANGHAI)
    noon = now.replace(hour=12, minute=0, second=0) + timedelta(days=1)
    merchant.control("clock", {"advance_seconds": int((noon - now).total_seconds())})
    return noon.date()


def ask(merchant: Merchant, day: date, kind: str = "tradebill", **query: str) -> Any:
    words = "&".join(f"{name}={value}" for name, value in {"bill_date": str(day), **query}.items())
    return merchant.ask("GET", f"/v3/bill/{kind}?{words}")


def fetch(merchant: Merchant, day: date, kind: str = "tradebill", **query: str) -> bytes:
    """The unzipped file, its hash checked."""
    offer = ask(merchant, day, kind, **query)
    assert offer.status_code == 200, offer.text
    content = download(merchant, offer.get_json()["download_url"]).get_data()
    content = gzip.decompress(content) if query.get("tar_type") == "GZIP" else content
    assert sha1(content) == offer.get_json()["hash_value"]
    return content


def sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def download(merchant: Merchant, url: str) -> Any:
    return merchant.ask("GET", url[url.index("/v3/") :])


def read(content: bytes) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Rows and summary by their column names."""
    lines = content.decode("utf-8-sig").removesuffix("\r\n").split("\r\n")
    rows = [dict(zip(lines[0].split(","), fields(line), strict=True)) for line in lines[1:-2]]
    return rows, dict(zip(lines[-2].split(","), fields(lines[-1]), strict=True))


def fields(line: str) -> list[str]:
    assert line.startswith("`")
    return line[1:].split(",`")


def fen(text: str) -> int:
    value = Decimal(text) * 100
    assert value == int(value)
    return int(value)


def number(row: dict[str, str]) -> str:
    """The merchant's own number of a trade row."""
    return row["商户订单号"] if row["商户退款单号"] == "0" else row["商户退款单号"]


def total(rows: list[dict[str, str]], column: str) -> int:
    return sum(fen(row[column]) for row in rows)
