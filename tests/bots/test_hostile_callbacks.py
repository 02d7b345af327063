"""Whatever arrives at the hooks: a clear refusal or an answer, never a 5xx, nothing lost or written."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import ChatEvent
from tests.bots.room import Room

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FRAME = {
    "msgid": "m", "aibotid": "aib", "chatid": "group-1", "chattype": "group", "from": {"userid": "zhang"},
    "msgtype": "text", "text": {"content": "2份"}, "create_time": 1,
    "event": {"eventtype": "template_card_event", "template_card_event": {
        "event_key": "join:x", "task_id": "t", "selected_items": {"selected_item": [
            {"question_key": "units", "option_ids": {"option_id": ["2"]}}]}}},
}  # fmt: skip
PUSH = {"ToUserName": "gh", "FromUserName": "openid-1", "CreateTime": 1, "MsgType": "text", "Content": "2份",
        "MsgId": 7, "Event": "user_enter_tempsession", "SessionFrom": ""}  # fmt: skip
CHANNEL = {"event_id": "e", "chat_id": "c", "user_id": "u", "kind": "message", "text": "2份", "action": "join:x",
           "message_id": "1", "selected": {"units": "1"}}  # fmt: skip
often = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


_FRESH = itertools.count()


@pytest.fixture
def busy(room: Room) -> Room:
    """A room with a campaign and somebody known in it."""
    room.bind(room.world.campaign())
    room.known("zhang", "张阿姨")
    return room


def fresh(message: Any) -> Any:
    """The message under an id of its own, where its id was left alone: a repeat would not be read again."""
    for name, usual in (("msgid", "m"), ("event_id", "e"), ("MsgId", 7)):
        if isinstance(message, dict) and message.get(name) == usual:
            number = next(_FRESH)
            return {**message, name: number + 1000 if usual == 7 else f"{usual}{number}"}
    return message


def spoilt(frame: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The frame with some fields replaced or gone, or something else altogether."""
    changed = st.dictionaries(st.sampled_from(sorted(frame)), JSON, min_size=1, max_size=3)
    gone = st.sets(st.sampled_from(sorted(frame)), max_size=2)
    return st.one_of(
        JSON, st.builds(lambda new, out: {k: v for k, v in {**frame, **new}.items() if k not in out}, changed, gone)
    )


@often
@given(message=spoilt(FRAME) | spoilt({**FRAME, "msgtype": "event"}) | spoilt({**FRAME, "msgtype": "mixed"}))
def test_the_robots_address_survives_any_genuine_message(busy: Room, message: Any) -> None:
    assert busy.post(fresh(message)).status_code in (200, 401)


@often
@given(message=spoilt(PUSH))
def test_the_push_address_survives_any_genuine_message(busy: Room, message: Any) -> None:
    assert busy.push(fresh(message)).status_code in (200, 401)


@often
@given(message=spoilt(CHANNEL))
def test_the_test_channel_survives_any_genuine_message(busy: Room, message: Any) -> None:
    assert busy.test_channel(fresh(message)).status_code in (200, 401)


@often
@given(text=st.text(max_size=60))
def test_any_text_gets_an_answer(busy: Room, text: str) -> None:
    assert busy.post(busy.message("zhang", text)).status_code == 200


@often
@given(
    path=st.sampled_from(["wecom/aibot", "wechat/push", "sandbox-chat", "wechatpay/pay"]),
    body=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()),
    query=st.dictionaries(st.sampled_from(["msg_signature", "timestamp", "nonce", "signature"]), st.text(max_size=9)),
)
def test_what_is_not_sealed_is_refused_and_changes_nothing(
    room: Room, client: FlaskClient, path: str, body: bytes, query: dict[str, str]
) -> None:
    if path == "wechatpay/pay":
        return  # needs the real gateway: tests/blueprints/webhooks
    response = client.post(f"/hooks/{path}", data=body, query_string=query)
    assert response.status_code == 401 and response.get_json()["code"] == "bad_notice"
    with room.unit.reading() as ctx:
        assert ctx.session.scalars(select(func.count()).select_from(ChatEvent)).one() == 0


def test_the_address_checks_echo_only_what_is_genuine(room: Room, client: FlaskClient) -> None:
    for path in ("wecom/aibot", "wechat/push"):
        assert client.get(f"/hooks/{path}?echostr=x").status_code == 401


def test_a_body_above_64_kb_is_refused(client: FlaskClient) -> None:
    for path in ("wecom/aibot", "wechat/push", "sandbox-chat", "wechatpay/pay", "wechatpay/refund"):
        assert client.post(f"/hooks/{path}", data=b"x" * 65_537).status_code == 413, path


def test_a_stale_message_is_refused(room: Room) -> None:
    message = room.message("zhang", "帮助")
    crypt = room.post(message)
    assert crypt.status_code == 200
    early = room.clock.now()
    room.clock.advance(minutes=6)
    from integrations.wecom.aibot import AibotCallback
    from tests.bots.room import AES_KEY, TOKEN

    sealed = AibotCallback(TOKEN, AES_KEY, lambda: early).seal(message, "n")
    query = {"msg_signature": sealed["msgsignature"], "timestamp": str(sealed["timestamp"]), "nonce": "n"}
    response = room.client.post("/hooks/wecom/aibot", query_string=query, json={"encrypt": sealed["encrypt"]})
    assert response.status_code == 401
