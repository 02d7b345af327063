"""How the bot speaks of us: its name, our addresses, the subscribe templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Voice:
    """`public_url` has no trailing slash; `templates` maps arrived, refund and formed to template ids ("" is none)."""

    public_url: str
    bot_name: str = "小邻"
    templates: Mapping[str, str] = field(default_factory=dict)

    def order_link(self, order_id: str) -> str:
        """Where an order is paid and seen; it names nothing but the order."""
        return f"{self.public_url}/m/orders/{order_id}"

    def campaign_link(self, campaign_id: str) -> str:
        """Where a campaign is seen."""
        return f"{self.public_url}/m/campaigns/{campaign_id}"

    @property
    def orders_link(self) -> str:
        """Where one's own orders are listed."""
        return f"{self.public_url}/m/orders"
