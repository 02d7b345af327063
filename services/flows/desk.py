"""Searching at a desk: the brake on the code field first, then the look."""

from __future__ import annotations

from collections.abc import Callable

from domain.actors import Actor
from services.assembly import Lintuan
from services.context import Ctx
from services.pickup import finding, joining, tries
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
