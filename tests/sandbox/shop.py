"""A shop of the mini-program for tests: ships what was paid at the pretend gateway."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sandbox.merchant import Merchant

EXPRESS: dict[str, Any] = {
    "logistics_type": 1,
    "shipping_list": [{"item_desc": "草莓", "tracking_no": "SF1", "express_company": "SF"}],
}
HOUR = 3600


class Shop:
    """A merchant that ships what 王阿姨 paid for."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        self.openid = merchant.control("people", {"name": "王阿姨"})["openid"]
        self.sent = datetime.now(UTC)

    def call(self, name: str, body: dict[str, Any]) -> Any:
        words = {"appid": self.merchant.appid, "secret": self.merchant.env["LINTUAN_WXA_SECRET"]}
        asked = self.merchant.http.post("/cgi-bin/stable_token", json={"grant_type": "client_credential", **words})
        token = asked.get_json()["access_token"]
        return self.merchant.http.post(f"/wxa/sec/order/{name}?access_token={token}", json=body).get_json()

    def ship(self, number: str = "pay_000001", **other: Any) -> int:
        """Upload, each time a little later; the errcode."""
        self.sent += timedelta(milliseconds=10)
        wish = {
            "order_key": {"order_number_type": 1, "mchid": self.merchant.mchid, "out_trade_no": number},
            "logistics_type": 4,
            "delivery_mode": 1,
            "shipping_list": [{"item_desc": "草莓 2 盒"}],
            "upload_time": self.sent.isoformat(timespec="milliseconds"),
            "payer": {"openid": self.openid},
        }
        return int(self.call("upload_shipping_info", wish | other)["errcode"])

    def state(self, number: str = "pay_000001") -> int:
        wish = {"merchant_id": self.merchant.mchid, "merchant_trade_no": number}
        return int(self.call("get_order", wish)["order"]["order_state"])

    def receive(self, number: str = "pay_000001", person: str = "王阿姨") -> Any:
        return self.merchant.http.post(f"/control/orders/{number}/confirm-receive", json={"person": person})

    def advance(self, seconds: int) -> None:
        self.merchant.control("clock", {"advance_seconds": seconds})

    def frozen(self) -> tuple[int, int]:
        ledger = self.merchant.control("ledger")
        assert ledger["balanced"] is True
        return ledger["frozen_fen"], ledger["available_fen"]
