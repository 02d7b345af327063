"""What a story's acts may do, and what its people remember from one act to the next."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select

from chaos.histories.inner_sandbox import Declined
from chaos.points.theatre import Theatre
from domain.actors import SYSTEM, Actor, Role
from services.context import Ctx
from services.idempotency import Answer, once
from services.one_time_codes import IssuedCode
from services.transactions import Transactions
from tests.builders import campaigns

T = TypeVar("T")
APART = frozenset({"bills.reconcile_due", "records.forget_idempotency", "chat.forget_old", "settlements.draft_weekly"})
SENDER = "chat.send_due"
SPEECH = frozenset({
    "alerts", "channel_states", "chat_bindings", "chat_campaigns", "chat_windows", "outbox_messages",
    "outside activity_calls", "outside room_lines",
})  # fmt: skip
"""What a sender that dies leaves undone or does twice: a line that need not be said dies with it, one that must be is
said again, and neighbours who would have been called together are called one by one (`services.chat.outgoing`). A call
whose end nobody noted keeps its place in the windows for a while, and how it went is for the next one to tell."""
LULL = (70, 400, 400, 2000, 4000)
"""What passes (s) before two runs that are not yet alike are compared again; the sweeps wake after each."""


@dataclass
class World:
    """The people of a story; `notes` are what they know: names of their own for public ids and numbers."""

    theatre: Theatre
    act: str = ""
    _requests: int = 0

    @property
    def notes(self) -> dict[str, Any]:
        """What is known; it outlives the product's process once an act has ended."""
        return self.theatre.notes

    @property
    def unit(self) -> Transactions:
        """The product's transactions."""
        unit: Transactions = self.theatre.unit
        return unit

    @property
    def clock(self) -> Any:
        """The one clock."""
        return self.theatre.stage.clock

    def __getitem__(self, name: str) -> Any:
        """What is noted under a name."""
        return self.notes[name]

    def begin(self, act: str) -> None:
        """The next act; a repeated one sends the same keys."""
        self.act, self._requests = act, 0

    def do(self, actor: Actor, request: Callable[[Ctx], Any]) -> Any:
        """One request under an idempotency key, as an edge carries it out; the public id it made, or its code."""
        self._requests += 1
        key = f"{self.act}-{self._requests}"
        with self.unit(actor) as ctx:
            return once(ctx, key, "of this request", lambda: Answer(200, _told(request(ctx)))).body

    def wake(self, *names: str) -> None:
        """Let sweeps of the schedule wake, in this order."""
        for name in names:
            self.theatre.sweeps[name](self.unit, self.theatre.outside)

    def wait(self, **time: float) -> None:
        """Time passes."""
        self.clock.advance(**time)

    def control(self, path: str, **body: Any) -> Any:
        """Somebody does something in the world outside; what was done before the crash stays done."""
        return self.theatre.stage.sandbox.control(path, **body)

    def post(self) -> None:
        """The world outside delivers what it has to say until it is acknowledged."""
        self.theatre.stage.sandbox.later.run()
        self.theatre.tell_of_pictures()

    def pay(self, params: dict[str, str], person: str, **how: Any) -> None:
        """A person pays in WeChat, unless they have."""
        with suppress(Declined):
            self.control("pay", params=params, person=person, **how)

    def lull(self) -> None:
        """A while passes in which everybody who waits for something gets it."""
        for seconds in LULL:
            self.wait(seconds=seconds)
            self.wake(*(name for name in self.theatre.sweeps if name not in APART))
            self.post()

    def buyer(self, name: str) -> Actor:
        """A resident by the name they go by in WeChat."""
        return campaigns.buyer(int(self.notes["residents"][name]))

    def actor(self, name: str) -> Actor:
        """Somebody else whom the story has noted as role, id, resident and point."""
        role, actor_id, resident, point = self.notes["actors"][name]
        return Actor(Role(role), actor_id, resident_id=resident, point_id=point)

    def who(self, name: str) -> Actor:
        """Somebody by their part in the story, or a resident by name."""
        if name == "system":
            return SYSTEM
        return self.actor(name) if name in self.notes.get("actors", {}) else self.buyer(name)

    def cast(self, name: str, actor: Actor) -> None:
        """Note somebody."""
        self.notes.setdefault("actors", {})[name] = [actor.role.value, actor.id, actor.resident_id, actor.point_id]

    def lines(self, order: str) -> list[str]:
        """The public ids of an order's lines."""
        with self.unit.reading(SYSTEM) as ctx:
            return [line.public_id for line in campaigns.lines(ctx, order)]

    def rows(self, table: type[T], *where: Any) -> list[T]:
        """Rows of a table, oldest first."""
        with self.unit.reading(SYSTEM) as ctx:
            return list(ctx.session.scalars(select(table).where(*where).order_by(*table.__table__.primary_key)))  # type: ignore[attr-defined]  # tables have it


def _told(result: Any) -> Any:
    if isinstance(result, list | tuple):
        return [_told(one) for one in result]
    if isinstance(result, IssuedCode):
        return result.code
    return result if isinstance(result, str | int | None) else getattr(result, "public_id", None)


Does = Callable[[World], None]


@dataclass(frozen=True)
class Act:
    """Something that happens; `twice` names tables in which a repeat may rightly leave other rows."""

    name: str
    does: Does
    twice: frozenset[str] = frozenset()


@dataclass
class Story:
    """Acts in their order, after a beginning that nobody disturbs."""

    name: str
    beginning: Does
    acts: list[Act] = field(default_factory=list)

    def add(self, name: str, does: Does) -> None:
        """Add the next act."""
        self.acts.append(Act(name, does))

    def act(self, does: Does) -> Does:
        """Add a function as the next act, under its own name."""
        self.add(does.__name__.replace("_", " "), does)
        return does

    def asks(self, name: str, who: str, request: Callable[[World, Ctx], Any]) -> None:
        """Add one request of somebody as an act; what it made is noted under the act's name."""

        def does(world: World) -> None:
            world.notes[name] = world.do(world.who(who), lambda ctx: request(world, ctx))

        self.add(name, does)

    def wakes(self, name: str, *sweeps: str, **time: float) -> None:
        """Add an act: time passes, sweeps wake, and what the outside has to say is delivered."""

        def does(world: World) -> None:
            world.wait(**time)
            world.wake(*sweeps)
            world.post()

        self.acts.append(Act(name, does, SPEECH if SENDER in sweeps else frozenset()))

    def speaks(self, does: Does) -> Does:
        """Add an act in which the bot speaks to groups."""
        self.acts.append(Act(does.__name__.replace("_", " "), does, SPEECH))
        return does

    def may_repeat(self, tables: str, _why: str) -> Callable[[Does], Does]:
        """Add an act whose lost answer leaves rows that nobody can name; the words say why that is right."""

        def add(does: Does) -> Does:
            self.acts.append(Act(does.__name__.replace("_", " "), does, frozenset(tables.split())))
            return does

        return add


STORIES: dict[str, Story] = {}


def story(beginning: Does) -> Story:
    """Register a story under its beginning's name."""
    STORIES[beginning.__name__] = Story(beginning.__name__, beginning)
    return STORIES[beginning.__name__]
