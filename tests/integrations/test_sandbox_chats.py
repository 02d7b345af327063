"""Mini-program, robot, webhook and message push against the sandbox, over true HTTP with true encryption."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bots.channels.wecom import CAPABILITIES
from integrations.http_chat import SandboxChat
from integrations.wechat.push import MessagePush
from integrations.wecom.aibot import AibotCallback
from integrations.wecom.webhook import WecomWebhook
from services.ports import ChatAddress, ChatGone, Refused, Unreachable
from tests.integrations.local_server import Answer, Asked, json_answer
from tests.integrations.sandbox_process import Stage

THING = {"thing1": "大闸蟹到货", "thing2": "南门驿站"}


def test_a_login_code_is_good_once(stage: Stage) -> None:
    openid = stage.control("people", name="张阿姨")["openid"]
    code = stage.control("people/张阿姨/login-code")["code"]
    mini = stage.mini_program()
    session = mini.login(code)
    assert (session.openid, bool(session.session_key)) == (openid, True)
    with pytest.raises(Refused) as caught:
        mini.login(code)
    assert caught.value.code == "40163"


def test_a_phone_number_belongs_to_its_owner(stage: Stage) -> None:
    person = stage.control("people", name="张阿姨")
    code = stage.control("people/张阿姨/phone-code")["code"]
    mini = stage.mini_program()
    with pytest.raises(Refused):
        mini.phone_number(code, "osomebodyelse")
    assert mini.phone_number(code, person["openid"]) == person["phone"]


def test_one_accepted_prompt_is_one_message(stage: Stage) -> None:
    openid = stage.control("people", name="老陈")["openid"]
    template = stage.settings["LINTUAN_WXA_TEMPLATE_ARRIVED"]
    stage.control("people/老陈/subscribe", template_id=template)
    mini = stage.mini_program()
    mini.send_subscribe(openid, template, "pages/order/order?id=1", THING)
    with pytest.raises(Refused) as caught:
        mini.send_subscribe(openid, template, "pages/order/order?id=1", THING)
    assert caught.value.code == "43101"
    assert stage.seen("subscribe-messages", name="老陈")["messages"][-1]["lines"] == list(THING.values())


def test_a_code_image_is_a_picture(stage: Stage) -> None:
    assert stage.mini_program().code_image("abc123", "pages/campaign").startswith(b"\x89PNG")


def test_a_token_that_the_platform_let_expire_is_renewed(stage: Stage) -> None:
    mini = stage.mini_program()
    mini.code_image("abc123", "pages/campaign")
    stage.move_clock(3 * 7200)
    assert mini.code_image("abc124", "pages/campaign")


def test_a_customer_is_heard_by_push_and_answered_in_the_window(stage: Stage) -> None:
    told = stage.settings
    push = MessagePush(
        told["LINTUAN_WXA_PUSH_TOKEN"], told["LINTUAN_WXA_PUSH_AES_KEY"], told["LINTUAN_WXA_APPID"], stage.clock
    )
    mini = stage.mini_program()
    openid = stage.control("people", name="小周")["openid"]
    with pytest.raises(Refused) as caught:
        mini.send_customer_text(openid, "到货了")
    assert caught.value.code == "45015"
    stage.control("customer/小周/say", text="几点到货")
    heard: dict[str, Any] = {}
    while heard.get("MsgType") != "text":  # events of shipped goods come here too
        asked = stage.notice("/hooks/wechat/push")
        heard = push.read(asked.query, asked.body)
    assert (heard["FromUserName"], heard["Content"]) == (openid, "几点到货")
    mini.send_customer_text(openid, "周五 16:00 后")
    assert stage.seen("customer/小周")["messages"][-1]["text"] == "周五 16:00 后"


def test_the_push_addresses_pass_the_platforms_check(stage: Stage) -> None:
    told = stage.settings
    push = MessagePush(
        told["LINTUAN_WXA_PUSH_TOKEN"], told["LINTUAN_WXA_PUSH_AES_KEY"], told["LINTUAN_WXA_APPID"], stage.clock
    )
    robot = AibotCallback(told["LINTUAN_AIBOT_TOKEN"], told["LINTUAN_AIBOT_AES_KEY"], stage.clock)

    def answer(asked: Asked) -> Answer:
        reader = robot if "aibot" in asked.path else push
        return Answer(200, reader.check_url(asked.query).encode())

    stage.product.answer = answer
    assert stage.control("wechat/check-url")["ok"]
    assert stage.control("wecom/check-url")["ok"]


def test_the_robot_hears_and_answers(stage: Stage) -> None:
    told = stage.settings
    robot = AibotCallback(told["LINTUAN_AIBOT_TOKEN"], told["LINTUAN_AIBOT_AES_KEY"], stage.clock)
    room = stage.control("rooms", name="3号楼团购群", kind="wecom", members=["张阿姨"])

    def answer(asked: Asked) -> Answer:
        heard = robot.read(asked.query, asked.body)
        assert "两份" in heard["text"]["content"]
        reply = {"msgtype": "stream", "stream": {"id": "s1", "finish": True, "content": "已登记 张** 2份"}}
        return json_answer(robot.seal(reply, asked.query["nonce"]))

    stage.product.answer = answer
    said = stage.control(f"rooms/{room['room_id']}/say", person="张阿姨", text="@小邻 两份", mention=True)
    assert "已登记 张** 2份" in json.dumps(said, ensure_ascii=False)


def test_the_webhook_speaks_until_the_minute_is_full_or_its_robot_is_gone(stage: Stage) -> None:
    room = stage.control("rooms", name="2号楼团购群", kind="wecom", members=["老陈"])
    key = stage.control(f"rooms/{room['room_id']}/robot")["key"]
    channel = WecomWebhook(stage.settings["LINTUAN_WECOM_BASE_URL"])
    address = ChatAddress(room["chat_id"], key)
    payload = {"msgtype": "text", "text": {"content": "还差 3 份"}}
    for _ in range(CAPABILITIES.limits[0].count):
        assert channel.push(address, payload, "k") == ""
    with pytest.raises(Unreachable) as caught:
        channel.push(address, payload, "k")
    assert (caught.value.code, caught.value.retry_after) == ("45009", 60)
    with pytest.raises(ChatGone):
        channel.push(ChatAddress(room["chat_id"], "no-such-key"), payload, "k")


def test_the_test_channel_sends_once_and_edits_freely(stage: Stage) -> None:
    told = stage.settings
    room = stage.control("rooms", name="测试群", kind="sandbox", members=["老陈"])
    channel = SandboxChat(told["LINTUAN_SANDBOX_CHAT_URL"], told["LINTUAN_SANDBOX_CHAT_SECRET"], stage.clock)
    address = ChatAddress(room["chat_id"])
    first = channel.push(address, {"msgtype": "text", "text": {"content": "已团 0/5"}}, "c7")
    assert channel.push(address, {"msgtype": "text", "text": {"content": "已团 0/5"}}, "c7") == first
    channel.edit(address, first, {"msgtype": "text", "text": {"content": "已团 1/5"}})
    lines = json.dumps(stage.seen(f"rooms/{room['room_id']}/messages"), ensure_ascii=False)
    assert "已团 1/5" in lines
    assert "已团 0/5" not in lines
    with pytest.raises(ChatGone):
        channel.push(ChatAddress("no-such-chat"), {"msgtype": "text", "text": {"content": "x"}}, "c8")


def test_the_product_hears_the_test_channel(stage: Stage) -> None:
    told = stage.settings
    room = stage.control("rooms", name="听得见的群", kind="sandbox", members=["老陈"])
    channel = SandboxChat(told["LINTUAN_SANDBOX_CHAT_URL"], told["LINTUAN_SANDBOX_CHAT_SECRET"], stage.clock)
    stage.control(f"rooms/{room['room_id']}/say", person="老陈", text="2份")
    asked = stage.notice("/hooks/sandbox-chat")
    assert channel.read(asked.headers, asked.body)["text"] == "2份"
