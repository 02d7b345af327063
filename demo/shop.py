"""What the leader needs before opening: points, suppliers, products with pictures, and the terms of a campaign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from demo.http import Client, Json
from demo.pictures import Colour, picture

Terms = dict[str, Any]


def apply_and_approve(resident: Client, operator: Client, community: Json, display_name: str) -> Json:
    """A resident applies to lead, an operator approves; the approved application."""
    body = {
        "display_name": display_name,
        "community_id": community["id"],
        "introduction": "在小区住了八年，团了三年菜。",
    }
    application = resident.post("/api/resident/leader-application", body)
    return dict(operator.post(f"/api/admin/leaders/{application['id']}/approve", {"reason": "已电话核实"}))


def add_product(leader: Client, merchant: Json, name: str, category: str, sku: Terms, colour: Colour, *,
                fresh: bool = False) -> tuple[Json, str]:  # fmt: skip
    """A product with one SKU and one picture: the product as listed, and the SKU's id."""
    body = {"merchant_id": merchant["id"], "category": category, "name": name, "fresh": fresh}
    product = leader.post("/api/leader/products", body)
    made = leader.post(f"/api/leader/products/{product['id']}/skus", sku)
    files = {"picture": (f"{product['id']}.png", picture(colour), "image/png")}
    leader.upload(f"/api/leader/products/{product['id']}/pictures", files, {"alt": name})
    return product, str(made["id"])


def offer(sku_id: str, name: str, price_fen: int, **more: Any) -> Terms:
    """One thing on sale; commission 8 % unless said otherwise."""
    return {"sku_id": sku_id, "name": name, "price_fen": price_fen, "commission_bps": 800, **more}


def terms(title: str, points: list[Json], offers: list[Terms], closes_at: datetime, **more: Any) -> Terms:
    """A campaign as its leader writes it down."""
    return {
        "title": title, "seller": "演示商户（沙盒）", "closes_at": closes_at.isoformat(),
        "points": [point["id"] for point in points], "offers": offers, **more,
    }  # fmt: skip
