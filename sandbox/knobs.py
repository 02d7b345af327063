"""The knobs that make the sandbox misbehave: one declared table, kept in the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import control
from sandbox.context import current
from sandbox.store import Store

bp = Blueprint("knobs", __name__)


@dataclass(frozen=True)
class Knob:
    """One knob: its resting value, what it does and, where it takes words, which."""

    default: int | str
    doc: str
    words: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether a wish has the resting value's type and one of the allowed words, or is not negative."""
        if isinstance(self.default, int):
            return type(value) is int and value >= 0
        return isinstance(value, str) and (not self.words or value in self.words)


KNOBS: dict[str, Knob] = {
    "duplicate_notices": Knob(1, "each notice goes out this many times, in parallel"),
    "reorder_notices": Knob(0, "hold the next n notices back until a later one has been answered"),
    "notice_delay_ms": Knob(0, "wait before the first attempt of each notice (real ms)"),
    "lose_notices": Knob(0, "never deliver the next n notices"),
    "tamper_notices": Knob(0, "send a spoilt copy before each of the next n notices"),
    "tamper_how": Knob("body", "how it is spoilt", ("body", "signature", "timestamp", "serial")),
    "signtest_probe": Knob(0, "send a WECHATPAY/SIGNTEST/ signature before each of the next n notices"),
    "gateway_outage": Knob(
        "off",
        "refuse: 503 before any work; drop_after_commit: works, then cuts the connection; error_after_commit: 500",
        ("off", "refuse", "drop_after_commit", "error_after_commit"),
    ),
    "gateway_outage_only": Knob("", "the outage touches only paths that contain this text"),
    "slow_ms": Knob(0, "every /v3 answer waits this long (real ms)"),
    "frequency_limited": Knob(0, "answer 429 FREQUENCY_LIMITED to the next n refund requests"),
    "refund_result": Knob("SUCCESS", "how the next refunds end", ("SUCCESS", "ABNORMAL", "CLOSED")),
    "refund_result_times": Knob(0, "for how many refunds refund_result holds; afterwards they succeed"),
    "refund_delay_ms": Knob(200, "from PROCESSING to the end of a refund (real ms)"),
    "refund_spacing_seconds": Knob(60, "least time between two refunds of one order (sandbox clock)"),
    "not_enough": Knob(0, "1: every new refund is refused with NOT_ENOUGH"),
    "transfer_delay_ms": Knob(200, "from TRANSFERING or CANCELING to the end of a transfer (real ms)"),
    "freeze": Knob("on", "off: what is paid from now on is free at once", ("on", "off")),
    "shipping_auto_confirm_hours": Knob(0, "receipt confirms itself so long after shipping; 0: 48, for express 240"),
    "cards_delay_ms": Knob(0, "every call about a shared card waits this long (real ms)"),
    "cards_busy": Knob(0, "answer the next n calls about shared cards with errcode -1"),
    "cards_throttled": Knob(0, "answer the next n calls about shared cards with errcode 45009"),
    "cards_lose_answers": Knob(0, "take the next n calls about shared cards, then answer with a broken gateway"),
    "content_risky": Knob("赌博 代开发票", "words, apart by spaces, that content safety finds risky"),
    "content_review": Knob("加微信 兼职", "words, apart by spaces, of which content safety is not sure"),
    "content_picture": Knob("pass", "what content safety finds in the next pictures", ("pass", "review", "risky")),
    "content_delay_ms": Knob(0, "each check of words, and each result about a picture, waits this long (real ms)"),
    "content_fails": Knob(0, "refuse the next n checks with content_fails_with"),
    "content_fails_with": Knob("-1", "87014 is what version 1 said of risky words", ("-1", "45009", "87014")),
    "content_long_away": Knob(0, "answer the next n checks as if their author had not been here for two hours (61010)"),
    "shipping_unknown_seconds": Knob(0, "shipping calls do not know a payment yet for so long (sandbox clock)"),
}


class Knobs:
    """Reads, turns and uses up knobs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> dict[str, int | str]:
        """Every knob's value."""
        return {**{name: knob.default for name, knob in KNOBS.items()}, **self._turned()}

    def number(self, name: str) -> int:
        """The value of a knob that is a number."""
        return int(self.all()[name])

    def word(self, name: str) -> str:
        """The value of a knob that is a word."""
        return str(self.all()[name])

    def turn(self, wishes: dict[str, Any]) -> None:
        """Set some knobs."""
        with self._store.transaction():
            self._store.remember("knobs", json.dumps({**self._turned(), **wishes}))

    def reset(self) -> None:
        """Put every knob to rest."""
        self._store.remember("knobs", "{}")

    def take(self, name: str) -> bool:
        """Use up one of a knob's "next n"; False when none is left."""
        with self._store.transaction():
            left = self.number(name)
            if left > 0:
                self.turn({name: left - 1})
            return left > 0

    def _turned(self) -> dict[str, int | str]:
        turned: dict[str, int | str] = json.loads(self._store.setting("knobs", "{}"))
        return turned


@bp.get("/control/knobs")
def read_knobs() -> ResponseReturnValue:
    """`{"knobs": {name: value}, "about": {name: {default, doc, words}}}`."""
    about = {name: {"default": k.default, "doc": k.doc, "words": k.words} for name, k in KNOBS.items()}
    return {"knobs": current().knobs.all(), "about": about}


@bp.post("/control/knobs")
def turn_knobs() -> ResponseReturnValue:
    """`{name: value, …}` turns some, `{"reset": true}` puts all to rest first; 400 names what does not fit."""
    wishes = control.wish()
    reset = wishes.pop("reset", False)
    for name, value in wishes.items():
        if name not in KNOBS or not KNOBS[name].accepts(value):
            abort(400, f"no such knob or value: {name}")
    knobs = current().knobs
    if reset:
        knobs.reset()
    knobs.turn(wishes)
    return {"knobs": knobs.all()}
