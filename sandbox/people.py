"""The pretend platform's people: who they are there, and what they do on their phones."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from dataclasses import asdict, dataclass

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import control
from sandbox.context import Sandbox, current

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, openid TEXT NOT NULL UNIQUE, userid TEXT NOT NULL UNIQUE,
  nickname TEXT NOT NULL, phone TEXT NOT NULL, real_name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS codes (
  code TEXT PRIMARY KEY, kind TEXT NOT NULL, openid TEXT NOT NULL, expires_at INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS subscriptions (
  openid TEXT NOT NULL, template_id TEXT NOT NULL, quota INTEGER NOT NULL CHECK (quota >= 0),
  PRIMARY KEY (openid, template_id));
"""
CODE_SECONDS = 300
bp = Blueprint("people", __name__)


@dataclass(frozen=True)
class Person:
    """One person: `openid` in the mini-program, `userid` in WeCom; `real_name` as the bank knows it."""

    name: str
    openid: str
    userid: str
    nickname: str
    phone: str
    real_name: str


def ensure(box: Sandbox, name: str) -> Person:
    """The person called `name`, made on first mention; the same name is the same person in every folder."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    with box.store.transaction() as db:
        db.execute(
            "INSERT OR IGNORE INTO people (name, openid, userid, nickname, phone, real_name)"
            " VALUES (?, ?, ?, ?, '', ?)",
            (name, f"o{digest[:27]}", f"u{digest[:10]}", name, name),
        )
        # 7919 and 10^8 have no common divisor: phones differ, and so do their tails
        db.execute("UPDATE people SET phone = printf('138%08d', id * 7919 % 100000000) WHERE phone = ''")
        return _person(db.execute("SELECT * FROM people WHERE name = ?", (name,)).fetchone())


def find(box: Sandbox, *, name: str = "", openid: str = "", userid: str = "") -> Person | None:
    """The person with that name, openid or userid, or None."""
    row = box.store.one("SELECT * FROM people WHERE name = ? OR openid = ? OR userid = ?", name, openid, userid)
    return None if row is None else _person(row)


def everyone(box: Sandbox) -> list[Person]:
    """All people, in the order in which they came."""
    return [_person(row) for row in box.store.all("SELECT * FROM people ORDER BY id")]


def new_code(box: Sandbox, kind: str, openid: str) -> str:
    """A single-use code (`login` or `phone`), good for five minutes of the sandbox's clock."""
    code = f"0{secrets.token_hex(15)}"
    with box.store.transaction() as db:
        db.execute(
            "INSERT INTO codes (code, kind, openid, expires_at) VALUES (?, ?, ?, ?)",
            (code, kind, openid, box.clock.timestamp() + CODE_SECONDS),
        )
    return code


def _person(row: sqlite3.Row) -> Person:
    return Person(row["name"], row["openid"], row["userid"], row["nickname"], row["phone"], row["real_name"])


def _known(name: str) -> Person:
    person = find(current(), name=name)
    if person is None:
        abort(404, f"nobody is called {name}")
    return person


@bp.post("/control/people")
def add_person() -> ResponseReturnValue:
    """`{"name"}` -> `{name, openid, userid, nickname, phone, real_name}`; the same name again gives the same person."""
    name = control.wish().get("name")
    if not isinstance(name, str) or not name.strip():
        abort(400, "name")
    return asdict(ensure(current(), name.strip()))


@bp.get("/control/people")
def list_people() -> ResponseReturnValue:
    """`{"people": [...]}`."""
    return {"people": [asdict(person) for person in everyone(current())]}


@bp.post("/control/people/<name>/login-code")
def login_code(name: str) -> ResponseReturnValue:
    """What `wx.login` gives: `{"code"}`."""
    return {"code": new_code(current(), "login", _known(name).openid)}


@bp.post("/control/people/<name>/phone-code")
def phone_code(name: str) -> ResponseReturnValue:
    """What the phone-number button gives: `{"code"}`."""
    return {"code": new_code(current(), "phone", _known(name).openid)}


@bp.post("/control/people/<name>/real-name")
def set_real_name(name: str) -> ResponseReturnValue:
    """`{"real_name"}`: how the bank knows the person; it is their name until then."""
    real_name, openid = control.wish().get("real_name"), _known(name).openid
    if not isinstance(real_name, str) or not real_name.strip():
        abort(400, "real_name")
    with current().store.transaction() as db:
        db.execute("UPDATE people SET real_name = ? WHERE openid = ?", (real_name.strip(), openid))
    return asdict(_known(name))


@bp.post("/control/people/<name>/subscribe")
def subscribe(name: str) -> ResponseReturnValue:
    """`{"template_id", "times"?}`: the person accepts the prompt that often; `{"quota"}` says what is left."""
    wish = control.wish()
    openid, template, times = _known(name).openid, wish.get("template_id"), wish.get("times", 1)
    if not isinstance(template, str) or type(times) is not int or times < 0:
        abort(400, "template_id, times")
    with current().store.transaction() as db:
        row = db.execute(
            "INSERT INTO subscriptions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET quota = quota + excluded.quota"
            " RETURNING quota",
            (openid, template, times),
        ).fetchone()
        return {"quota": row["quota"]}
