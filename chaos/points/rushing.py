"""Requests as the hot path takes them: one alone, or several that wait for the committer together."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from chaos.points.world import World
from domain.errors import DomainError
from services import ordering, sessions
from services.context import Ctx
from services.hot.requests import Asked, Outcome
from services.hot.rush import Rush
from services.idempotency import Answer, once
from services.ordering import PlaceOrder
from services.pickup import redeeming
from services.pickup.redeeming import Redeem

FINGERPRINT = "of this request"
PAUSE = 0.0005


class Wish(Protocol):
    """What somebody wants of the committer; the same wish is the same request, whoever asks how often."""

    def __call__(self, world: World) -> None:
        """As the edge of a hot view has it: the committer's answer, or the plain way where it has none.

        Raises what refuses it.
        """


@dataclass(frozen=True)
class Join:
    """What a resident wants to join with; the order is noted under `name`, which is the key."""

    who: str
    name: str
    units: dict[str, int]

    def __call__(self, world: World) -> None:
        """Ask for it."""
        actor, rush = world.buyer(self.who), _rush(world)
        lines = tuple((world["offers"][offer], count) for offer, count in self.units.items())
        command = PlaceOrder(world["campaign"], world["point"], lines, again=True)
        asked = Asked(actor, self.name, FINGERPRINT, "", 201, lambda page: json.dumps(page.id))
        outcome = rush.sold_out(actor.id, command) or rush.join(asked, command)
        world.notes[self.name] = _said(world, asked, outcome, lambda ctx: ordering.place(ctx, command).public_id)


@dataclass(frozen=True)
class HandOut:
    """An order (by the name it is noted under) that is handed over at the desk; `key` names the request."""

    order: str
    key: str

    def __call__(self, world: World) -> None:
        """Ask for it."""
        command = Redeem((world[self.order],), "code")
        with world.unit.reading() as ctx:
            actor = sessions.actor_of(ctx.session, ctx.now, "station", world["desk token"])
        asked = Asked(actor, self.key, FINGERPRINT, "", 201, lambda made: json.dumps(made.redemptions[0].id))
        outcome = _rush(world).redeem(asked, command)
        _said(world, asked, outcome, lambda ctx: redeeming.redeem(ctx, command)[0].public_id)


def _said(world: World, asked: Asked, outcome: Outcome, plainly: Callable[[Ctx], str]) -> Any:
    if isinstance(outcome, DomainError):
        raise outcome
    if outcome is not None:
        return json.loads(outcome.text)
    with world.unit(asked.actor) as ctx:
        return once(ctx, asked.key, FINGERPRINT, lambda: Answer(201, plainly(ctx))).body


def ask_together(world: World, wishes: Sequence[Wish]) -> None:
    """Several ask at the same time; who is refused goes home."""

    def act(wish: Wish) -> Callable[[], None]:
        def ask() -> None:
            with suppress(DomainError):
                wish(world)

        return ask

    _together(_rush(world), [act(wish) for wish in wishes])


def post_together(world: World) -> None:
    """Everything the world outside has to say arrives at the same time."""
    waiting, later = list(world.theatre.stage.sandbox.later.waiting), world.theatre.stage.sandbox.later
    later.stop()
    _together(_rush(world), waiting)
    later.run()


def _rush(world: World) -> Rush:
    rush = world.theatre.product.rush
    if rush is None:
        raise TypeError("this story's product has no committer")
    return rush


def _together(rush: Rush, acts: Sequence[Callable[[], object]]) -> None:
    """Have the committer find all of these waiting, in this order, when it begins its next batch.

    A batch of our own leads until they are there; who needs no committer ends meanwhile.
    """
    commit: Any = vars(rush)["_commit"]
    commit.slow_seconds = math.inf  # however long it takes, nothing begins beside it
    broke: list[BaseException] = []

    def guarded(act: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                act()
            except BaseException as error:  # it is raised where they were begun
                broke.append(error)

        return run

    threads = [threading.Thread(target=guarded(act), daemon=True) for act in acts]

    def gather(requests: Sequence[None]) -> Sequence[None]:
        for thread in threads:
            before = len(commit)
            thread.start()
            while len(commit) == before and thread.is_alive():
                time.sleep(PAUSE)
        return requests

    commit(gather, None)
    for thread in threads:
        thread.join()
    if broke:
        raise broke[0]
