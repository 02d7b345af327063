"""How the calls about shared cards misbehave when a knob says so."""

from __future__ import annotations

import time

from flask.typing import ResponseReturnValue

from sandbox.context import current
from sandbox.miniprogram.errors import WxError


def before() -> None:
    """What happens to a call before it is looked at: it waits, or is refused."""
    knobs = current().knobs
    time.sleep(knobs.number("cards_delay_ms") / 1000)
    if knobs.take("cards_busy"):
        raise WxError(-1, "system error")
    if knobs.take("cards_throttled"):
        raise WxError(45009, "reach max api daily quota limit")


def answer(good: dict[str, object]) -> ResponseReturnValue:
    """The answer to a call that was taken: `good`, unless it gets lost on its way."""
    if current().knobs.take("cards_lose_answers"):
        return "upstream closed the connection", 502
    return {"errcode": 0, "errmsg": "ok", **good}
