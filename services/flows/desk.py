"""The desk in several steps: a brake before the look, a transaction for each hand-over that is reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.actors import Actor
from services.assembly import Lintuan
from services.context import Ctx
from services.pickup import finding, joining, reporting, tries
from services.queries import pickup


def search(product: Lintuan, actor: Actor, wanted: finding.Search,
           at: Callable[[Ctx], Ctx] = lambda ctx: ctx) -> pickup.SearchResult:  # fmt: skip
    """Find by a proof at the actor's desk (`at` makes a leader's context one); raises `TooMany` for quick guesses."""
    desk = f"session:{actor.session_id}"
    tries.brake(product.outside.counters, product.policy, desk)
    with product.unit.reading(actor) as ctx:
        there = at(ctx)
        found = pickup.found(there, finding.search(there, wanted))
    tries.release(product.outside.counters, desk)
    return found


def join(product: Lintuan, actor: Actor, command: joining.JoinDesk) -> joining.JoinedDesk:
    """Join a desk by its invitation; raises `TooMany` for guesses."""
    tries.allow_one_time_code(product.outside.counters, product.policy, f"resident:{actor.id}")
    with product.unit(actor) as ctx:
        return joining.join(ctx, command)


def report(product: Lintuan, actor: Actor, lease_id: str, noted: Sequence[reporting.HandedOut]
           ) -> list[reporting.Reported]:  # fmt: skip
    """Report each hand-over in a transaction of its own, so that one that fails leaves the others booked.

    A lost answer is asked for again: what was booked says so. Raises `NotFound` for a lease of another point.
    """
    told: list[reporting.Reported] = []
    for each in noted:
        with product.unit(actor) as ctx:
            told.append(reporting.report(ctx, lease_id, each))
    return told
