"""What a merchant transfer must look like (2025 version), before any money is asked for."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1
from flask import request

from sandbox import people
from sandbox.context import Sandbox
from sandbox.pay import fields
from sandbox.pay.errors import PayError, bad_field

NUMBER = r"[0-9A-Za-z]{1,32}"
SCENE, REPORTED = "1005", {"岗位类型", "报酬说明"}
PERCEPTIONS = ("劳务报酬", "报销款", "企业补贴", "开工利是")
LEAST_FEN, NAMED_FROM_FEN, NAMELESS_BELOW_FEN = 10, 200_000, 30


def wanted(box: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    """The transfer that a request asks for, with the payee's name decrypted; raises `PayError`."""
    if body.get("appid") != box.credentials.words.wxa_appid:
        raise PayError(400, "APPID_MCHID_NOT_MATCH", "appid 和 mchid 不匹配")
    _check_scene(body)
    openid, amount = body.get("openid"), body.get("transfer_amount")
    if not isinstance(openid, str) or people.find(box, openid=openid) is None:
        raise bad_field("openid")
    if type(amount) is not int or not LEAST_FEN <= amount < 2**53:
        raise bad_field("transfer_amount")
    name = _name(box, body, amount)
    return {
        "out_bill_no": fields.text(body, "out_bill_no", 32, pattern=NUMBER),
        "parameters_hash": fields.parameters_hash({**body, "user_name": name}),
        "openid": openid,
        "amount_fen": amount,
        "remark": fields.text(body, "transfer_remark", 32),
        "notify_url": fields.notify_url(body, required=False),
        "name": name,
    }


def _check_scene(body: dict[str, Any]) -> None:
    if fields.text(body, "transfer_scene_id", 36) != SCENE:
        raise PayError(403, "NO_AUTH", "商户号未开通该转账场景")
    told = body.get("transfer_scene_report_infos")
    infos = told if isinstance(told, list) and all(isinstance(info, dict) for info in told) else []
    kinds = [info.get("info_type") for info in infos]
    if len(kinds) != len(REPORTED) or not all(kind in kinds for kind in REPORTED):
        raise PayError(400, "PARAM_ERROR", "需传入转账场景报备信息")
    for info in infos:
        fields.text(info, "info_content", 32)
    if body.get("user_recv_perception") not in (None, *PERCEPTIONS):
        raise PayError(400, "INVALID_REQUEST", "暂不支持展示当前传入的用户收款感知")


def _name(box: Sandbox, body: dict[str, Any], amount: int) -> str:
    """The payee's name in clear, "" when none was sent."""
    sealed = body.get("user_name")
    if sealed is None:
        if amount >= NAMED_FROM_FEN:
            raise PayError(400, "PARAM_ERROR", "转账金额大于等于2000元时，收款用户姓名必填")
        return ""
    if amount < NAMELESS_BELOW_FEN:
        raise PayError(400, "PARAM_ERROR", "转账金额小于0.3元时，不支持校验收款用户姓名")
    if request.headers.get("Wechatpay-Serial") != box.credentials.words.public_key_id:
        raise PayError(400, "PARAM_ERROR", "Wechatpay-Serial 与加密敏感字段所用的公钥不一致")
    try:
        padding = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)  # noqa: S303 - the gateway's own choice
        return box.credentials.platform_key.decrypt(base64.b64decode(str(sealed), validate=True), padding).decode()
    except (binascii.Error, ValueError):
        raise PayError(400, "PARAM_ERROR", "user_name 解密失败") from None
