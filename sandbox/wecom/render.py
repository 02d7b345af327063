"""Plain-text readings of cards and markdown: what a person sees, in lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

MENTION = re.compile(r"<@([^>]+)>")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")
PRIVATE = re.compile("[\ue020-\ue07e]")
MARKUP = (
    (re.compile(r"<think>.*?</think>", re.S), ""),
    (re.compile(r"</?font[^>]*>"), ""),
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"[\1]"),
    (re.compile(r"\[([^\]]+)\]\(([^)]+)\)"), r"\1（\2）"),
    (re.compile(r"^#{1,6}\s+", re.M), ""),
    (re.compile(r"^>\s?", re.M), ""),
    (re.compile(r"\*\*(.+?)\*\*"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
)


def markdown_text(content: str, name_of: Callable[[str], str | None] | None = None) -> str:
    """Markdown without its marks; `<@userid>` becomes the name when `name_of` is given."""
    # an escaped mark is hidden from the patterns behind a private code point, and comes back as itself
    text = ESCAPED.sub(lambda found: chr(0xE000 + ord(found[1])), content)
    for pattern, replacement in MARKUP:
        text = pattern.sub(replacement, text)
    if name_of is not None:
        text = MENTION.sub(lambda found: f"@{name_of(found[1]) or found[1]}", text)
    return PRIVATE.sub(lambda found: chr(ord(found[0]) - 0xE000), text).strip()


def card_text(card: dict[str, Any]) -> str:
    """All visible words of a checked card, line by line, the buttons in brackets on the last one."""
    title, emphasis = card.get("main_title") or {}, card.get("emphasis_content") or {}
    quote = card.get("quote_area") or {}
    lines = [
        _pair(title.get("title"), title.get("desc")),
        _pair(emphasis.get("title"), emphasis.get("desc")),
        _pair(quote.get("title"), quote.get("quote_text")),
        card.get("sub_title_text"),
    ]
    lines += [f"{row['keyname']}：{row.get('value') or ''}" for row in card.get("horizontal_content_list") or []]
    lines += [_pair(row.get("title"), row.get("desc")) for row in card.get("vertical_content_list") or []]
    for row in _selectors(card):
        options = " / ".join(str(option["text"]) for option in row["option_list"])
        lines.append(f"{row.get('title') or '选择'}：{options}")
    buttons = [row["text"] for row in card.get("button_list") or []]
    buttons += [card["submit_button"]["text"]] if card.get("submit_button") else []
    buttons += [row["title"] for row in card.get("jump_list") or []]
    if (card.get("card_action") or {}).get("type") in (1, 2):
        buttons.append("看详情")
    lines.append(" ".join(f"[{text}]" for text in buttons))
    return "\n".join(line for line in lines if line)


def _pair(*words: str | None) -> str:
    return " · ".join(word for word in words if word)


def _selectors(card: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [card[name] for name in ("button_selection", "checkbox") if card.get(name)]
    return rows + list(card.get("select_list") or [])
