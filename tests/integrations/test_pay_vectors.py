"""WeChat Pay's published vectors, through the code that signs, verifies and decrypts in earnest."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate

from integrations.wechatpay.engine import GatewayEngine
from integrations.wechatpay.gateway import WeChatPayGateway
from integrations.wechatpay.signing import payer_text, request_text, verifies
from services.ports import BadNotice
from tests.integrations.pay_keys import gateway, merchant_key, platform_key, private_pem, public_pem
from tests.integrations.vectors import vector, whole


def engine(**changes: Any) -> GatewayEngine:
    values: dict[str, Any] = {
        "base_url": "https://pay.invalid",
        "mchid": "1234567890",
        "serial": "F5765756002FDD77",
        "private_key_pem": private_pem(merchant_key()),
        "apiv3_key": "0" * 32,
        "public_key_id": "K",
        "public_key_pem": public_pem(platform_key()),
        "clock": lambda: datetime.fromtimestamp(1624523846, UTC),
        "timeout": 1.0,
    }
    return GatewayEngine(**{**values, **changes})


def key_in(certificate: str) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = load_pem_x509_certificate(certificate.encode()).public_key()
    return public.public_bytes(serialization.Encoding.PEM, form).decode()


def test_we_sign_as_published() -> None:
    case = vector("wechatpay_go", "rsa_sign")
    assert engine(private_key_pem=case["private_key"]).sign_text(case["message"]) == case["signature"]


@pytest.mark.parametrize("name", ["rsa_verify_cert", "rsa_verify_pubkey"])
def test_we_verify_as_published(name: str) -> None:
    case = vector("wechatpay_go", name)
    pem = case.get("public_key") or key_in(case["certificate"])
    public = engine(public_key_pem=pem)._public_key
    assert verifies(public, case["message"].encode(), case["signature"])
    for change in vector("wechatpay_go", "rsa_verify_cert")["must_fail"]:
        if "serial" not in change:
            altered = {**case, **change}
            assert not verifies(public, altered["message"].encode(), altered["signature"])


@pytest.mark.parametrize("case", vector("wechatpay_go", "authorization_layout")["cases"])
def test_requests_are_signed_over_the_published_text(case: dict[str, str]) -> None:
    layout = vector("wechatpay_go", "authorization_layout")
    stamp, body = str(layout["timestamp"]), case["body"].encode()
    assert request_text(case["method"], case["url"], stamp, layout["nonce"], body) == case["message"].encode()
    header = engine(mchid=layout["mchid"], serial=layout["serial"]).authorization(
        case["method"], case["url"], body, layout["nonce"]
    )
    scheme, _, rest = header.partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(","))
    signature = parts.pop("signature").strip('"')
    assert scheme == "WECHATPAY2-SHA256-RSA2048"
    assert parts == {
        "mchid": '"1234567890"',
        "nonce_str": '"A1B2C3D4E5F6G7"',
        "timestamp": '"1624523846"',
        "serial_no": '"0123456789ABC"',
    }
    assert verifies(merchant_key().public_key(), case["message"].encode(), signature)


def test_resources_decrypt_as_published() -> None:
    case = vector("wechatpay_go", "aead_gcm")
    assert engine(apiv3_key=case["apiv3_key"]).open_resource(case) == case["plaintext"]
    for change in case["must_fail"]:
        altered = {**case, **change}
        with pytest.raises(BadNotice):
            engine(apiv3_key=altered["apiv3_key"]).open_resource(altered)


def test_sealed_fields_decrypt_as_published() -> None:
    case = vector("wechatpay_go", "oaep_decrypt")
    assert engine(private_key_pem=case["private_key"]).decrypt(case["ciphertext"]) == case["plaintext"]


def published_callback() -> tuple[WeChatPayGateway, dict[str, Any], dict[str, str]]:
    case = vector("wechatpay_go", "notify_full")
    guard = gateway(
        public_key_pem=key_in(case["certificate"]),
        public_key_id="D7CE59D1F522D701",
        apiv3_key=case["apiv3_key"],
        clock=lambda: datetime.fromtimestamp(case["clock_at"], UTC),
    )
    return guard, case, {**case["headers"], "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048"}


def test_the_published_callback_is_verified_and_opened() -> None:
    guard, case, headers = published_callback()
    envelope, resource = guard.open_notice(headers, case["body"].encode())
    assert envelope["event_type"] == "PAYSCORE.USER_OPEN_SERVICE"
    assert resource == json.loads(case["plaintext"])


def test_a_verified_callback_of_a_kind_we_do_not_use_is_no_notice_for_us() -> None:
    guard, case, headers = published_callback()
    with pytest.raises(BadNotice, match="did not ask for"):
        guard.read_notice(headers, case["body"].encode())
    with pytest.raises(BadNotice, match="Signature-Type"):
        guard.read_notice(case["headers"], case["body"].encode())


def test_the_payers_parameters_are_signed_over_the_published_text() -> None:
    case = whole("jsapi_paysign_doc")
    text = payer_text(case["appId"], case["timeStamp"], case["nonceStr"], case["package"])
    assert text == case["string_to_sign"].encode()
