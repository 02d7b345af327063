"""What every template of the console may use: money, times, words, duties, links to one's history."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from flask.blueprints import BlueprintSetupState

from blueprints.console import safety, words
from blueprints.console.door import door
from blueprints.console.reasons import reason
from blueprints.shared import paging
from domain.clock import SHANGHAI
from domain.money import yuan
from domain.operators import Duty, may
from services.paging import Slice

PAGES = {
    "ord": "order", "pay": "payment", "rfd": "refund", "cmp": "campaign", "led": "leader", "stm": "statement",
    "pnt": "point", "bcs": "bill_case", "clm": "claim", "out": "letter", "sft": "shift",
    "bkf": "bank_file",
}  # fmt: skip
"""Which page shows the history of a thing, by the prefix of its id."""
FEW_CODES = 3
"""With so many recovery codes left every page says that fresh ones are due."""

LISTS = {
    "order": "orders", "payment": "payments", "refund": "refunds", "campaign": "campaigns", "leader": "leaders_page",
    "statement": "statements", "point": "points", "bill_case": "bill_cases", "claim": "claims", "letter": "letters",
    "shift": "shifts", "bank_file": "bank_files",
}  # fmt: skip
"""Which list each of these pages leads back to."""


def when(at: datetime | None) -> str:
    """`2026-11-27 20:00` in Shanghai; a dash for what has not happened."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else "—"


def day(of: date | None) -> str:
    """`2026-11-27`."""
    return of.isoformat() if of else "—"


def minutes(count: float | None) -> str:
    """`2 小时 5 分`; a dash for nothing."""
    if count is None:
        return "—"
    hours, rest = divmod(round(count), 60)
    return f"{hours} 小时 {rest} 分" if hours else f"{rest} 分"


def every(seconds: int) -> str:
    """`每 2 秒`, `每分钟`, `每 10 分钟`, `每小时`."""
    if seconds % 3600 == 0:
        return "每小时" if seconds == 3600 else f"每 {seconds // 3600} 小时"
    if seconds % 60 == 0:
        return "每分钟" if seconds == 60 else f"每 {seconds // 60} 分钟"
    return f"每 {seconds} 秒"


def percent(part: int, whole: int) -> str:
    """`62.5%`; a dash of nothing."""
    return f"{part * 100 / whole:.1f}%" if whole else "—"


def address(public_id: str) -> str:
    """The page of a thing by its public id; "" for what has none."""
    name = PAGES.get(public_id.partition("_")[0])
    return url_for(f"console.{name}", public_id=public_id) if name else ""


def further(part: Slice[Any]) -> str:
    """The address of the page after this one, with the same filters; "" when nothing follows."""
    cursor = paging.next_cursor(part)
    if cursor is None:
        return ""
    kept = {name: value for name, value in request.args.items() if name not in ("cursor", "done") and value}
    return f"{request.path}?{urlencode({**kept, 'cursor': cursor})}"


@door.record
def teach(state: BlueprintSetupState) -> None:
    """The filters; macros have them without being handed anything."""
    state.app.jinja_env.filters.update(
        yuan=yuan, when=when, day=day, minutes=minutes, percent=percent, address=address, word=words.word,
        event=words.event, reason=reason, account=words.account, every=every, further=further,
    )  # fmt: skip


def _above() -> dict[str, str]:
    """The list that the thing on this page stands in, and what the menu calls it; empty for a list itself."""
    view = (request.endpoint or "").partition(".")[2]
    above = LISTS.get(view, "")
    return {"list": above, "list_name": next((name for _, some in words.NAV for at, name in some if at == above), "")}


@door.context_processor
def around() -> dict[str, Any]:
    """Who is logged in, what they may do, the forms' token, and what was just done."""
    visitor = g.get("visitor")
    return {
        "visitor": visitor,
        "nav": words.NAV,
        **_above(),
        "few_codes": FEW_CODES,
        "can": lambda duty: visitor is not None and may(visitor.actor.kind, Duty(duty)),
        "form_token": safety.form_token if visitor else lambda: "",
        "form_key": lambda: secrets.token_urlsafe(16),
        "done": words.DONE.get(request.args.get("done", ""), ""),
    }
