"""Content safety, version 2: words are judged at once, pictures are fetched and judged in a push."""

from __future__ import annotations

import secrets
import time
from typing import Any

import requests
from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.context import Sandbox, current
from sandbox.miniprogram import messagepush
from sandbox.miniprogram.errors import WxError, json_body
from sandbox.miniprogram.tokens import require_token

SCHEMA = """
CREATE TABLE IF NOT EXISTS content_checks (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, openid TEXT NOT NULL, scene INTEGER NOT NULL, content TEXT NOT NULL,
  suggest TEXT NOT NULL);
"""
MOST_CHARACTERS, MOST_BYTES, FETCH_SECONDS = 2500, 10 * 1024 * 1024, 10
FINE, FOUND, OTHER = 100, 20006, 21000
KINDS = {1: "audio", 2: "picture"}
LOADED_NOT = {"errcode": -1008, "errmsg": "下载错误，请检查媒体链接是否正常"}
bp = Blueprint("content", __name__)


@bp.post("/wxa/msg_sec_check")
def check_text() -> ResponseReturnValue:
    """`{version: 2, openid, scene, content}` -> `{result: {suggest, label}, detail, trace_id}`; errcode 0 for all."""
    require_token()
    body, box = json_body(), current()
    time.sleep(box.knobs.number("content_delay_ms") / 1000)
    openid, scene = _asked(box, body)
    content = body.get("content")
    if not isinstance(content, str) or not content or len(content) > MOST_CHARACTERS:
        raise WxError(47001, "data format error: content")
    risky, doubtful = (_found(box, content, name) for name in ("content_risky", "content_review"))
    suggest = "risky" if risky else "review" if doubtful else "pass"
    label = FOUND if risky else OTHER if doubtful else FINE
    _note(box, "text", openid, scene, content, suggest)
    detail = [{"strategy": "keyword", "errcode": 0, "suggest": suggest, "label": label, "keyword": risky or doubtful}]
    return {"errcode": 0, "errmsg": "ok", "trace_id": _trace(), **_result(suggest, label), "detail": detail}


@bp.post("/wxa/media_check_async")
def check_media() -> ResponseReturnValue:
    """`{version: 2, openid, scene, media_type, media_url}` -> `{trace_id}`; the result comes as a push."""
    require_token()
    body, box = json_body(), current()
    openid, scene = _asked(box, body)
    kind, url = KINDS.get(body.get("media_type", 0)), body.get("media_url")
    if kind is None:
        raise WxError(40004, "invalid media_type")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise WxError(47001, "data format error: media_url")
    trace_id, delay = _trace(), box.knobs.number("content_delay_ms") / 1000
    box.push.submit(lambda: _look(box, openid, scene, url, trace_id), delay=delay, retries=())
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id}


@bp.get("/control/content-checks")
def read_checks() -> ResponseReturnValue:
    """`{"checks": [{kind, openid, scene, content, suggest}]}`: what was judged; of a picture how many bytes it has."""
    rows = current().store.all("SELECT kind, openid, scene, content, suggest FROM content_checks ORDER BY id")
    return {"checks": [dict(row) for row in rows]}


def _asked(box: Sandbox, body: dict[str, Any]) -> tuple[str, int]:
    """Who wrote it and where it will stand; raises what is wrong with either, and what the knobs want."""
    if box.knobs.take("content_fails"):
        code = int(box.knobs.word("content_fails_with"))
        raise WxError(code, {-1: "system error", 45009: "reach max api daily quota limit"}.get(code, "risky content"))
    if body.get("version") != 2:
        raise WxError(47001, "data format error: version")
    if body.get("scene") not in (1, 2, 3, 4):
        raise WxError(40129, "invalid scene")
    openid = body.get("openid")
    if not isinstance(openid, str) or people.find(box, openid=openid) is None:
        raise WxError(40003, "invalid openid")
    if box.knobs.take("content_long_away"):
        raise WxError(61010, "code is expired")
    return openid, int(body["scene"])


def _look(box: Sandbox, openid: str, scene: int, url: str, trace_id: str) -> bool:
    """Fetch and judge a picture, and tell; lost by a restart, as a result may be on the real platform."""
    content = _fetched(url)
    told: dict[str, Any] = {"appid": box.credentials.words.wxa_appid, "trace_id": trace_id, "version": 2, "detail": []}
    if content is None:
        told |= LOADED_NOT
    else:
        suggest = box.knobs.word("content_picture")
        told |= {"errcode": 0, "errmsg": "ok", **_result(suggest, FINE if suggest == "pass" else OTHER)}
        _note(box, "picture", openid, scene, str(len(content)), suggest)
    with box.store.transaction() as db:
        push = messagepush.write(db, box, "wxa_media_check", trace_id, openid, told)
    messagepush.send(box, push)
    return True


def _fetched(url: str) -> bytes | None:
    try:
        answer = requests.get(url, timeout=FETCH_SECONDS, allow_redirects=False)
    except requests.RequestException:
        return None
    return answer.content if answer.status_code == 200 and 0 < len(answer.content) <= MOST_BYTES else None


def _found(box: Sandbox, content: str, knob: str) -> str:
    return next((word for word in box.knobs.word(knob).split() if word in content), "")


def _result(suggest: str, label: int) -> dict[str, Any]:
    return {"result": {"suggest": suggest, "label": label}}


def _note(box: Sandbox, kind: str, openid: str, scene: int, content: str, suggest: str) -> None:
    with box.store.transaction() as db:
        db.execute(
            "INSERT INTO content_checks (kind, openid, scene, content, suggest) VALUES (?, ?, ?, ?, ?)",
            (kind, openid, scene, content, suggest),
        )


def _trace() -> str:
    return "-".join(secrets.token_hex(4) for _ in range(3))
