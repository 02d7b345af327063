"""What a template card may hold: required fields, counts and lengths, as the platform checks them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

Card = dict[str, Any]

NOTICES = ("text_notice", "news_notice")
INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]+\Z")


class PlatformError(Exception):
    """The platform refuses: an `errcode` and an `errmsg` in its own words."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg


def refuse(field: str, why: str) -> NoReturn:
    """Raise 40058 (invalid parameter), naming the field."""
    raise PlatformError(40058, f"invalid Request Parameter: {field}: {why}")


def _text(value: Any, field: str, chars: int, *, required: bool = False) -> None:
    if value in (None, "") and not required:
        return
    if not isinstance(value, str) or not value:
        refuse(field, "a non-empty string is required")
    if len(value) > chars:
        refuse(field, f"at most {chars} characters, got {len(value)}")


def _bytes(value: Any, field: str, limit: int) -> None:
    if not isinstance(value, str) or not value:
        refuse(field, "a non-empty string is required")
    if len(value.encode()) > limit:
        refuse(field, f"at most {limit} bytes")


def as_dict(value: Any, field: str) -> dict[str, Any]:
    """An object, or an empty one for None; raises `PlatformError`."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        refuse(field, "must be an object")
    known: dict[str, Any] = value
    return known


def _list(value: Any, field: str, most: int, least: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = [] if value is None else value
    if not isinstance(rows, list) or not least <= len(rows) <= most:
        refuse(field, f"a list of {least} to {most} entries is required")
    for index, row in enumerate(rows):
        yield f"{field}[{index}]", as_dict(row, f"{field}[{index}]")


def check_card(card: Any) -> Card:
    """Return `card` when the platform would show it; raises `PlatformError` 40058 with the field's name."""
    try:
        return _checked(as_dict(card, "template_card"))
    except (TypeError, AttributeError, KeyError) as error:
        raise PlatformError(40058, f"invalid Request Parameter: template_card: {error}") from error


def _checked(card: Card) -> Card:
    kind = card.get("card_type")
    if kind not in NOTICES + INTERACTIVE:
        refuse("template_card.card_type", f"unknown card type {kind!r}")
    _check_heads(card)
    _check_rows(card)
    _check_target(as_dict(card.get("card_action"), "card_action"), "card_action", required=kind in NOTICES)
    if kind in INTERACTIVE:
        _check_interaction(card)
    elif card.get("task_id") is not None or card.get("action_menu"):
        _check_task_id(card.get("task_id"))
    if kind == "news_notice" and not card.get("card_image") and not card.get("image_text_area"):
        refuse("card_image", "news_notice needs card_image or image_text_area")
    return card


def _check_heads(card: Card) -> None:
    source, title = as_dict(card.get("source"), "source"), as_dict(card.get("main_title"), "main_title")
    _text(source.get("desc"), "source.desc", 13)
    _text(title.get("title"), "main_title.title", 26)
    _text(title.get("desc"), "main_title.desc", 30)
    emphasis = as_dict(card.get("emphasis_content"), "emphasis_content")
    _text(emphasis.get("title"), "emphasis_content.title", 10)
    _text(emphasis.get("desc"), "emphasis_content.desc", 15)
    _text(card.get("sub_title_text"), "sub_title_text", 112)
    if not title.get("title") and not (card["card_type"] == "text_notice" and card.get("sub_title_text")):
        refuse("main_title.title", "is required")
    menu = as_dict(card.get("action_menu"), "action_menu")
    if menu:
        for field, row in _list(menu.get("action_list"), "action_menu.action_list", 3, 1):
            _text(row.get("text"), f"{field}.text", 10, required=True)
            _bytes(row.get("key"), f"{field}.key", 1024)


