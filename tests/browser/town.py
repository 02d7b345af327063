"""One town for a run's stories: product, clock, live counts and sandbox as processes, seeded as `make run` does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from demo.http import Client
from demo.people import Person
from demo.sandbox import Sandbox
from demo.seed import LIVE_ROOM, SEEDED, welcome
from stack.folder import AS_INSTALLED
from stack.stack import Stack, free_port


@dataclass
class Town:
    """Its addresses, its people (张阿姨, 王先生, 老陈, 赵奶奶; leader 李姐; staff 小林, 小何) and its one campaign."""

    stack: Stack
    _people: dict[str, Person] = field(default_factory=dict)

    @property
    def product_url(self) -> str:
        """Where the product answers."""
        return self.stack.product_url

    @property
    def sandbox_url(self) -> str:
        """Where rooms and phones are."""
        return self.stack.sandbox_url

    @cached_property
    def sandbox(self) -> Sandbox:
        """The stage hand's way to the pretend platform."""
        return Sandbox(self.sandbox_url)

    def person(self, name: str) -> Person:
        """Somebody over HTTP, for what a story needs before it begins."""
        if name not in self._people:
            self._people[name] = Person(name, self.product_url, self.sandbox)
        return self._people[name]

    @cached_property
    def campaign_id(self) -> str:
        """The campaign with which the town was seeded."""
        return str(self.sandbox.get("/control/people/李姐/campaigns")["campaigns"][-1]["id"])

    @cached_property
    def points(self) -> dict[str, dict[str, str]]:
        """The pickup points by name."""
        found: dict[str, dict[str, str]] = self._seeded["points"]
        return found

    @property
    def live_room(self) -> int:
        """The group of a chat that lets the bot edit its card."""
        return int(self._seeded["rooms"][LIVE_ROOM])

    @cached_property
    def _seeded(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.stack.folder / SEEDED).read_text())
        return found

    @cached_property
    def operator(self) -> Client:
        """The operator at the API."""
        login = {"name": self.stack.operator, "password": self.stack.operator_password}
        return Client(self.product_url, str(Client(self.product_url).post("/api/admin/login", login)["token"]))


@contextmanager
def founded(folder: Path) -> Iterator[Town]:
    """A town on free ports over `folder`, ended with all its processes."""
    with Stack(folder, free_port(), free_port(), live_port=free_port(), more=AS_INSTALLED) as stack:
        welcome(folder, stack.product_url, stack.sandbox_url, stack.operator, stack.operator_password)
        yield Town(stack)
