"""Which answer the smart robot may give to which callback, and what each answer may hold."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, Literal

from sandbox.wecom.cards import PlatformError, as_dict, check_card, refuse

Occasion = Literal["message", "poll", "enter", "card"]
STREAM_BYTES = 20480
ALLOWED: dict[Occasion, tuple[str, ...]] = {
    "message": ("stream", "template_card", "stream_with_template_card"),
    "poll": ("stream", "stream_with_template_card"),
    "enter": ("text", "template_card"),
    "card": ("update_template_card",),
}


def check_reply(reply: dict[str, Any], occasion: Occasion) -> str:
    """Return the reply's kind when it is allowed on this occasion and well formed; raises `PlatformError`."""
    kind = str(reply.get("response_type") or reply.get("msgtype") or "")
    if kind not in ALLOWED[occasion]:
        raise PlatformError(40008, f"invalid message type: {kind!r} may not answer {occasion}")
    if kind == "text":
        _check_text(reply.get("text"))
    if kind in ("stream", "stream_with_template_card"):
        check_stream(reply.get("stream"))
    if kind in ("template_card", "update_template_card"):
        check_card(reply.get("template_card"))
    if kind == "stream_with_template_card" and reply.get("template_card") is not None:
        check_card(reply["template_card"])
    if kind == "update_template_card":
        _check_userids(reply.get("userids"))
    return kind


def check_response_post(body: dict[str, Any], chattype: str) -> str:
    """The kind of a POST to a `response_url`: markdown anywhere, a card only in single chats."""
    kind = str(body.get("msgtype") or "")
    if kind == "markdown":
        check_bytes(as_dict(body.get("markdown"), "markdown").get("content"), "markdown.content", STREAM_BYTES)
    elif kind == "template_card" and chattype == "single":
        check_card(body.get("template_card"))
    else:
        raise PlatformError(40008, f"invalid message type: {kind!r} in a {chattype} chat")
    return kind


def check_bytes(value: Any, field: str, limit: int) -> None:
    """A non-empty string of at most `limit` UTF-8 bytes; raises 44004 when empty, 45002 when too long."""
    if not isinstance(value, str) or not value:
        raise PlatformError(44004, f"empty content: {field}")
    if len(value.encode()) > limit:
        raise PlatformError(45002, f"content size out of limit: {field} has {len(value.encode())} of {limit} bytes")


def check_stream(stream: Any) -> None:
    """A stream: id, finish, content, pictures only with finish; raises `PlatformError`."""
    if not isinstance(stream, dict):
        refuse("stream", "must be an object")
    if not isinstance(stream.get("id"), str) or not stream["id"]:
        refuse("stream.id", "is required")
    finish, content = stream.get("finish", False), stream.get("content", "")
    if not isinstance(finish, bool):
        refuse("stream.finish", "must be true or false")
    if not isinstance(content, str):
        refuse("stream.content", "must be a string")
    if content or (finish and not stream.get("msg_item")):
        check_bytes(content, "stream.content", STREAM_BYTES)
    if len(str(as_dict(stream.get("feedback"), "stream.feedback").get("id", "")).encode()) > 256:
        refuse("stream.feedback.id", "at most 256 bytes")
    _check_pictures(stream.get("msg_item") or [], finish=finish)


def _check_pictures(items: Any, *, finish: bool) -> None:
    if items and not finish:
        refuse("stream.msg_item", "only together with finish=true")
    if not isinstance(items, list) or len(items) > 10:
        refuse("stream.msg_item", "at most 10 pictures")
    for item in items:
        image = item.get("image") if isinstance(item, dict) else None
        if not isinstance(image, dict):
            refuse("stream.msg_item", "holds pictures only")
        picture(image, 10 * 1024 * 1024)


def picture(image: dict[str, Any], limit: int) -> bytes:
    """The raw bytes of {base64, md5}; raises `PlatformError` when too big, unreadable or not what md5 says."""
    try:
        raw = base64.b64decode(str(image.get("base64", "")), validate=True)
    except binascii.Error:
        refuse("image.base64", "cannot be decoded")
    if not raw or len(raw) > limit:
        raise PlatformError(40009, f"invalid image size: at most {limit} bytes")
    if hashlib.md5(raw, usedforsecurity=False).hexdigest() != image.get("md5"):
        raise PlatformError(40058, "image md5 does not match its bytes")
    return raw


def _check_text(text: Any) -> None:
    check_bytes(text.get("content") if isinstance(text, dict) else None, "text.content", 2048)


def _check_userids(userids: Any) -> None:
    if userids is not None and not (isinstance(userids, list) and all(isinstance(one, str) for one in userids)):
        refuse("userids", "must be a list of strings")
