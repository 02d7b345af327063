"""What each kind of value in a subscribe message may hold; the key's prefix names the kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DAY = r"\d{4}(年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2})"
_TIME, _DATE = rf"({_DAY} ?)?{_CLOCK}", rf"{_DAY}( ?{_CLOCK})?"

RULES: dict[str, re.Pattern[str]] = {
    "thing": re.compile(r".{1,20}"),
    "number": re.compile(r"(?=.{1,32}\Z)\d+(\.\d+)?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "symbol": re.compile(r"[^\w\s]{1,5}"),
    "character_string": re.compile(r"[!-~ ]{1,32}"),
    "time": re.compile(rf"{_TIME}( ?~ ?{_TIME})?"),
    "date": re.compile(rf"{_DATE}( ?~ ?{_DATE})?"),
    "amount": re.compile(r"[¥￥$€£]?(?=[\d.]+元?\Z)(\d\.?){1,10}元?"),
    "phone_number": re.compile(r"[\d+\-() #*]{1,17}"),
    "car_number": re.compile(r"(?=.{1,8}\Z)[一-鿿]?[0-9A-Za-z]+[一-鿿]?"),
    "name": re.compile(r"[ -~]{1,20}|.{1,10}"),
    "phrase": re.compile(r"[一-鿿]{1,5}"),
    "const": re.compile(r".+"),
    "enum": re.compile(r".+"),
}
_KEY = re.compile(rf"({'|'.join(RULES)})\d+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def broken_key(data: Mapping[str, Any]) -> str | None:
    """The first key of `{key: {"value": text}}` whose value the platform refuses, None when all are good."""
    return next((key for key, item in data.items() if not _fits(key, item)), None)


def _fits(key: str, item: object) -> bool:
    kind = _KEY.fullmatch(key)
    value = item.get("value") if isinstance(item, dict) else None
    if kind is None or not isinstance(value, str) or _CONTROL.search(value):
        return False
    return RULES[kind[1]].fullmatch(value) is not None
