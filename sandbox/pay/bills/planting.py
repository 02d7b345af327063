"""Seeded errors in the trade bill: planted by day and seed, kept until cleared, never in the books."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import control
from sandbox.context import Sandbox, current
from sandbox.pay.bills import layout, trades
from sandbox.pay.bills.errors import ERRORS, How, unknown_payment
from sandbox.pay.bills.trades import Trade

SCHEMA = """
CREATE TABLE IF NOT EXISTS pay_bill_errors (
  id INTEGER PRIMARY KEY, bill_date TEXT NOT NULL, stands_on TEXT NOT NULL, error TEXT NOT NULL, number TEXT NOT NULL,
  is_refund INTEGER NOT NULL, how TEXT NOT NULL, UNIQUE (bill_date, number, is_refund));
CREATE INDEX IF NOT EXISTS pay_bill_errors_standing ON pay_bill_errors (stands_on);
"""
_INSERT = "INSERT INTO pay_bill_errors (bill_date, stands_on, error, number, is_refund, how) VALUES (?, ?, ?, ?, ?, ?)"
bp = Blueprint("bill_errors", __name__)


def shown(box: Sandbox, day: date) -> tuple[list[Trade], dict[str, str], bool]:
    """A day's rows with the planted errors in them; how the line of which number is spoilt; whether the hash lies."""
    rows = {(trade.number, trade.is_refund): [trade] for trade in trades.of_day(box, day)}
    spoilt, lies = {}, False
    for planted in box.store.all("SELECT * FROM pay_bill_errors WHERE bill_date = ?1 OR stands_on = ?1", str(day)):
        key, how = (planted["number"], bool(planted["is_refund"])), json.loads(planted["how"])
        if planted["error"] == "hash":
            lies = True
        elif planted["error"] == "missing_here":
            rows[key] = [Trade(**how["row"])]
        elif planted["stands_on"] != planted["bill_date"]:
            rows[key] = _arrived(box, planted, day) if planted["stands_on"] == day.isoformat() else []
        elif key in rows:
            rows[key] = ERRORS[planted["error"]].change(rows[key][0], how)
            if planted["error"] == "format":
                spoilt[planted["number"]] = how["how"]
    return sorted((row for some in rows.values() for row in some), key=lambda trade: trade.at), spoilt, lies


def _arrived(box: Sandbox, planted: Any, day: date) -> list[Trade]:
    """A row that stands in a later bill than its own; one across midnight is timed in the day's first minute."""
    trade = trades.one(box, planted["number"], refund=bool(planted["is_refund"]))
    if trade is None:
        return []
    first, _ = layout.bounds(day)
    return [replace(trade, at=first + planted["id"] % 60) if planted["error"] == "across_midnight" else trade]


@bp.get("/control/bills/plant")
def read_planted() -> ResponseReturnValue:
    """`{"planted": [{bill_date, error, number, how}], "errors": {error: what it does}}`."""
    rows = current().store.all("SELECT * FROM pay_bill_errors ORDER BY id")
    planted = [
        {"bill_date": row["bill_date"], **_told(row["error"], row["number"], json.loads(row["how"]))} for row in rows
    ]
    return {"planted": planted, "errors": {name: error.doc for name, error in ERRORS.items()}}


@bp.post("/control/bills/plant")
def plant() -> ResponseReturnValue:
    """`{"bill_date", "error", "count"?, "seed"?}` -> `{"planted": [{error, number, how}]}`; 409 `too_few_rows`."""
    wish, box = control.wish(), current()
    day, error = _day(wish.get("bill_date")), wish.get("error")
    count, seed = wish.get("count", 1), wish.get("seed", 0)
    if error not in ERRORS or type(count) is not int or not 1 <= count <= 1000 or type(seed) is not int:
        abort(400, "bill_date, error, count, seed")
    rng = Random(f"{day} {error} {seed}")  # noqa: S311 - the same seed must plant the same errors
    stands_on = day + timedelta(days=ERRORS[error].days_later)
    with box.store.transaction() as db:
        found = _drawn(box, rng, day, error, count)
        rows = [(str(day), str(stands_on), error, number, refund, json.dumps(how)) for number, refund, how in found]
        try:
            db.executemany(_INSERT, rows)
        except sqlite3.IntegrityError:
            abort(409, "too_few_rows")
    return {"planted": [_told(error, number, how) for number, _, how in found]}


@bp.post("/control/bills/clear")
def clear() -> ResponseReturnValue:
    """`{"bill_date"?}`: take the errors of that day, or all, out again; `{"cleared": n}`."""
    wish = control.wish()
    day = _day(wish["bill_date"]).isoformat() if "bill_date" in wish else "%"
    with current().store.transaction() as db:
        return {"cleared": db.execute("DELETE FROM pay_bill_errors WHERE bill_date LIKE ?", (day,)).rowcount}


def _drawn(box: Sandbox, rng: Random, day: date, error: str, count: int) -> list[tuple[str, bool, How]]:
    """What an error falls on, each untouched so far: (number, is it a refund, how)."""
    kind = ERRORS[error]
    if error == "missing_here":
        mchid, (first, _) = box.credentials.words.mchid, layout.bounds(day)
        made = [unknown_payment(rng, mchid, first) for _ in range(count)]
        found: list[tuple[str, bool, How]] = [(trade.number, False, {"row": asdict(trade)}) for trade in made]
    elif error == "hash":
        found = [("", False, {})] * count
    else:
        free = [trade for trade in trades.of_day(box, day) if kind.fits(trade) and not _is_touched(box, day, trade)]
        if len(free) < count:
            abort(409, "too_few_rows")
        found = [(trade.number, trade.is_refund, kind.draw(rng, trade)) for trade in rng.sample(free, count)]
    return found


def _is_touched(box: Sandbox, day: date, trade: Trade) -> bool:
    query = "SELECT 1 FROM pay_bill_errors WHERE bill_date = ? AND number = ? AND is_refund = ?"
    return box.store.one(query, str(day), trade.number, trade.is_refund) is not None


def _told(error: str, number: str, how: How) -> dict[str, str]:
    return {"error": error, "number": number, "how": str(how.get("how", ""))}


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        abort(400, "bill_date")
