"""Requests as the hot path takes them: one alone, or several that wait for the committer together."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chaos.points.world import World
from domain.errors import DomainError
from services import ordering
from services.hot.requests import Asked
from services.hot.rush import Rush
from services.idempotency import Answer, once
from services.ordering import PlaceOrder

FINGERPRINT = "of this request"
PAUSE = 0.0005


@dataclass(frozen=True)
class Wish:
    """What a resident wants to join with; the order is noted under `name`."""

    who: str
    name: str
    units: dict[str, int]

    def join(self, world: World) -> None:
        """As the edge of a hot view has it: the committer's answer, or the plain way where it has none.

        The key is the name, so the same wish is the same request. Raises what refuses it.
        """
        actor, rush = world.buyer(self.who), _rush(world)
        lines = tuple((world["offers"][offer], count) for offer, count in self.units.items())
        command = PlaceOrder(world["campaign"], world["point"], lines, again=True)
        asked = Asked(actor, self.name, FINGERPRINT, "", 201, lambda page: json.dumps(page.id))
        outcome = rush.sold_out(actor.id, command) or rush.join(asked, command)
        if isinstance(outcome, DomainError):
            raise outcome
        if outcome is not None:
            world.notes[self.name] = json.loads(outcome.text)
            return
        with world.unit(actor) as ctx:
            plain = once(ctx, self.name, FINGERPRINT, lambda: Answer(201, ordering.place(ctx, command).public_id))
        world.notes[self.name] = plain.body


def join_together(world: World, wishes: Sequence[Wish]) -> None:
    """Several join at the same time; who is refused goes home."""

    def act(wish: Wish) -> Callable[[], None]:
        def join() -> None:
            with suppress(DomainError):
                wish.join(world)

        return join

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
