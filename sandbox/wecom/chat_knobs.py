"""The knobs that make the chat platform misbehave, kept in the store."""

from __future__ import annotations

import json
import time

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox.context import Sandbox, current
from sandbox.control import wish as told

bp = Blueprint("chat_knobs", __name__)
KNOBS: dict[str, tuple[int, str]] = {
    "duplicate_callbacks": (1, "each message callback goes out this many times in parallel, with one msgid"),
    "callback_delay_ms": (0, "wait before each callback (real ms)"),
    "drop_replies": (0, "lose the robot's next n answers on their way"),
    "tamper_callbacks": (0, "send a copy with a wrong signature before each of the next n callbacks"),
    "webhook_delay_ms": (0, "wait before each answer to a webhook message (real ms)"),
    "webhook_lose_answers": (0, "take the next n webhook messages, then answer with a broken gateway"),
    "push_lose_answers": (0, "take the next n messages of bridge, test channel or Telegram, then break the answer"),
    "push_delay_ms": (0, "wait before each answer to bridge, test channel or Telegram (real ms)"),
    "push_throttled": (0, "refuse the next n messages of bridge, test channel or Telegram with 429, and take nothing"),
    "webhook_errcode": (0, "answer the next webhook message with this errcode, and take nothing"),
    "webhook_busy": (0, "answer the next n webhook messages with errcode -1"),
}


def read(box: Sandbox) -> dict[str, int]:
    """Every knob's value."""
    turned: dict[str, int] = json.loads(box.store.setting("chat_knobs", "{}"))
    return {name: default for name, (default, _) in KNOBS.items()} | turned


def turn(box: Sandbox, wishes: dict[str, int]) -> None:
    """Set some knobs."""
    with box.store.transaction():
        box.store.remember("chat_knobs", json.dumps(read(box) | wishes))


def take(box: Sandbox, name: str) -> bool:
    """Use up one of a knob's "next n"; False when none is left."""
    if not read(box)[name]:
        return False
    with box.store.transaction():
        left = read(box)[name]
        if left:
            turn(box, {name: left - 1})
        return left > 0


def throttled(box: Sandbox) -> bool:
    """Wait as `push_delay_ms` says, then use up one of `push_throttled`."""
    time.sleep(read(box)["push_delay_ms"] / 1000)
    return take(box, "push_throttled")


@bp.get("/control/chat-knobs")
def show() -> ResponseReturnValue:
    """`{"knobs": {name: value}, "about": {name: {default, doc}}}`."""
    about = {name: {"default": default, "doc": doc} for name, (default, doc) in KNOBS.items()}
    return {"knobs": read(current()), "about": about}


@bp.post("/control/chat-knobs")
def change() -> ResponseReturnValue:
    """`{name: n, …}` turns some, `{"reset": true}` puts all to rest first; 400 names what does not fit."""
    wishes = told()
    reset = wishes.pop("reset", False)
    for name, value in wishes.items():
        if name not in KNOBS or type(value) is not int or value < 0:
            abort(400, f"no such knob or value: {name}")
    if reset:
        current().store.remember("chat_knobs", "{}")
    turn(current(), wishes)
    return {"knobs": read(current())}
