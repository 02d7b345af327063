"""Merchant transfers (2025 version) as commission, scene 1005. Source: WeChat Pay v3, merchant transfer pages."""

from __future__ import annotations

import re
from typing import Any

from wechatpayv3 import WeChatPay

from integrations.wechatpay import shapes
from integrations.wechatpay.replies import owned, reply, understood
from services.ports import Refused, Transfer, TransferRequest

SCENE = "1005"
FINAL = ("SUCCESS", "FAIL", "CANCELLED")
_NAMED_FROM_FEN = 200_000
_CHARACTERS = 32
_NAME_BYTES = 190  # what fits under a 2048-bit key
_NUMBER = re.compile(r"[0-9A-Za-z]{1,32}")
_UNHEARD_OF = frozenset({"NOT_FOUND", "RESOURCE_NOT_EXISTS", "ORDER_NOT_EXIST", "RECORD_NOT_EXIST"})


def ask(pay: WeChatPay, request: TransferRequest, notify_url: str) -> Transfer:
    """Ask for a transfer; what wechatpayv3 would answer with a bare Exception is `Refused` before it goes out."""
    _check(request)
    told = reply(
        pay.mch_transfer_bills(
            request.out_bill_no,
            SCENE,
            request.openid,
            request.amount_fen,
            request.remark[:_CHARACTERS],
            user_name=request.real_name or None,  # wechatpayv3 leaves it out below 30 fen and encrypts it above
            transfer_scene_report_infos=[
                {"info_type": "岗位类型", "info_content": request.position[:_CHARACTERS]},
                {"info_type": "报酬说明", "info_content": request.work[:_CHARACTERS]},
            ],
            notify_url=notify_url,
        )
    )
    return _read(told, request.out_bill_no)


def query(pay: WeChatPay, out_bill_no: str) -> Transfer:
    """The transfer as the gateway sees it; raises `Refused` with code "NOT_FOUND" for an unknown one."""
    number = _number(out_bill_no)
    try:
        answer = pay.mch_transfer_bills_query(out_bill_no=number)
    except Refused as error:
        raise _one_code(error) from None
    return _read(reply(answer), out_bill_no)


def cancel(pay: WeChatPay, out_bill_no: str) -> Transfer:
    """Ask for an unconfirmed transfer back; raises `Refused`, with code "NOT_FOUND" for an unknown one."""
    number = _number(out_bill_no)
    try:
        answer = pay.mch_transfer_bills_cancel(number)
    except Refused as error:
        raise _one_code(error) from None
    return _read(reply(answer), out_bill_no)


def from_notice(resource: dict[str, Any], mchid: str) -> Transfer:
    """The finished transfer of a callback; raises `shapes.BadShape` unless it is ours and at its end.

    The gateway's pages name the merchant `mchid` or `mch_id`.
    """
    owner = "mch_id" if "mch_id" in resource else "mchid"
    told = owned(resource, {owner: mchid}, shapes.transfer)
    if told.state not in FINAL:
        raise shapes.BadShape("state is not final")
    return told


def _check(request: TransferRequest) -> None:
    _number(request.out_bill_no)
    if not (request.openid and request.remark and request.position and request.work and request.amount_fen > 0):
        raise Refused("a transfer needs a payee, a sum, a remark and its two report fields")
    if request.amount_fen >= _NAMED_FROM_FEN and not request.real_name:
        raise Refused("a transfer of this size needs the payee's real name")
    if len(request.real_name.encode()) > _NAME_BYTES:
        raise Refused("the payee's real name is too long")


def _read(told: dict[str, Any], out_bill_no: str) -> Transfer:
    return understood("transfer", lambda: owned(told, {"out_bill_no": out_bill_no}, shapes.transfer))


def _one_code(error: Refused) -> Refused:
    """The gateway's pages spell "no such transfer" in several ways."""
    return Refused(str(error), code="NOT_FOUND") if error.code in _UNHEARD_OF else error


def _number(value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise Refused("a transfer's number holds letters and digits only")
    return value
