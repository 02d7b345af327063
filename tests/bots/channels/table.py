"""What the platforms allow, written out from the reference's table (section 0), and what of it nobody verified."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from services.ports import Capabilities, Limit

WECOM, CUSTOMER, HTTP, SANDBOX, TELEGRAM = "wecom", "customer", "http", "sandbox", "telegram"
ALL = (WECOM, CUSTOMER, HTTP, SANDBOX, TELEGRAM)
GROUPS = (WECOM, HTTP, SANDBOX, TELEGRAM)

TABLE: dict[str, Capabilities] = {
    # rows 1 and 2: only messages that @ it; the webhook speaks, 20 a minute; a card changes inside the answer to a
    # click; streams; no message id comes back from the webhook, so nothing is sent once for sure
    WECOM: Capabilities(
        hears="mentions", speaks="freely", edits="on_click", buttons=True, max_bytes=2048, streams=True,
        limits=(Limit("chat", 20, 60, cool_down=60),),
    ),
    # row 5a: one to one, 5 per message within 48 h, 2 in the minute after entering, never edited
    CUSTOMER: Capabilities(
        hears="alone", speaks="in_window", edits="never", buttons=False, max_bytes=2048,
        limits=(Limit("person", 5, 48 * 3600), Limit("person", 2, 60)),
    ),
    # last row: the generic signed HTTP channel, whose rules are ours
    HTTP: Capabilities(
        hears="everything", speaks="freely", edits="never", buttons=True, max_bytes=4096, sends_once=True,
        limits=(Limit("chat", 60, 60),),
    ),
    # no platform: what a test may wish for
    SANDBOX: Capabilities(
        hears="everything", speaks="freely", edits="any", buttons=True, max_bytes=4096, sends_once=True,
        limits=(Limit("chat", 600, 60),),
    ),
    # row 9 and section 7: own groups, hears, speaks and edits at any time; no idempotency handle
    TELEGRAM: Capabilities(
        hears="everything", speaks="freely", edits="any", buttons=True, max_bytes=4096,
        limits=(Limit("chat", 1, 1), Limit("chat", 20, 60), Limit("channel", 30, 1)),
    ),
}  # fmt: skip

NUMBERS = "M-numbers-from-memory"
UNVERIFIED: dict[tuple[str, str], str] = {
    ("capabilities", TELEGRAM): NUMBERS,
    ("hears", TELEGRAM): "M-privacy-mode-from-memory",
    ("press", TELEGRAM): "M-callback-data-64-bytes-from-memory",
    ("fits", TELEGRAM): "M-4096-characters-from-memory",
    ("card", TELEGRAM): "M-keyboard-rules-from-memory",
    ("limit", TELEGRAM): NUMBERS,
    ("gone", TELEGRAM): "M-403-kicked-from-memory",
    ("moved", TELEGRAM): "M-migrate-to-chat-id-from-memory",
    ("privacy", TELEGRAM): "M-privacy-mode-from-memory",
}


def cases(clause: str, kinds: Iterable[str] = ALL) -> Any:
    """The clause for each channel; where it rests on an unverified fact, its id says so and why."""
    marks = {kind: UNVERIFIED.get((clause, kind), "") for kind in kinds}
    return pytest.mark.parametrize("kind", [pytest.param(kind, id="-".join(filter(None, (kind, why))))
                                            for kind, why in marks.items()])  # fmt: skip
