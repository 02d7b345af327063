"""How a bill is written: UTF-8 with a mark, CRLF, a backtick before each field, amounts in yuan, a summary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sandbox.clock import SHANGHAI


def file(header: str, lines: Sequence[str], summary_header: str, summary: Sequence[str]) -> bytes:
    """The whole file."""
    text = [header, *lines, summary_header, line(summary)]
    return "".join(f"{part}\r\n" for part in text).encode("utf-8-sig")


def line(fields: Sequence[str]) -> str:
    """One row; nothing is quoted, so a line break inside a field becomes a blank."""
    return ",".join(f"`{field}" for field in fields).replace("\r", " ").replace("\n", " ")


def yuan(fen: int, decimals: int = 2) -> str:
    """Fen as yuan with that many decimals."""
    sign, (whole, rest) = "-" if fen < 0 else "", divmod(abs(fen), 100)
    return f"{sign}{whole}.{rest:02d}".ljust(len(sign) + len(str(whole)) + 1 + decimals, "0")


def moment(timestamp: int) -> str:
    """Seconds since 1970 as a bill writes them, Shanghai time."""
    return datetime.fromtimestamp(timestamp, SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def bounds(day: date) -> tuple[int, int]:
    """The first second of a Shanghai day and of the next one."""
    first = int(datetime.combine(day, time(), SHANGHAI).timestamp())
    return first, first + 86400


def ready_at(day: date) -> int:
    """When the gateway has written a day's bills: 10:00 of the next day."""
    return int((datetime.combine(day, time(10), SHANGHAI) + timedelta(days=1)).timestamp())


def today(timestamp: int) -> date:
    """The Shanghai day of a moment."""
    return datetime.fromtimestamp(timestamp, UTC).astimezone(SHANGHAI).date()
