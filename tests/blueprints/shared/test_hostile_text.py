"""What strangers send as text or structure: nothing hides in a name, nothing goes deeper than we climb."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from marshmallow import ValidationError

from blueprints.shared.schemas import Text

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("\u202e王小明", "王小明"),
        ("王\u200b小\ufeff明\u2066", "王小明"),
        (" \u200f王 小明\u2060 ", "王 小明"),
        (f"王{FAMILY}", f"王{FAMILY}"),
    ],
)
def test_what_shows_nothing_or_turns_the_writing_is_dropped(sent: str, kept: str) -> None:
    assert Text(20).deserialize(sent) == kept


@pytest.mark.parametrize("sent", ["\u200b\u202e", "王\u2028已退款", "王\u2029已退款", "王\x07"])
def test_an_invisible_name_or_a_hidden_line_is_refused(sent: str) -> None:
    with pytest.raises(ValidationError):
        Text(20).deserialize(sent)


@pytest.mark.parametrize("depth", [30, 990, 50_000])
@pytest.mark.parametrize("braces", [("[", "]"), ('{"a":', "}")])
def test_a_deeply_nested_body_is_refused_by_name(client: FlaskClient, depth: int, braces: tuple[str, str]) -> None:
    inner = "1" if braces[0] != "[" else ""
    body = '{"js_code":' + braces[0] * depth + inner + braces[1] * depth + "}"
    answer = client.post("/api/resident/login", data=body, content_type="application/json")
    assert (answer.status_code, set(answer.get_json()["errors"]) <= {"js_code", "body"}) == (422, True)
