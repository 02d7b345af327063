"""What the platform does in the phone about groups: cards that pages send, and where one was opened, sealed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.sandbox.merchant import Merchant

GROUP = "wx-groups/幸福里3号楼"
PLAIN = {"mode": "plain", "title": "请帮我取一下", "path": "pages/pass/pass?token=t"}


@pytest.fixture
def card(merchant: Merchant) -> int:
    """The number of a plain card that 李姐 posted."""
    shown = merchant.control(f"{GROUP}/share", {"person": "李姐", "ticket": PLAIN})
    return int(shown["card"])


def session_key(merchant: Merchant, code: str) -> bytes:
    """What the product's server gets for a login code."""
    asked = {
        "appid": merchant.appid, "secret": merchant.env["LINTUAN_WXA_SECRET"], "js_code": code,
        "grant_type": "authorization_code",
    }  # fmt: skip
    return base64.b64decode(merchant.http.get("/sns/jscode2session", query_string=asked).get_json()["session_key"])


def opened(sealed: dict[str, str], key: bytes) -> dict[str, Any]:
    """The open data in clear."""
    decryptor = Cipher(algorithms.AES128(key), modes.CBC(base64.b64decode(sealed["iv"]))).decryptor()
    plain = decryptor.update(base64.b64decode(sealed["encryptedData"])) + decryptor.finalize()
    data: dict[str, Any] = json.loads(plain[: -plain[-1]])
    return data


def entry(merchant: Merchant, person: str, card: int) -> Any:
    """What `wx.getGroupEnterInfo` asks of the platform."""
    return merchant.http.post(f"/phone/{person}/group-entry", json={"card": card})


def test_a_plain_card_stands_in_the_group_and_counts_nothing(merchant: Merchant, card: int) -> None:
    (line,) = merchant.control(GROUP)["lines"]
    assert (line["kind"], line["card"]["kind"], line["card"]["words"]) == ("card", "plain", "")
    assert line["card"]["page"] == PLAIN["path"]
    asked = {"person": "李姐", "card": card}
    assert merchant.http.post(f"/control/{GROUP}/remind", json=asked).status_code == 409


def test_the_phone_knows_the_groups_to_send_to(merchant: Merchant, card: int) -> None:
    assert card and merchant.http.get("/phone/groups").get_json() == {"groups": ["幸福里3号楼"]}


def test_where_a_card_was_opened_is_sealed_under_the_newest_login(merchant: Merchant, card: int) -> None:
    merchant.control(f"{GROUP}/open", {"person": "张阿姨", "card": card})
    earlier = merchant.http.post("/phone/张阿姨/login").get_json()["code"]
    newest = merchant.http.post("/phone/张阿姨/login").get_json()["code"]
    sealed = entry(merchant, "张阿姨", card).get_json()
    told = opened(sealed, session_key(merchant, newest))
    assert told["opengid"].startswith("tG") and told["watermark"]["appid"] == merchant.appid
    with pytest.raises(ValueError):  # another key gives noise: no text, or no JSON
        opened(sealed, session_key(merchant, earlier))


def test_nothing_is_told_of_a_card_that_one_did_not_open(merchant: Merchant, card: int) -> None:
    merchant.control("people", {"name": "老陈"})
    merchant.http.post("/phone/老陈/login")
    assert entry(merchant, "老陈", card).status_code == 404
    assert entry(merchant, "谁", card).status_code == 404
