"""What a message may hold: its text and the keyboard below it, checked as the platform checks."""

from __future__ import annotations

from typing import Any

TEXT_LENGTH = 4096
CALLBACK_BYTES = 64
MOST_BUTTONS = 100
ALERT_LENGTH = 200


class ApiError(Exception):
    """A refusal: the HTTP status is its code; `parameters` tell a machine what to do."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def body(self) -> dict[str, Any]:
        """As it is answered."""
        told: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return told | ({"parameters": self.parameters} if self.parameters else {})


def bad(why: str) -> ApiError:
    """A 400."""
    return ApiError(400, f"Bad Request: {why}")


def units(text: str) -> int:
    """How long a text is there: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def checked_text(params: dict[str, Any]) -> str:
    """The message's text: 1 to 4096 units; entities must lie inside it."""
    text = params.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad("message text is empty")
    if units(text) > TEXT_LENGTH:
        raise bad("message is too long")
    entities = params.get("entities") or []
    if not isinstance(entities, list):
        raise bad("can't parse entities")
    for entity in entities:
        at, length = (entity.get("offset"), entity.get("length")) if isinstance(entity, dict) else (None, None)
        if type(at) is not int or type(length) is not int or min(at, length) < 0 or at + length > units(text):
            raise bad("can't parse entities: entity is out of the text")
    return text


def checked_keyboard(params: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The rows of an inline keyboard, [] for none."""
    markup = params.get("reply_markup")
    if markup is None:
        return []
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        raise bad("can't parse reply keyboard markup JSON object")
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            _check_button(button)
    return rows


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"]:
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    acts = [name for name in ("callback_data", "url") if name in button]
    if len(acts) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    value = button[acts[0]]
    if not isinstance(value, str) or not value:
        raise bad("BUTTON_DATA_INVALID")
    if acts[0] == "callback_data" and len(value.encode()) > CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if acts[0] == "url" and not value.startswith(("http://", "https://", "tg://")):
        raise bad("BUTTON_URL_INVALID")


def as_card(text: str, rows: list[list[dict[str, Any]]]) -> dict[str, Any] | None:
    """Text and keyboard as the room page draws them; None without a keyboard."""
    if not rows:
        return None
    buttons = [button for row in rows for button in row]
    return {
        "card_type": "inline_keyboard",
        "sub_title_text": text,
        "button_list": [{"text": b["text"], "key": b["callback_data"]} for b in buttons if "callback_data" in b],
        "jump_list": [{"type": 1, "title": b["text"], "url": b["url"]} for b in buttons if "url" in b],
    }
