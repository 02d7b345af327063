"""Access tokens of the stable kind: the same token until shortly before its end, or a fresh one by force."""

from __future__ import annotations

import re
import secrets

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.context import Sandbox, current
from sandbox.miniprogram.errors import WxError, json_body

SCHEMA = """
CREATE TABLE IF NOT EXISTS wxa_tokens (
  id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  forced INTEGER NOT NULL, dead INTEGER NOT NULL DEFAULT 0);
"""
LIFE_SECONDS, RENEWED_BEFORE_END_SECONDS = 7200, 300
FORCED_SPACING_SECONDS, FORCED_PER_DAY = 30, 20
bp = Blueprint("tokens", __name__)


def require_app(appid: object, secret: object) -> None:
    """Raise unless this is our mini-program and its secret."""
    words = current().credentials.words
    if not appid:
        raise WxError(41002, "appid missing")
    if appid != words.wxa_appid:
        raise WxError(40013, "invalid appid")
    if not secret:
        raise WxError(41004, "appsecret missing")
    if secret != words.wxa_secret:
        raise WxError(40125, "invalid appsecret")


def require_token() -> None:
    """Raise unless the query carries a living access_token; every call but login and token asks for it."""
    box, token = current(), request.args.get("access_token", "")
    if not token:
        raise WxError(41001, "access_token missing")
    if not re.fullmatch(r"[0-9A-Za-z_-]{100,}", token):
        raise WxError(40014, "invalid access_token")
    row = box.store.one("SELECT * FROM wxa_tokens WHERE token = ?", token)
    if row is None or row["dead"]:
        raise WxError(40001, "invalid credential, access_token is invalid or not latest")
    if row["expires_at"] <= box.clock.timestamp():
        raise WxError(42001, "access_token expired")


@bp.post("/cgi-bin/stable_token")
def stable_token() -> ResponseReturnValue:
    """`{grant_type, appid, secret, force_refresh?}` -> `{access_token, expires_in}`."""
    body = json_body()
    if body.get("grant_type") != "client_credential":
        raise WxError(40002, "invalid grant_type")
    require_app(body.get("appid"), body.get("secret"))
    box, now = current(), current().clock.timestamp()
    with box.store.transaction() as db:
        row = db.execute("SELECT * FROM wxa_tokens WHERE NOT dead ORDER BY id DESC LIMIT 1").fetchone()
        if body.get("force_refresh") is True:
            _check_forced(box, now)
            db.execute("UPDATE wxa_tokens SET dead = 1")
            row = None
        if row is None or row["expires_at"] - RENEWED_BEFORE_END_SECONDS <= now:
            row = db.execute(
                "INSERT INTO wxa_tokens (token, made_at, expires_at, forced) VALUES (?, ?, ?, ?) RETURNING *",
                (secrets.token_urlsafe(102), now, now + LIFE_SECONDS, body.get("force_refresh") is True),
            ).fetchone()
    return {"access_token": row["token"], "expires_in": row["expires_at"] - now}


def _check_forced(box: Sandbox, now: int) -> None:
    made = [row["made_at"] for row in box.store.all("SELECT made_at FROM wxa_tokens WHERE forced ORDER BY id")]
    if made and now - made[-1] < FORCED_SPACING_SECONDS:
        raise WxError(45011, "api minute-quota reach limit")
    if sum(now - moment < 86400 for moment in made) >= FORCED_PER_DAY:
        raise WxError(45009, "reach max api daily quota limit")
