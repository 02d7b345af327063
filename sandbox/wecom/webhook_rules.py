"""What the group robot's webhook accepts, kind by kind, and how each message reads in the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from sandbox.wecom.cards import NOTICES, PlatformError, check_card, refuse
from sandbox.wecom.render import card_text, markdown_text
from sandbox.wecom.replies import check_bytes, picture

Body = dict[str, Any]
Rendered = tuple[Literal["text", "markdown", "card"], str, dict[str, Any] | None]
"""(kind in the room, plain text, card or None)."""

NameOf = Callable[[str], str | None]
"""From a member's userid to the shown name."""


def read(body: Any, name_of: NameOf, has_media: Callable[[str], bool]) -> Rendered:
    """Check a webhook body and render it; raises `PlatformError` with the platform's code."""
    if not isinstance(body, dict):
        raise PlatformError(47001, "data format error")
    kind = body.get("msgtype")
    if kind not in READERS:
        raise PlatformError(40008, f"invalid message type: {kind!r}")
    part = body.get(kind)
    if not isinstance(part, dict):
        raise PlatformError(44004, f"empty content: {kind}")
    if kind in ("file", "voice") and not has_media(str(part.get("media_id"))):
        raise PlatformError(40007, "invalid media_id")
    return READERS[kind](part, name_of)


def _text(part: Body, name_of: NameOf) -> Rendered:
    check_bytes(part.get("content"), "text.content", 2048)
    mentions = []
    for field in ("mentioned_list", "mentioned_mobile_list"):
        names = part.get(field) or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            refuse(f"text.{field}", "must be a list of strings")
        mentions += ["@所有人" if name == "@all" else f"@{name_of(name) or name}" for name in names]
    return "text", " ".join([part["content"], *mentions]), None


def _markdown(part: Body, name_of: NameOf) -> Rendered:
    check_bytes(part.get("content"), "markdown.content", 4096)
    return "markdown", markdown_text(part["content"], name_of), None


def _markdown_v2(part: Body, name_of: NameOf) -> Rendered:
    check_bytes(part.get("content"), "markdown_v2.content", 4096)
    return "markdown", markdown_text(part["content"]), None


def _image(part: Body, name_of: NameOf) -> Rendered:
    raw = picture(part, 2 * 1024 * 1024)
    if not raw.startswith((b"\x89PNG", b"\xff\xd8")):
        raise PlatformError(40005, "invalid file type: JPG or PNG only")
    return "text", "[图片]", None


def _news(part: Body, name_of: NameOf) -> Rendered:
    articles = part.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise PlatformError(40058, "news.articles: 1 to 8 entries")
    lines = []
    for index, article in enumerate(articles):
        if not isinstance(article, dict):
            refuse(f"news.articles[{index}]", "must be an object")
        check_bytes(article.get("title"), f"news.articles[{index}].title", 128)
        check_bytes(article.get("url"), f"news.articles[{index}].url", 2048)
        if article.get("description"):
            check_bytes(article["description"], f"news.articles[{index}].description", 512)
        lines.append(f"{article['title']}\n{article.get('description') or ''}\n{article['url']}")
    return "text", "\n".join(lines), None


def _file(part: Body, name_of: NameOf) -> Rendered:
    return "text", "[文件]", None


def _voice(part: Body, name_of: NameOf) -> Rendered:
    return "text", "[语音]", None


def _card(part: Body, name_of: NameOf) -> Rendered:
    if part.get("card_type") not in NOTICES:
        raise PlatformError(40058, "template_card.card_type: a webhook sends text_notice and news_notice only")
    card = check_card(part)
    return "card", card_text(card), card


READERS: dict[str, Callable[[Body, NameOf], Rendered]] = {
    "text": _text,
    "markdown": _markdown,
    "markdown_v2": _markdown_v2,
    "image": _image,
    "news": _news,
    "file": _file,
    "voice": _voice,
    "template_card": _card,
}
