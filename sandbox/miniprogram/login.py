"""Who is on the phone: login codes for openids, phone codes for numbers."""

from __future__ import annotations

import base64
import secrets

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.context import Sandbox, current
from sandbox.miniprogram.errors import WxError, json_body
from sandbox.miniprogram.tokens import require_app, require_token

SCHEMA = """
CREATE TABLE IF NOT EXISTS wxa_sessions (openid TEXT PRIMARY KEY, session_key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS wxa_login_keys (code TEXT PRIMARY KEY, session_key TEXT NOT NULL);
"""
bp = Blueprint("login", __name__)


@bp.get("/sns/jscode2session")
def jscode2session() -> ResponseReturnValue:
    """`?appid&secret&js_code&grant_type` -> `{openid, session_key}`; each login changes the session key."""
    require_app(request.args.get("appid"), request.args.get("secret"))
    if request.args.get("grant_type") != "authorization_code":
        raise WxError(40002, "invalid grant_type")
    code = request.args.get("js_code")
    openid = _spend("login", code)
    kept = current().store.one("SELECT session_key FROM wxa_login_keys WHERE code = ?", code)
    session_key = kept["session_key"] if kept else _new_key()
    with current().store.transaction() as db:
        db.execute("INSERT OR REPLACE INTO wxa_sessions VALUES (?, ?)", (openid, session_key))
    return {"openid": openid, "session_key": session_key}


def login_with_key(box: Sandbox, openid: str) -> tuple[str, str]:
    """A login code and the session key it will be exchanged for: with it the client seals what it asks right after."""
    code, key = people.new_code(box, "login", openid), _new_key()
    with box.store.transaction() as db:
        db.execute("INSERT INTO wxa_login_keys VALUES (?, ?)", (code, key))
    return code, key


@bp.post("/wxa/business/getuserphonenumber")
def phone_number() -> ResponseReturnValue:
    """`{code, openid?}` -> `{phone_info: {phoneNumber, purePhoneNumber, countryCode, watermark}}`."""
    require_token()
    body = json_body()
    openid = _spend("phone", body.get("code"), body.get("openid"))
    person = people.find(current(), openid=openid)
    if person is None:
        raise WxError(40003, "invalid openid")
    watermark = {"timestamp": current().clock.timestamp(), "appid": current().credentials.words.wxa_appid}
    phone = {"phoneNumber": person.phone, "purePhoneNumber": person.phone, "countryCode": "86", "watermark": watermark}
    return {"errcode": 0, "errmsg": "ok", "phone_info": phone}


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(16)).decode()


def _spend(kind: str, code: object, openid: object = None) -> str:
    """Use up a code once and return its openid; a wrong `openid` leaves it unused."""
    box = current()
    with box.store.transaction() as db:
        row = db.execute("SELECT * FROM codes WHERE code = ? AND kind = ?", (str(code), kind)).fetchone()
        if row is None or row["expires_at"] <= box.clock.timestamp():
            raise WxError(40029, "invalid code")
        if row["used"]:
            raise WxError(40163, "code been used")
        if openid is not None and openid != row["openid"]:
            raise WxError(40003, "invalid openid")
        db.execute("UPDATE codes SET used = 1 WHERE code = ?", (row["code"],))
        return str(row["openid"])
