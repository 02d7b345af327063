"""The operator's desk: reads and acts over HTTP, and sees how many statements a request costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from werkzeug.test import TestResponse

from bots.sweeps import sweeps
from bots.voice import Voice
from domain.actors import SYSTEM
from models import Campaign
from services import announcing
from services.ports import Outside
from tests.blueprints.admin.test_refund_doors import headers
from tests.bots.room import Room
from tests.services.pickup.world import one

VOICE = Voice("https://lintuan.example", "小邻", {"arrived": "T-ARRIVED", "refund": "T-REFUND", "formed": "T-FORMED"})
SWEEPS = {name: sweep for name, _, sweep, _ in sweeps(VOICE)}


@dataclass
class Desk:
    """One operator's."""

    room: Room
    outside: Outside
    by: dict[str, str]

    @classmethod
    def of(cls, room: Room, outside: Outside) -> Desk:
        """A desk with an operator at it."""
        return cls(room, outside, headers(room.unit))

    def asked(self, path: str, **query: Any) -> TestResponse:
        """The answer to a GET below /api/admin."""
        return self.room.client.get(f"/api/admin{path}", headers=self.by, query_string=query)

    def seen(self, path: str, **query: Any) -> Any:
        """The JSON of a page that must be there."""
        answer = self.asked(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def act(self, path: str, key: str = "", **body: Any) -> TestResponse:
        """The answer to a POST below /api/admin."""
        keyed = {"Idempotency-Key": key} if key else {}
        return self.room.client.post(f"/api/admin{path}", headers={**self.by, **keyed}, json=body or None)

    def channel(self, kind: str) -> Any:
        """How one channel is shown."""
        return next(shown for shown in self.seen("/channels") if shown["kind"] == kind)

    def statements(self, path: str, **query: Any) -> int:
        """How many SELECTs a page costs, with the guard's one."""
        said: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            said.append(statement)

        event.listen(self.room.unit.engine, "before_cursor_execute", note)
        try:
            self.seen(path, **query)
        finally:
            event.remove(self.room.unit.engine, "before_cursor_execute", note)
        return sum(statement.startswith("SELECT") for statement in said)

    def sweep(self, name: str) -> int:
        """One wake of a sweep."""
        return SWEEPS[name](self.room.unit, self.outside)

    def announce(self, campaign: str, what: str = "opened") -> None:
        """Have the campaign's chats told of something."""
        with self.room.unit(SYSTEM) as ctx:
            announcing.outcome(ctx, one(ctx, Campaign, campaign), what)
