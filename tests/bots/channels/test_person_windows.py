"""However much there is to say to one person, customer service refuses nothing that we send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bots.channels.customer import ENTERED, WROTE
from bots.sending import people
from bots.sending.drain import drain
from bots.voice import Voice
from domain.actors import SYSTEM
from domain.ids import new_id
from models import Notification, OutboxMessage
from services import outbox
from services import people as residents
from services.chat import windows
from services.context import Ctx
from services.ports import Outside, OutsideError, Refused, Unreachable
from tests.bots.channels.conftest import Tell
from tests.bots.channels.drivers import Customer
from tests.builders.clock import FrozenClock
from tests.integrations.sandbox_process import Stage

VOICE = Voice("https://lintuan.example", "小邻", {})
MANY = 7


class Counting:
    """The mini-program, with what customer service refused; `fails` is raised instead of a call."""

    def __init__(self, real: object) -> None:
        self._real, self.refused = real, list[str]()
        self.fails: OutsideError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def send_customer_text(self, openid: str, text: str) -> None:
        """As the mini-program does."""
        if self.fails:
            raise self.fails
        try:
            self._real.send_customer_text(openid, text)  # type: ignore[attr-defined]  # the true client has it
        except Refused as refusal:
            self.refused.append(refusal.code)
            raise


class Neighbour:
    """A resident at customer service, and the product that answers by its sweeps."""

    def __init__(self, stage: Stage, app: Flask, tell: Tell, clock: FrozenClock) -> None:
        self.stage, self.tell, self.clock = stage, tell, clock
        product = app.extensions["lintuan"]
        self.unit, self.driver = product.unit, Customer(stage, product)
        self.counting = Counting(product.outside.mini_program)
        self.outside: Outside = replace(product.outside, mini_program=self.counting)
        with self.unit(SYSTEM) as ctx:
            self.resident_id = residents.enter(ctx, self.driver.user_id).id

    def says(self, text: str) -> None:
        """To customer service."""
        assert self.tell(self.driver.speak(text)).status_code == 200

    def enters(self) -> None:
        """Opens the chat."""
        self.stage.control(f"customer/{self.driver.name}/enter")
        assert self.tell(self.stage.notice(self.driver.path)).status_code == 200

    def is_owed(self, number: int) -> None:
        """So many notices."""
        with self.unit(SYSTEM) as ctx:
            for _ in range(number):
                notice(ctx, self.resident_id)

    def repeat_answers(self, number: int) -> None:
        """The newest answer is to be given so many times more."""
        newest = select(OutboxMessage).where(OutboxMessage.kind == "customer_reply").order_by(OutboxMessage.id.desc())
        with self.unit(SYSTEM) as ctx:
            payload = ctx.session.scalars(newest.limit(1)).one().payload
            for again in range(number):
                outbox.enqueue(ctx, "customer_reply", f"{payload['event']}:{again}", payload)

    def pass_by(self, seconds: int) -> None:
        """Time, here and there."""
        self.clock.advance(seconds=seconds)
        self.stage.move_clock(int(self.stage.offset.total_seconds()) + seconds)

    def drain(self) -> int:
        """Send what is due; how many lines the person has now."""
        drain(self.unit, self.outside, VOICE)
        return len(self.driver.shown())


def notice(ctx: Ctx, resident_id: int) -> None:
    """One more refund to tell of."""
    public_id = new_id("Notification", ctx.now)
    ctx.session.add(Notification(
        public_id=public_id, resident_id=resident_id, kind="refund", title="已退款", cause=public_id, body="-",
        created_at=ctx.now,
    ))  # fmt: skip
    outbox.enqueue(ctx, "notify", f"notify:{public_id}", {"notification": public_id}, must=True)


@pytest.fixture
def neighbour(stage: Stage, app: Flask, tell: Tell, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Neighbour:
    """Somebody to whom every kind of news may use up the window."""
    monkeypatch.setattr(people, "KEPT", {"refund": 0})
    return Neighbour(stage, app, tell, clock)


def test_five_go_after_each_message_and_no_more(neighbour: Neighbour) -> None:
    neighbour.says("帮助")
    neighbour.is_owed(MANY)
    assert neighbour.drain() == WROTE.count
    neighbour.pass_by(60)
    neighbour.is_owed(MANY)
    assert neighbour.drain() == WROTE.count
    neighbour.says("帮助")
    neighbour.is_owed(MANY)
    assert neighbour.drain() == 2 * WROTE.count
    assert neighbour.counting.refused == []


def test_two_go_to_somebody_who_only_opened_the_chat_and_none_after_its_minute(neighbour: Neighbour) -> None:
    neighbour.enters()
    neighbour.repeat_answers(MANY)
    assert neighbour.drain() == ENTERED.count
    neighbour.pass_by(ENTERED.seconds)
    neighbour.enters()
    neighbour.repeat_answers(MANY)
    neighbour.pass_by(ENTERED.seconds)
    assert neighbour.drain() == ENTERED.count
    assert neighbour.counting.refused == []


def test_what_greeted_a_visitor_counts_in_the_window_of_their_message_too(neighbour: Neighbour) -> None:
    neighbour.says("帮助")
    assert neighbour.drain() == 1
    for number in range(4):
        neighbour.pass_by(5)
        neighbour.enters()
        assert neighbour.drain() == 2 + number
    neighbour.pass_by(60)
    neighbour.is_owed(MANY)
    assert neighbour.drain() == WROTE.count
    assert neighbour.counting.refused == []


def test_two_days_later_nothing_goes(neighbour: Neighbour) -> None:
    neighbour.says("帮助")
    assert neighbour.drain() == 1
    neighbour.pass_by(WROTE.seconds - 5)
    neighbour.is_owed(1)
    assert neighbour.drain() == 1
    assert neighbour.counting.refused == []


def test_a_call_that_was_not_made_takes_no_place(neighbour: Neighbour) -> None:
    neighbour.says("帮助")
    for _ in range(3):
        neighbour.counting.fails = Unreachable("busy", code="-1")
        neighbour.drain()
        neighbour.pass_by(10)
    neighbour.counting.fails = None
    neighbour.is_owed(MANY)
    assert neighbour.drain() == WROTE.count
    assert neighbour.counting.refused == []


def test_without_windows_the_platform_would_refuse(neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_left", lambda *_: 1)
    neighbour.says("帮助")
    neighbour.is_owed(MANY)
    neighbour.drain()
    assert set(neighbour.counting.refused) == {"45047"}
