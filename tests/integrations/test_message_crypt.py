"""Message push and robot callbacks: the published vectors and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from integrations.wechat.crypt import MessageCrypt
from integrations.wechat.envelopes import sealed_in_json, sealed_in_xml, xml_reply
from integrations.wechat.push import MessagePush
from integrations.wecom.aibot import AibotCallback
from services.ports import BadNotice
from tests.integrations.vectors import vector

KEY = "A" * 43
NOW = datetime(2026, 11, 22, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


def push_for(name: str) -> tuple[MessagePush, dict]:
    case = vector("message_push", name)
    at = datetime.fromtimestamp(int(case["timestamp"]), UTC)
    return MessagePush(case["token"], case.get("encodingAESKey", KEY), case.get("appid", ""), lambda: at), case


def crypt_for(name: str) -> tuple[MessageCrypt, dict]:
    case = vector("message_push", name)
    return MessageCrypt(case["token"], case["encodingAESKey"], case["appid"]), case


@pytest.mark.parametrize("name", ["doc_url_verify", "doc_plain_mode", "wechatpy_check_signature"])
def test_the_platforms_plain_signature_is_recognised(name: str) -> None:
    push, case = push_for(name)
    assert push.check_url({**case, "echostr": "echo"}) == "echo"
    with pytest.raises(BadNotice):
        push.check_url({**case, "nonce": "other"})


def test_a_safe_mode_json_push_is_opened() -> None:
    push, case = push_for("doc_safe_mode_json")
    assert push.read(case, json.dumps(case["body"]).encode()) == json.loads(case["plaintext"])


def test_a_safe_mode_json_reply_is_sealed_letter_by_letter() -> None:
    case = vector("message_push", "doc_safe_mode_reply_json")
    push = MessagePush(case["token"], case["encodingAESKey"], case["appid"], lambda: NOW)
    reply = push.reply(case["plaintext"], case["TimeStamp"], case["Nonce"], case["random"].encode())
    assert reply == {name: case[name] for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")}


@pytest.mark.parametrize(
    "name", ["wecom_doc_xml", "wechatpy_echostr", "wechatpy_decrypt_xml", "official_python_demo_xml"]
)
def test_published_ciphertexts_open(name: str) -> None:
    crypt, case = crypt_for(name)
    sealed = sealed_in_xml(f"<xml><Encrypt><![CDATA[{case['Encrypt']}]]></Encrypt></xml>".encode())
    crypt.check(case["msg_signature"], case["timestamp"], case["nonce"], sealed)
    assert crypt.open(sealed) == case["plaintext"]
    with pytest.raises(BadNotice):
        crypt.check(case["msg_signature"], case["timestamp"], "437374424", sealed)


def test_the_published_xml_reply_is_sealed_letter_by_letter() -> None:
    crypt, case = crypt_for("wechatpy_encrypt_xml")
    sealed = crypt.seal(case["plaintext"], case["random"].encode())
    signed = crypt.sign(case["timestamp"], case["nonce"], sealed)
    assert (sealed, signed) == (case["Encrypt"], case["msg_signature"])
    assert xml_reply(sealed, signed, case["timestamp"], case["nonce"]) == case["expected_xml"]


@pytest.mark.parametrize("body", [b"<xml/>", b"<Encrypt>AA==</Encrypt><Encrypt>AA==</Encrypt>", b"\xff"])
def test_a_body_without_one_ciphertext_is_refused(body: bytes) -> None:
    with pytest.raises(BadNotice):
        sealed_in_xml(body)
    with pytest.raises(BadNotice):
        sealed_in_json(body, "Encrypt")


def test_a_message_for_another_receiver_is_refused() -> None:
    sealed = MessageCrypt("t", KEY, "wxother").seal("{}")
    with pytest.raises(BadNotice, match="another receiver"):
        MessageCrypt("t", KEY, "wxours").open(sealed)


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64!", "AA" * 32, "é"])
def test_a_malformed_ciphertext_is_refused(sealed: str) -> None:
    with pytest.raises(BadNotice):
        MessageCrypt("t", KEY, "").open(sealed)


def test_a_short_aes_key_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        MessageCrypt("t", "AAAA", "")


def robot_call(payload: str, stamp: str = STAMP) -> tuple[dict[str, str], bytes]:
    crypt = MessageCrypt("tok", KEY, "")
    sealed = crypt.seal(payload)
    query = {"timestamp": stamp, "nonce": "n1", "msg_signature": crypt.sign(stamp, "n1", sealed), "echostr": sealed}
    return query, json.dumps({"encrypt": sealed}).encode()


def test_a_robot_callback_is_opened_and_answered() -> None:
    robot = AibotCallback("tok", KEY, lambda: NOW)
    query, body = robot_call('{"msgid": "m1", "text": {"content": "@小邻 2份"}}')
    assert robot.read(query, body)["msgid"] == "m1"
    reply = robot.seal({"msgtype": "stream", "文": "好"}, "n1")
    crypt = MessageCrypt("tok", KEY, "")
    crypt.check(reply["msgsignature"], str(reply["timestamp"]), "n1", reply["encrypt"])
    assert json.loads(crypt.open(reply["encrypt"])) == {"msgtype": "stream", "文": "好"}


def test_the_robots_address_check_gives_the_plain_text() -> None:
    query, _ = robot_call("5927782489442352469")
    assert AibotCallback("tok", KEY, lambda: NOW).check_url(query) == "5927782489442352469"


@pytest.mark.parametrize("offset", [-301, 301])
def test_a_stale_callback_is_refused_though_well_signed(offset: int) -> None:
    query, body = robot_call("{}", str(int(STAMP) + offset))
    with pytest.raises(BadNotice, match="five minutes"):
        AibotCallback("tok", KEY, lambda: NOW).read(query, body)


def test_a_callback_just_inside_the_window_is_taken() -> None:
    query, body = robot_call("{}", str(int(STAMP) - 300))
    assert AibotCallback("tok", KEY, lambda: NOW).read(query, body) == {}


@pytest.mark.parametrize("missing", ["timestamp", "nonce", "msg_signature"])
def test_a_callback_that_lacks_a_query_value_is_refused(missing: str) -> None:
    query, body = robot_call("{}")
    del query[missing]
    with pytest.raises(BadNotice):
        AibotCallback("tok", KEY, lambda: NOW).read(query, body)


@pytest.mark.parametrize("payload", ["[]", "1", "{", '{"a": NaN}', '{"a": 1e999}', "[" * 100_000])
def test_a_well_signed_callback_that_is_no_json_object_is_refused(payload: str) -> None:
    query, body = robot_call(payload)
    with pytest.raises(BadNotice):
        AibotCallback("tok", KEY, lambda: NOW).read(query, body)


def test_characters_that_no_column_can_hold_are_replaced() -> None:
    query, body = robot_call(r'{"text": ["a\u0000b", {"c": "\ud800"}]}')
    assert AibotCallback("tok", KEY, lambda: NOW).read(query, body) == {"text": ["a\ufffdb", {"c": "\ufffd"}]}