def _check_rows(card: Card) -> None:
    for field, row in _list(card.get("horizontal_content_list"), "horizontal_content_list", 6):
        _text(row.get("keyname"), f"{field}.keyname", 5, required=True)
        _text(row.get("value"), f"{field}.value", 26)
        needed = {1: "url", 3: "userid"}.get(row.get("type") or 0)
        if needed and not row.get(needed):
            refuse(f"{field}.{needed}", "is required for its type")
    for field, row in _list(card.get("vertical_content_list"), "vertical_content_list", 4):
        _text(row.get("title"), f"{field}.title", 26, required=True)
    for field, row in _list(card.get("jump_list"), "jump_list", 3):
        _text(row.get("title"), f"{field}.title", 13, required=True)
        if row.get("type") == 3:
            _bytes(row.get("question"), f"{field}.question", 200)
        elif row.get("type"):
            _check_target(row, field, required=True)
    image = as_dict(card.get("card_image"), "card_image")
    if image and not image.get("url"):
        refuse("card_image.url", "is required")
    if image.get("aspect_ratio") is not None and not 1.3 <= image["aspect_ratio"] <= 2.25:
        refuse("card_image.aspect_ratio", "must lie between 1.3 and 2.25")


def _check_target(action: dict[str, Any], field: str, *, required: bool) -> None:
    kind = action.get("type")
    if not action and not required:
        return
    if kind == 1 and not action.get("url"):
        refuse(f"{field}.url", "is required for type 1")
    if kind == 2 and not action.get("appid"):
        refuse(f"{field}.appid", "is required for type 2")
    if kind not in (1, 2) and (required or kind not in (None, 0)):
        refuse(f"{field}.type", "must be 1 (url) or 2 (mini-program)")


def _check_task_id(task_id: Any) -> None:
    _bytes(task_id, "task_id", 128)
    if not TASK_ID.match(task_id):
        refuse("task_id", "only letters, digits and _-@")


def _check_options(row: dict[str, Any], field: str, most: int, chars: int) -> None:
    _bytes(row.get("question_key"), f"{field}.question_key", 1024)
    seen = set()
    for name, option in _list(row.get("option_list"), f"{field}.option_list", most, 1):
        _bytes(option.get("id"), f"{name}.id", 128)
        _text(option.get("text"), f"{name}.text", chars, required=True)
        seen.add(option["id"])
    if len(seen) != len(row["option_list"]):
        refuse(f"{field}.option_list", "ids must differ")
    if row.get("selected_id") and row["selected_id"] not in seen:
        refuse(f"{field}.selected_id", "is not one of the options")


def _check_interaction(card: Card) -> None:
    _check_task_id(card.get("task_id"))
    if card["card_type"] == "button_interaction":
        for field, button in _list(card.get("button_list"), "button_list", 6, 1):
            _text(button.get("text"), f"{field}.text", 10, required=True)
            if button.get("type", 0) == 0:
                _bytes(button.get("key"), f"{field}.key", 1024)
            if button.get("style", 1) not in (1, 2, 3, 4):
                refuse(f"{field}.style", "must be 1 to 4")
        selection = as_dict(card.get("button_selection"), "button_selection")
        if selection:
            _text(selection.get("title"), "button_selection.title", 13)
            _check_options(selection, "button_selection", 10, 10)
        return
    submit = as_dict(card.get("submit_button"), "submit_button")
    _text(submit.get("text"), "submit_button.text", 10, required=True)
    _bytes(submit.get("key"), "submit_button.key", 1024)
    if card["card_type"] == "vote_interaction":
        _check_options(as_dict(card.get("checkbox"), "checkbox"), "checkbox", 20, 11)
        return
    for field, row in _list(card.get("select_list"), "select_list", 3, 1):
        _check_options(row, field, 10, 10)


def button_keys(card: Card) -> dict[str, str]:
    """The keys a person can press on `card`, each with its caption."""
    rows = list(card.get("button_list") or [])
    rows += (card.get("action_menu") or {}).get("action_list") or []
    if card.get("submit_button"):
        rows.append(card["submit_button"])
    return {row["key"]: row["text"] for row in rows if row.get("key")}


def questions(card: Card) -> dict[str, list[str]]:
    """The card's selectors: question key to its option ids."""
    rows = [card[name] for name in ("button_selection", "checkbox") if card.get(name)]
    rows += card.get("select_list") or []
    return {row["question_key"]: [option["id"] for option in row["option_list"]] for row in rows}
