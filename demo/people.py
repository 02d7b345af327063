"""A person: logs in by the mini-program, agrees, orders, pays, speaks; everything through a phone."""

from __future__ import annotations

from typing import Any

from demo.clock import until
from demo.http import Client, Json
from demo.sandbox import Room, Sandbox


class Person:
    """Somebody with the mini-program, logged in; they agreed to what is to be agreed to, and others see their name."""

    def __init__(self, name: str, product_url: str, sandbox: Sandbox, device: str = "手机") -> None:
        self.name, self._sandbox = name, sandbox
        self.on_platform = sandbox.person(name)
        nobody = Client(product_url)
        entered = nobody.post("/api/resident/login", {"js_code": sandbox.login_code(name), "device": device})
        self.token = str(entered["token"])
        self.app = Client(product_url, self.token)
        for text in self.app.get("/api/resident/consents")["items"]:
            self.app.post("/api/resident/consents", {"document": text["document"], "version": text["version"]})
        self.app._ask("PUT", "/api/resident/me", json={"nickname": name})
        until(f"{name}'s name to pass", lambda: self.app.get("/api/resident/me")["name_check"] is None)

    def show_phone(self) -> None:
        """Press the phone button: the product now knows the number, the desk its tail."""
        self.app.post("/api/resident/phone", {"code": self._sandbox.phone_code(self.name)})

    @property
    def phone_tail(self) -> str:
        """The last four digits of the person's phone."""
        return str(self.on_platform["phone"])[-4:]

    def bind_chat(self, room: Room) -> list[Json]:
        """Tell the robot in the room who one is, by a one-time code; the lines that follow."""
        code = self.app.post("/api/resident/chat-codes")["code"]
        return room.say(self.name, f"绑定 {code}")

    def order(self, campaign: Json, point: Json, units: dict[str, int]) -> Json:
        """Place an order of offers by name."""
        ids = {offer["name"]: offer["id"] for offer in campaign["offers"]}
        lines = [{"offer": ids[name], "units": count} for name, count in units.items()]
        body = {"campaign": campaign["id"], "point": point["id"], "lines": lines}
        return dict(self.app.post("/api/resident/orders", body))

    def orders(self) -> list[Json]:
        """One's own orders, newest first."""
        return list(self.app.pages("/api/resident/orders"))

    def see(self, order: Json) -> Json:
        """One's own order as it stands."""
        return dict(self.app.get(f"/api/resident/orders/{order['id']}"))

    def ask_to_pay(self, order: Json) -> Json:
        """The parameters for `wx.requestPayment`."""
        return dict(self.app.post(f"/api/resident/orders/{order['id']}/payments"))

    def pay(self, order: Json, **options: Any) -> Json:
        """Pay at the cashier; the gateway's receipt. The product hears of it by notice, if at all."""
        return self._sandbox.pay(self.name, self.ask_to_pay(order)["params"], **options)

    def pickup(self, order: Json) -> Json:
        """One's pickup page: code and QR."""
        return dict(self.app.get(f"/api/resident/orders/{order['id']}/pickup"))

    def inbox(self) -> list[Json]:
        """What one was told, newest first."""
        return list(self.app.pages("/api/resident/notifications"))
