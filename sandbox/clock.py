"""The sandbox's time: the machine's clock plus an offset that is kept in the store and moved over HTTP."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import requests
from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import control
from sandbox.context import current
from sandbox.store import Store

SHANGHAI = timezone(timedelta(hours=8))
bp = Blueprint("clock", __name__)


class Clock:
    """The only place in the sandbox that reads the machine's clock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._offset = int(store.setting("clock.offset_seconds", "0"))

    @property
    def offset_seconds(self) -> int:
        """By how much the sandbox is ahead of the machine."""
        return self._offset

    def now(self) -> datetime:
        """The sandbox's moment, aware, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._offset)

    def timestamp(self) -> int:
        """The sandbox's moment in whole seconds since 1970."""
        return int(self.now().timestamp())

    def machine_timestamp(self) -> int:
        """The machine's own moment, for clients whose library signs with it."""
        return int(datetime.now(UTC).timestamp())

    def move(self, *, offset_seconds: int | None = None, advance_seconds: int = 0) -> int:
        """Set the offset, or add to it; returns the offset that results."""
        with self._lock:
            self._offset = (self._offset if offset_seconds is None else offset_seconds) + advance_seconds
            self._store.remember("clock.offset_seconds", str(self._offset))
            return self._offset


def rfc3339(timestamp: int) -> str:
    """Seconds since 1970 as WeChat writes them, in Shanghai's time."""
    return datetime.fromtimestamp(timestamp, SHANGHAI).isoformat(timespec="seconds")


@bp.get("/control/clock")
def read_clock() -> ResponseReturnValue:
    """`{"offset_seconds", "now"}`."""
    clock = current().clock
    return {"offset_seconds": clock.offset_seconds, "now": clock.now().isoformat(timespec="seconds")}


@bp.post("/control/clock")
def move_clock() -> ResponseReturnValue:
    """`{"offset_seconds": n}` sets this clock; `{"advance_seconds": n}` moves it and the product's."""
    wish = control.wish()
    names = {"offset_seconds", "advance_seconds"} & set(wish)
    if len(names) != 1 or type(wish[name := names.pop()]) is not int:
        abort(400, "offset_seconds or advance_seconds, a whole number")
    box = current()
    offset = box.clock.move(**{name: wish[name]})
    product = _forward(box.config.product_url, offset) if name == "advance_seconds" else "not asked"
    return {"offset_seconds": offset, "now": box.clock.now().isoformat(timespec="seconds"), "product": product}


def _forward(product_url: str, offset: int) -> str:
    """Tell the product; one that is not there yet reads the offset when it starts, so its absence is no error."""
    if not product_url:
        return "absent"
    try:
        answer = requests.post(f"{product_url}/dev/clock", json={"offset_seconds": offset}, timeout=5)
    except requests.RequestException:
        return "absent"
    return "moved" if answer.ok else f"refused ({answer.status_code})"
