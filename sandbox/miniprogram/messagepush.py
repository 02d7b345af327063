"""The mini-program's message push (JSON, safe mode): its envelope, one try, and events sent in the background."""

from __future__ import annotations

import json
import secrets
import sqlite3
from typing import Any

import requests

from sandbox.context import Sandbox
from sandbox.wecom.envelope import Envelope

SCHEMA = """
CREATE TABLE IF NOT EXISTS wxa_pushes (
  id INTEGER PRIMARY KEY, event TEXT NOT NULL, number TEXT NOT NULL, openid TEXT NOT NULL, content TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given_up')),
  tries INTEGER NOT NULL DEFAULT 0);
"""
PATH, ORIGINAL_ID = "/hooks/wechat/push", "gh_sandbox000001"
ANSWER_SECONDS, TRIES = 5, 3
PAUSES = (1.0,) * (TRIES - 1)


def envelope(box: Sandbox) -> Envelope:
    """The keys that product and platform share."""
    words = box.credentials.words
    return Envelope(words.wxa_push_token, words.wxa_push_aes_key, words.wxa_appid)


def query(box: Sandbox) -> dict[str, str]:
    """What every call to the push address carries: signature, timestamp, nonce."""
    timestamp, nonce = str(box.clock.timestamp()), str(secrets.randbelow(10**9))
    return {"signature": envelope(box).sign(timestamp, nonce, ""), "timestamp": timestamp, "nonce": nonce}


def deliver(box: Sandbox, openid: str, plain: str) -> bool:
    """One try; True when it was answered with an empty body or `success`."""
    sealed, arguments = envelope(box).seal(plain), query(box)
    signature = envelope(box).sign(arguments["timestamp"], arguments["nonce"], sealed)
    arguments |= {"openid": openid, "encrypt_type": "aes", "msg_signature": signature}
    try:
        answer = requests.post(
            f"{box.config.product_url}{PATH}",
            params=arguments,
            json={"ToUserName": ORIGINAL_ID, "Encrypt": sealed},
            timeout=ANSWER_SECONDS,
        )
    except requests.RequestException:
        return False
    return answer.status_code == 200 and answer.content in (b"", b"success")


def write(db: sqlite3.Connection, box: Sandbox, event: str, number: str, openid: str, content: dict[str, Any]) -> int:
    """Write an event in the transaction of its cause; hand the id to `send` after the commit."""
    frame = {"ToUserName": ORIGINAL_ID, "FromUserName": openid, "CreateTime": box.clock.timestamp()}
    plain = json.dumps(frame | {"MsgType": "event", "Event": event} | content, ensure_ascii=False)
    row = db.execute(
        "INSERT INTO wxa_pushes (event, number, openid, content) VALUES (?, ?, ?, ?) RETURNING id",
        (event, number, openid, plain),
    ).fetchone()
    return int(row["id"])


def send(box: Sandbox, push_id: int) -> None:
    """Try an event three times in the background; with no product there is nobody to hear it."""
    if box.config.product_url:
        box.push.submit(lambda: _attempt(box, push_id), retries=PAUSES)


def resume(box: Sandbox) -> None:
    """After a restart, go on with what was on its way."""
    for row in box.store.all("SELECT id FROM wxa_pushes WHERE state = 'pending'"):
        send(box, row["id"])


def listed(box: Sandbox) -> list[dict[str, Any]]:
    """All events, oldest first."""
    rows = box.store.all("SELECT id, event, number, state, tries, content FROM wxa_pushes ORDER BY id")
    return [{**dict(row), "content": json.loads(row["content"])} for row in rows]


def _attempt(box: Sandbox, push_id: int) -> bool:
    row = box.store.one("SELECT openid, content FROM wxa_pushes WHERE id = ?", push_id)
    done = row is not None and deliver(box, row["openid"], row["content"])
    with box.store.transaction() as db:
        db.execute(
            "UPDATE wxa_pushes SET tries = tries + 1,"
            " state = CASE WHEN ? THEN 'delivered' WHEN tries + 1 >= ? THEN 'given_up' ELSE 'pending' END WHERE id = ?",
            (done, TRIES, push_id),
        )
    return done
