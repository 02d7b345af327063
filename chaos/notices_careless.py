"""The product with a planted fault in its committer, for the control of the storm: what it heard before it takes again.

Inbox, state and the second look under the locks are off together: each alone would still hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from app import create_app as create_sound_app
from domain.payments import Arrival
from services import payments
from services.context import Ctx
from services.hot import notice_writing, noticing
from services.hot.noticing import Heard


def spoil(replace: Callable[[Any, str, Any], None]) -> None:
    """Let `replace(owner, name, version)` put the fault in."""
    take_in = noticing._take_in

    def take_in_anew(ctx: Ctx, taken: Sequence[Heard], times: Counter[str]) -> set[str]:
        take_in(ctx, taken, times)
        return {each.notice.event_id for each in taken}

    replace(noticing, "_take_in", take_in_anew)
    for judge in (noticing, notice_writing):
        replace(judge, "classify", lambda *_: Arrival.COUNT)
    replace(payments, "LIVE", (*payments.LIVE, "succeeded"))


def create_app() -> Flask:
    """The product with it."""
    spoil(setattr)
    return create_sound_app()
