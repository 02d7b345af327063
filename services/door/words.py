"""How goods that are brought reach their buyer, in the buyer's words."""

from __future__ import annotations

from collections.abc import Mapping

from domain.campaigns import DeliveryMethod

BROUGHT: Mapping[str, str] = {
    DeliveryMethod.DOOR: "团长会送货上门，请留意。",
    DeliveryMethod.COURIER: "将由快递发出，单号会在订单页显示。",
}
"""By way of delivery; goods that are fetched are not in it."""
BROUGHT_BY: Mapping[str, str] = {DeliveryMethod.DOOR: "送货上门", DeliveryMethod.COURIER: "快递发货"}
"""The same in a word or two, where a pickup point would be named."""
