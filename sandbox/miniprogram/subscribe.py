"""Subscribe messages: one accepted prompt is worth one message; keeps what each person would see."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.clock import rfc3339
from sandbox.context import current
from sandbox.miniprogram.errors import WxError, json_body
from sandbox.miniprogram.tokens import require_token
from sandbox.miniprogram.value_rules import broken_key

SCHEMA = """
CREATE TABLE IF NOT EXISTS subscribe_messages (
  id INTEGER PRIMARY KEY, openid TEXT NOT NULL, template_id TEXT NOT NULL, page TEXT NOT NULL, data TEXT NOT NULL,
  sent_at INTEGER NOT NULL);
"""
bp = Blueprint("subscribe", __name__)


def titles() -> dict[str, str]:
    """The three templates that our mini-program has, and the title each shows."""
    words = current().credentials.words
    return {
        words.template_arrived: "到货提醒",
        words.template_refund: "退款通知",
        words.template_formed: "拼团结果通知",
    }


@bp.post("/cgi-bin/message/subscribe/send")
def send() -> ResponseReturnValue:
    """`{touser, template_id, page?, data, miniprogram_state?, lang?}`; 43101 when the quota is spent."""
    require_token()
    body = json_body()
    _check(body)
    box = current()
    with box.store.transaction() as db:
        spent = db.execute(
            "UPDATE subscriptions SET quota = quota - 1 WHERE openid = ? AND template_id = ? AND quota > 0",
            (body["touser"], body["template_id"]),
        )
        if spent.rowcount != 1:
            raise WxError(43101, "user refuse to accept the msg")
        row = db.execute(
            "INSERT INTO subscribe_messages (openid, template_id, page, data, sent_at) VALUES (?, ?, ?, ?, ?)"
            " RETURNING id",
            (
                body["touser"],
                body["template_id"],
                body.get("page") or "",
                json.dumps(body["data"], ensure_ascii=False),
                box.clock.timestamp(),
            ),
        ).fetchone()
    return {"errcode": 0, "errmsg": "ok", "msgid": row["id"]}


def _check(body: dict[str, Any]) -> None:
    if people.find(current(), openid=str(body.get("touser"))) is None:
        raise WxError(40003, "invalid openid")
    if body.get("template_id") not in titles():
        raise WxError(40037, "invalid template_id")
    if body.get("miniprogram_state", "formal") not in ("developer", "trial", "formal"):
        raise WxError(47003, "argument invalid! miniprogram_state")
    if body.get("lang", "zh_CN") not in ("zh_CN", "en_US", "zh_HK", "zh_TW"):
        raise WxError(47003, "argument invalid! lang")
    if not isinstance(body.get("page", ""), str):
        raise WxError(41030, "invalid page")
    data = body.get("data")
    if not isinstance(data, dict) or not data:
        raise WxError(47003, "argument invalid! data")
    if (key := broken_key(data)) is not None:
        raise WxError(47003, f"argument invalid! data.{key}.value invalid")


@bp.get("/control/subscribe-messages")
def read_messages() -> ResponseReturnValue:
    """`?name=` -> `{"messages": [{id, openid, template_id, title, lines, page, sent_at}]}`, oldest first."""
    person = people.find(current(), name=request.args.get("name", ""))
    openid = person.openid if person else "%" if "name" not in request.args else ""
    rows = current().store.all("SELECT * FROM subscribe_messages WHERE openid LIKE ? ORDER BY id", openid)
    return {
        "messages": [
            {
                "id": row["id"],
                "openid": row["openid"],
                "template_id": row["template_id"],
                "title": titles()[row["template_id"]],
                "lines": [item["value"] for item in json.loads(row["data"]).values()],
                "page": row["page"],
                "sent_at": rfc3339(row["sent_at"]),
            }
            for row in rows
        ]
    }
