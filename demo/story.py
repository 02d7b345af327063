"""What the chapters share: the stage, the people, and what has come to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from demo.clock import Clock
from demo.http import Client, Json
from demo.people import Person
from demo.sandbox import Room, Sandbox
from demo.transcript import Transcript

LEADER = "李姐"


@dataclass
class Story:
    """One telling; each chapter adds what the later ones need."""

    product_url: str
    sandbox: Sandbox
    operator_login: dict[str, str]
    arrived_template: str
    transcript: Transcript
    product: Client = field(init=False)
    clock: Clock = field(init=False)
    operator: Client = field(init=False)
    colleague: Client = field(init=False)
    colleague_name: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    points: dict[str, Json] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    skus: dict[str, str] = field(default_factory=dict)
    campaigns: dict[str, str] = field(default_factory=dict)
    orders: dict[str, Json] = field(default_factory=dict)
    desks: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.product = Client(self.product_url)
        self.clock = Clock(self.product, self.sandbox)
        self._log_in_operator()

    def _log_in_operator(self) -> None:
        self.operator = self._logged_in(self.operator_login["name"])
        if self.colleague_name:
            self.colleague = self._logged_in(self.colleague_name)

    def _logged_in(self, name: str) -> Client:
        """An operator; all of this stage's have the same password."""
        token = self.product.post("/api/admin/login", {**self.operator_login, "name": name})["token"]
        return Client(self.product_url, token)

    def go_to(self, moment: datetime) -> datetime:
        """Move both clocks to just past a moment ahead; the operator logs in again, as after each night."""
        now = self.clock.go_to(moment)
        self._log_in_operator()
        return now

    def person(self, name: str) -> Person:
        """The person, logged in at the first mention."""
        if name not in self.people:
            self.people[name] = Person(name, self.product_url, self.sandbox)
        return self.people[name]

    @property
    def leader(self) -> Client:
        """The leader's mini-program."""
        return self.person(LEADER).app

    def campaign(self, key: str) -> Json:
        """A campaign's public page as it is now."""
        return dict(self.product.get(f"/api/resident/campaigns/{self.campaigns[key]}"))

    def dashboard(self, key: str) -> Json:
        """A campaign as its leader sees it now."""
        return dict(self.leader.get(f"/api/leader/campaigns/{self.campaigns[key]}"))

    def payments(self) -> dict[str, Json]:
        """The operator's list of payments, by number."""
        return {row["id"]: row for row in self.operator.pages("/api/admin/payments")}

    def tell(self, text: str, at: datetime | None = None) -> None:
        """One line of the story, now unless said otherwise."""
        self.transcript.at(at or self.clock.now(), text)
