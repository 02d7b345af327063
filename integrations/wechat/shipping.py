"""Shipping information as WeChat wants it. Source: mini-program server API, order shipping management."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from services.ports import ShippingInfo

UPLOAD = "/wxa/sec/order/upload_shipping_info"
ORDER = "/wxa/sec/order/get_order"
MANAGED = "/wxa/sec/order/is_trade_managed"

DONE_BEFORE = frozenset({10060002, 10060003, 10060023})  # shipped, shipped again, nothing changed
NOT_NOW = frozenset({10060001, 10060012, 10060019})  # payment not known yet, and the platform's own trouble

_LOGISTICS = {"express": 1, "same_city": 2, "virtual": 3, "pickup": 4}
_BY_TRANSACTION, _IN_ONE = 2, 1
_ITEM_CHARACTERS = 120
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def upload_body(info: ShippingInfo) -> dict[str, Any]:
    """The body of an upload: one delivery of the whole payment, named by its transaction."""
    item: dict[str, Any] = {"item_desc": info.item_desc[:_ITEM_CHARACTERS]}
    if info.logistics_type == "express":
        item |= {"tracking_no": info.tracking_no, "express_company": info.express_company}
        if info.receiver_contact_masked:
            item["contact"] = {"receiver_contact": info.receiver_contact_masked}
    return {
        "order_key": {"order_number_type": _BY_TRANSACTION, "transaction_id": info.transaction_id},
        "logistics_type": _LOGISTICS[info.logistics_type],
        "delivery_mode": _IN_ONE,
        "shipping_list": [item],
        "upload_time": info.uploaded_at.astimezone(_SHANGHAI).isoformat(timespec="milliseconds"),
        "payer": {"openid": info.payer_openid},
    }
