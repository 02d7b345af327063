"""Content safety against the sandbox: words at once, pictures by a push, and each way to fail."""

from __future__ import annotations

import pytest

from domain.content import LONGEST, Scene, Suggestion
from integrations.wechat.content_safety import judgement, text_body
from integrations.wechat.push import MessagePush
from services.ports import OutsideError, Refused, Unknown, Unreachable
from tests.integrations.local_server import Answer, Asked
from tests.integrations.sandbox_process import Stage

PUSH = "/hooks/wechat/push"


@pytest.fixture
def openid(stage: Stage) -> str:
    """Somebody whom the platform knows."""
    return str(stage.control("people", name="张阿姨")["openid"])


def test_words_pass_are_doubted_or_are_risky(stage: Stage, openid: str) -> None:
    mini = stage.mini_program()
    said = {text: mini.check_text(openid, Scene.COMMENT, text) for text in ("放门口", "加微信聊", "来赌博")}
    assert [(one.suggestion, one.label) for one in said.values()] == [
        (Suggestion.FINE, 100), (Suggestion.REVIEW, 21000), (Suggestion.RISKY, 20006),
    ]  # fmt: skip
    assert stage.seen("content-checks")["checks"][-1] == {
        "kind": "text", "openid": openid, "scene": 2, "content": "来赌博", "suggest": "risky",
    }  # fmt: skip


def test_the_older_way_to_say_risky_is_understood(stage: Stage, openid: str) -> None:
    stage.control("knobs", content_fails=1, content_fails_with="87014")
    assert stage.mini_program().check_text(openid, Scene.PROFILE, "小王").suggestion is Suggestion.RISKY


@pytest.mark.parametrize(
    ("knobs", "failure", "code", "retry_after"),
    [
        ({"content_fails": 1, "content_fails_with": "-1"}, Unreachable, "-1", 0),
        ({"content_fails": 1, "content_fails_with": "45009"}, Unreachable, "45009", 60),
        ({"content_long_away": 1}, Refused, "61010", 0),
    ],
)
def test_each_failure_is_of_its_kind(
    stage: Stage, openid: str, knobs: dict[str, int | str], failure: type[OutsideError], code: str, retry_after: int
) -> None:
    stage.control("knobs", **knobs)
    with pytest.raises(failure) as caught:
        stage.mini_program().check_text(openid, Scene.PROFILE, "小王")
    assert (caught.value.code, getattr(caught.value, "retry_after", 0)) == (code, retry_after)
    assert stage.mini_program().check_text(openid, Scene.PROFILE, "小王").suggestion is Suggestion.FINE


def test_a_stranger_or_too_long_a_text_is_refused(stage: Stage, openid: str) -> None:
    mini = stage.mini_program()
    with pytest.raises(Refused) as caught:
        mini.check_text("o-nobody", Scene.PROFILE, "小王")
    assert caught.value.code == "40003"
    assert mini.check_text(openid, Scene.PROFILE, "好" * LONGEST).suggestion is Suggestion.FINE
    with pytest.raises(ValueError, match="2500"):
        text_body(openid, Scene.PROFILE, "好" * (LONGEST + 1))


def told(stage: Stage, trace: str) -> dict[str, object]:
    """The push about that picture, opened by our own client; one left over from another test is passed over."""
    words = stage.settings
    reader = MessagePush(
        words["LINTUAN_WXA_PUSH_TOKEN"], words["LINTUAN_WXA_PUSH_AES_KEY"], words["LINTUAN_WXA_APPID"], stage.clock
    )
    while True:
        asked = stage.notice(PUSH)
        message = reader.read(asked.query, asked.body)
        if message.get("trace_id") == trace:
            return message


@pytest.mark.parametrize("suggest", ["pass", "review", "risky"])
def test_a_picture_is_fetched_from_our_address_and_judged_in_a_push(stage: Stage, openid: str, suggest: str) -> None:
    asked: list[str] = []

    def product(request: Asked) -> Answer:
        if request.path == PUSH:
            stage.letters(PUSH).put(request)
            return Answer(200, b"success")
        asked.append(request.path)
        return Answer(200, b"\x89PNG...")

    stage.product.answer = product
    stage.control("knobs", content_picture=suggest)
    trace = stage.mini_program().check_picture(openid, Scene.FORUM, "/hooks/content/chk_1/token")
    message = told(stage, trace)
    assert asked == ["/hooks/content/chk_1/token"]
    assert (message["Event"], message["trace_id"], message["errcode"]) == ("wxa_media_check", trace, 0)
    assert message["result"] == {"suggest": suggest, "label": 100 if suggest == "pass" else 21000}


def test_a_picture_that_cannot_be_fetched_is_told_as_such(stage: Stage, openid: str) -> None:
    def product(request: Asked) -> Answer:
        stage.letters(request.path).put(request)
        return Answer(200, b"success") if request.path == PUSH else Answer(404)

    stage.product.answer = product
    trace = stage.mini_program().check_picture(openid, Scene.FORUM, "/hooks/content/chk_1/token")
    message = told(stage, trace)
    assert (message["trace_id"], message["errcode"], "result" in message) == (trace, -1008, False)


@pytest.mark.parametrize("answer", [{}, {"result": None}, {"result": {"suggest": "fine", "label": 1}},
                                    {"result": {"suggest": "pass", "label": True}}])  # fmt: skip
def test_an_answer_without_a_word_lets_nothing_pass(answer: dict[str, object]) -> None:
    with pytest.raises(Unknown):
        judgement(answer)
