"""Reads an upload of shipping information; what does not fit has an error code of its own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.miniprogram.errors import WxError

EXPRESS, LOGISTICS = 1, (1, 2, 3, 4)
TOGETHER, SPLIT = 1, 2
MOST_PARCELS, LONGEST_DESCRIPTION = 15, 120


@dataclass(frozen=True)
class Upload:
    """What was told: `parcels` as sent, `uploaded_ms` since 1970, `finished` once nothing more is to come."""

    logistics_type: int
    delivery_mode: int
    parcels: list[dict[str, Any]]
    uploaded_ms: int
    finished: bool
    openid: str

    def digest(self) -> str:
        """Tells a changed upload from the same one sent again later."""
        content = [self.logistics_type, self.delivery_mode, self.parcels, self.finished]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read(body: dict[str, Any]) -> Upload:
    """The upload in a request's body; raises `WxError`."""
    logistics, mode = body.get("logistics_type"), body.get("delivery_mode")
    if logistics not in LOGISTICS or type(logistics) is not int:
        raise WxError(10060005, "物流类型有误")
    if mode not in (TOGETHER, SPLIT) or type(mode) is not int:
        raise WxError(268485224, "发货模式非法")
    if mode == SPLIT and logistics != EXPRESS:
        raise WxError(10060006, "非快递发货时不允许分拆发货")
    finished = True if mode == TOGETHER else body.get("is_all_delivered")
    if not isinstance(finished, bool):
        raise WxError(10060007, "分拆发货模式下必须填写 is_all_delivered")
    payer = body.get("payer")
    if not isinstance(payer, dict) or not isinstance(payer.get("openid"), str):
        raise WxError(10060014, "参数错误: payer.openid")
    parcels = _parcels(body, mode)
    for parcel in parcels:
        _check(parcel, logistics)
    return Upload(logistics, mode, parcels, _moment(body.get("upload_time")), finished, payer["openid"])


def _parcels(body: dict[str, Any], mode: int) -> list[dict[str, Any]]:
    parcels = body.get("shipping_list")
    if not isinstance(parcels, list) or not all(isinstance(parcel, dict) for parcel in parcels):
        raise WxError(10060014, "参数错误: shipping_list")
    if mode == TOGETHER and len(parcels) != 1:
        raise WxError(268485228, "统一发货模式下，物流信息列表长度必须为 1")
    if len(parcels) > MOST_PARCELS:
        raise WxError(10060024, "物流信息列表超过 15 个")
    return parcels


def _check(parcel: dict[str, Any], logistics: int) -> None:
    text = parcel.get("item_desc")
    if not isinstance(text, str) or not text.strip():
        raise WxError(10060008, "商品信息不能为空")
    if len(text) > LONGEST_DESCRIPTION:
        raise WxError(10060009, "商品信息过长")
    if logistics == EXPRESS and not parcel.get("tracking_no"):
        raise WxError(268485226, "物流单号不能为空")
    if logistics == EXPRESS and not parcel.get("express_company"):
        raise WxError(268485227, "物流公司编码不能为空")


def _moment(text: object) -> int:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise WxError(268485216, "上传时间非法") from None
    if moment.tzinfo is None:
        raise WxError(268485216, "上传时间非法")
    return int(moment.timestamp() * 1000)
