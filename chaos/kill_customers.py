"""People before a product that may die under them: they order, pay, take back and collect, and note each answer.

A request without an answer is sent again under its key when the product is back, as every client does.
"""

from __future__ import annotations

import http.client
import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chaos.kill_promises import Kind, Promises
from chaos.kill_stall import Stall
from chaos.serving import Answer, Client
from tests.builders import people

WAYS = {"place": 5, "pay": 4, "cancel": 2, "collect": 1}
GONE = (OSError, http.client.HTTPException)


class Gone(Exception):
    """The product hung up in the middle."""


@dataclass(frozen=True)
class Request:
    """A POST under its Idempotency-Key, and what a 2xx answer to it means for that order ("" for a new one)."""

    path: str
    body: Any
    token: str
    key: str
    kind: Kind | None
    order: str


@dataclass
class Customer:
    """One person at one connection; `pay(customer, order)` pays an order in its own way and may raise `Gone`."""

    number: int
    stall: Stall
    promises: Promises
    told: Counter[str]
    chance: random.Random
    port: int
    pay: Callable[[Customer, str], None]
    unanswered: list[Request] = field(default_factory=list)
    unpaid: list[str] = field(default_factory=list)
    live: list[str] = field(default_factory=list)
    keys: itertools.count[int] = field(default_factory=itertools.count)
    _client: Client | None = None

    def play(self, stop: threading.Event) -> None:
        """Do one thing after another until told to stop or the product is gone."""
        try:
            while not stop.is_set():
                self._one()
        except Gone:
            pass
        finally:
            self._hang_up()

    def repeat(self) -> None:
        """Send what had no answer once more."""
        again, self.unanswered = self.unanswered, []
        try:
            for request in again:
                self.post(request)
        finally:
            self._hang_up()

    def ask(self, path: str, body: Any, kind: Kind | None = None, order: str = "", token: str = "") -> Answer:
        """POST something new as this person, or with another's token."""
        key = f"customer-{self.number}-{next(self.keys)}"
        return self.post(Request(path, body, token or self.stall.tokens[self.number], key, kind, order))

    def post(self, request: Request) -> Answer:
        """Send it, and note what the answer promises; raises `Gone` when there is none."""
        self.unanswered.append(request)
        try:
            self._client = self._client or Client(self.port)
            headers = {**people.bearer(request.token), "Idempotency-Key": request.key}
            answer = self._client.post(request.path, request.body, headers)
        except GONE as error:
            self._hang_up()
            raise Gone from error
        self.unanswered.remove(request)
        self.told[_words(request, answer)] += 1
        if answer.status < 300 and request.kind:
            self._note(request, request.kind, request.order or str(answer.json["id"]))
        return answer

    def _note(self, request: Request, kind: Kind, order: str) -> None:
        self.promises.keep(kind, order, request.key)
        if kind == "placed":
            self.unpaid.append(order)
            self.live.append(order)

    def _one(self) -> None:
        way = self.chance.choices(list(WAYS), list(WAYS.values()))[0]
        if way == "pay" and self.unpaid:
            self.pay(self, self.unpaid.pop(self.chance.randrange(len(self.unpaid))))
        elif way == "cancel" and self.live:
            order = self.live.pop(self.chance.randrange(len(self.live)))
            self.ask(f"/api/resident/orders/{order}/cancellation", {}, "cancelled", order)
        elif way == "collect" and (order := self._next_in_line()):
            self._collect(order)
        else:
            self._place()

    def _place(self) -> None:
        scene, (offer,) = self.stall.scene, self.stall.scene.offers.values()
        lines = [{"offer": offer, "units": self.chance.randint(1, 3)}]
        wanted = {"campaign": scene.campaign, "point": scene.point, "lines": lines, "again": True}
        self.ask("/api/resident/orders", wanted, "placed")

    def _next_in_line(self) -> str:
        """An order that waits at the desk and that nobody else has taken up, "" when there is none."""
        try:
            return self.stall.waiting.pop()
        except IndexError:
            return ""

    def _collect(self, order: str) -> None:
        desk = f"/api/leader/points/{self.stall.desk}/redemptions"
        self.ask(desk, {"orders": [order], "found_by": "code"}, "collected", order, self.stall.leader_token)

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _words(request: Request, answer: Answer) -> str:
    what = request.kind or "asked to pay"
    return f"{what} {answer.status}" + (f" {answer.json['code']}" if 400 <= answer.status < 500 else "")
