"""The gateway's door: who may ask, how answers are signed, and the outages the knobs ask for."""

from __future__ import annotations

import re
import secrets
import time

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from sandbox.context import current
from sandbox.pay.errors import PayError
from sandbox.pay.signing import ALGORITHM, Signer, is_signed, message

MAX_SKEW_SECONDS = 300
bp = Blueprint("gateway", __name__, url_prefix="/v3")


@bp.before_request
def check_request() -> ResponseReturnValue | None:
    """Refuse in an outage, and whoever did not sign with the merchant's key."""
    knobs = current().knobs
    time.sleep(knobs.number("slow_ms") / 1000)
    if _outage() == "refuse":
        raise PayError(503, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用")
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    given = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    if scheme != ALGORITHM or not {"mchid", "serial_no", "timestamp", "nonce_str", "signature"} <= given.keys():
        raise PayError(401, "SIGN_ERROR", "Authorization 缺失或格式不正确")
    words = current().credentials.words
    if given["mchid"] != words.mchid or given["serial_no"] != words.merchant_serial:
        raise PayError(401, "SIGN_ERROR", "商户号或商户证书序列号不正确")
    if not _is_fresh(given["timestamp"]):
        raise PayError(401, "SIGN_ERROR", "Authorization 中的 timestamp 已过期")
    path = request.environ["REQUEST_URI"]
    signed = message(request.method, path, given["timestamp"], given["nonce_str"], request.get_data())
    if not is_signed(current().credentials.merchant_public_key, signed, given["signature"]):
        raise PayError(401, "SIGN_ERROR", "签名错误")
    return None


@bp.after_request
def sign_reply(response: Response) -> Response:
    """Number every answer and sign every 2xx but a downloaded bill; after an outage's work, let the answer be lost."""
    response.headers["Request-ID"] = f"08{secrets.token_hex(16).upper()}-0"
    outage = _outage()
    if outage == "error_after_commit":
        response.status_code = 500
        response.set_data('{"code":"SYSTEM_ERROR","message":"系统异常，请用相同参数重新调用"}')
    if 200 <= response.status_code < 300 and not g.get("unsigned"):
        words, key = current().credentials.words, current().credentials.platform_key
        signer = Signer(key, words.public_key_id)
        response.headers.update(signer.headers(response.get_data(), current().clock.timestamp()))
    if outage == "drop_after_commit":
        # fewer bytes than announced: the server closes the connection and the client sees it cut
        response.status_code = response.status_code if response.status_code != 204 else 200
        response.headers["Content-Length"] = str(len(response.get_data()) + 1)
    return response


@bp.errorhandler(PayError)
def answer_refusal(error: PayError) -> ResponseReturnValue:
    """The refusal as the gateway writes it."""
    return {"code": error.code, "message": error.message}, error.status


@bp.get("/certificates")
def certificates() -> ResponseReturnValue:
    """A merchant in public-key mode has no platform certificates."""
    raise PayError(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥")


def _outage() -> str:
    knobs = current().knobs
    return knobs.word("gateway_outage") if knobs.word("gateway_outage_only") in request.path else "off"


def _is_fresh(timestamp: str) -> bool:
    """Near the sandbox's clock, or near the machine's: client libraries sign with the latter, which no offset moves."""
    if not re.fullmatch(r"\d{1,12}", timestamp, re.ASCII):
        return False
    clock = current().clock
    return any(abs(int(timestamp) - now) <= MAX_SKEW_SECONDS for now in (clock.timestamp(), clock.machine_timestamp()))
