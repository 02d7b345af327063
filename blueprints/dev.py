"""The movable clock of development; app.py leaves it out in production."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from flask import Blueprint, Response, current_app, jsonify, request

from blueprints.shared.bodies import read_object
from blueprints.shared.guards import public
from domain.errors import Invalid

door = Blueprint("dev", __name__, url_prefix="/dev")
_MOST_SECONDS = 10 * 366 * 86400


class MovableClock(Protocol):
    """A clock that can be shifted."""

    offset: timedelta

    def now(self) -> datetime:
        """The shifted instant."""

    def shift(self, seconds: int) -> None:
        """Shift it for all processes."""


@door.get("/clock")
@public
def show_clock() -> Response:
    """What time it is for the product."""
    return jsonify(_state())


@door.post("/clock")
@public
def set_clock() -> Response:
    """Shift the product's clock by `offset_seconds` against real time."""
    seconds = read_object(request).get("offset_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int) or abs(seconds) > _MOST_SECONDS:
        raise Invalid("must be a whole number of seconds, ten years at most", field="offset_seconds")
    _clock().shift(seconds)
    return jsonify(_state())


def _state() -> dict[str, Any]:
    clock = _clock()
    return {"offset_seconds": int(clock.offset.total_seconds()), "now": clock.now().isoformat()}


def _clock() -> MovableClock:
    clock: MovableClock = current_app.extensions["lintuan"].clock
    return clock
