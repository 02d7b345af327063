"""The sandbox's control addresses: what people do on their phones, and what only a stage hand may do."""

from __future__ import annotations

from typing import Any

from demo.http import Client, Json


class RobotErred(Exception):
    """The platform refused something the robot said; the message is its words."""


class Sandbox(Client):
    """The pretend outside world."""

    def person(self, name: str) -> Json:
        """The person called so, made on first mention."""
        return dict(self.post("/control/people", {"name": name}))

    def login_code(self, name: str) -> str:
        """What `wx.login` gives this person."""
        return str(self.post(f"/control/people/{name}/login-code")["code"])

    def phone_code(self, name: str) -> str:
        """What the phone button gives this person."""
        return str(self.post(f"/control/people/{name}/phone-code")["code"])

    def accept_messages(self, name: str, template_id: str, times: int = 1) -> None:
        """The person allows that many subscribe messages of a kind."""
        self.post(f"/control/people/{name}/subscribe", {"template_id": template_id, "times": times})

    def subscribe_messages(self, name: str) -> list[Json]:
        """The subscribe messages on the person's phone."""
        return list(self.get("/control/subscribe-messages", name=name)["messages"])

    def customer_lines(self, name: str) -> list[Json]:
        """The person's talk with customer service."""
        return list(self.get(f"/control/customer/{name}")["messages"])

    def customer_say(self, name: str, text: str) -> None:
        """The person writes to customer service."""
        if not self.post(f"/control/customer/{name}/say", {"text": text})["delivered"]:
            raise RobotErred(f"customer service did not take: {text}")

    def pay(self, name: str, params: dict[str, str], **options: Any) -> Json:
        """The person confirms the payment sheet."""
        return dict(self.post("/control/pay", {"params": params, "person": name, **options}))

    def pending_orders(self, name: str) -> list[Json]:
        """The person's unpaid orders at the cashier."""
        return list(self.get("/control/pending-orders", name=name)["orders"])

    def notices(self, number: str) -> list[Json]:
        """What the gateway sent about an order or refund number."""
        return [row for row in self.get("/control/notices")["notices"] if row["number"] == number]

    def turn(self, **knobs: Any) -> None:
        """Set knobs of the gateway."""
        self.post("/control/knobs", knobs)

    def open_room(self, name: str, members: list[str], kind: str = "wecom") -> Room:
        """A group with the robot in it, of WeCom unless `kind` names another chat."""
        return Room(self, self.post("/control/rooms", {"name": name, "kind": kind, "members": members}))

    def dm(self, name: str, text: str) -> list[Json]:
        """The person speaks to the robot alone; the lines that follow."""
        return checked(self.post("/control/dm", {"person": name, "text": text})["messages"])


class Room:
    """A group chat, read from where one left off."""

    def __init__(self, sandbox: Sandbox, row: Json) -> None:
        self._sandbox = sandbox
        self.id, self.name, self.seen = int(row["room_id"]), str(row["name"]), 0

    @property
    def path(self) -> str:
        """The room's control address."""
        return f"/control/rooms/{self.id}"

    def add_robot(self) -> str:
        """Put a webhook robot into the group; its key."""
        return str(self._sandbox.post(f"{self.path}/robot", {})["key"])

    def say(self, name: str, text: str, *, mention: bool = True) -> list[Json]:
        """Speak; the lines since the last look, one's own first."""
        self._sandbox.post(f"{self.path}/say", {"person": name, "text": text, "mention": mention})
        return self.news()

    def click(self, name: str, card: Json, key: str, selected: dict[str, str] | None = None) -> list[Json]:
        """Press a button of a card; the lines since the last look."""
        wish = {"person": name, "message_id": card["message_id"], "key": key, "selected": selected or {}}
        self._sandbox.post(f"{self.path}/click", wish)
        return self.news()

    def news(self) -> list[Json]:
        """Lines added or changed since the last look; raises `RobotErred` when the platform refused the robot."""
        lines = checked(self._sandbox.get(f"{self.path}/messages", after=self.seen))
        self.seen = max([self.seen, *(line["seq"] for line in lines)])
        return lines


def checked(lines: list[Json]) -> list[Json]:
    """The lines, or `RobotErred` with the platform's words."""
    for line in lines:
        if line["kind"] == "error":
            raise RobotErred(str(line["text"]))
    return lines
