"""Open data from the client: the published vectors and what is refused."""

from __future__ import annotations

import base64
import json

import pytest

from integrations.wechat.open_data import login_state_signature, open_data, raw_data_signature
from services.ports import BadNotice
from tests.integrations.vectors import vector


def sealed() -> dict[str, str]:
    case = vector("open_data", "encryptedData_official_demo")
    return {
        "encrypted_data": case["encryptedData"],
        "iv": case["iv"],
        "session_key": case["session_key"],
        "appid": case["appid"],
    }


def test_the_official_demo_opens() -> None:
    expected = json.loads(vector("open_data", "encryptedData_official_demo")["plaintext"])
    assert open_data(**sealed()) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"appid": "wxother"},
        {"session_key": base64.b64encode(b"0" * 16).decode()},
        {"session_key": "AAAA"},
        {"iv": ""},
        {"encrypted_data": ""},
        {"encrypted_data": "no base64"},
    ],
)
def test_foreign_stale_or_broken_open_data_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadNotice):
        open_data(**{**sealed(), **change})


@pytest.mark.parametrize("name", ["rawData_signature_official", "rawData_signature_chinese"])
def test_raw_data_is_signed_as_published(name: str) -> None:
    case = vector("open_data", name)
    assert raw_data_signature(case["rawData"], case["session_key"]) == case["signature"]


def test_the_login_state_is_signed_as_published() -> None:
    case = vector("open_data", "login_state_hmac")
    assert login_state_signature(case["session_key"], case["message"]) == case["signature"]
