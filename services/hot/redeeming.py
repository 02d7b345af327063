"""Hand-overs at desks, many in one transaction, written to the very rows that `pickup.redeeming.redeem` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from domain.actors import SYSTEM
from services.context import Ctx
from services.desk_money import due
from services.hot import join_rows
from services.hot import redeem_rows as sql
from services.hot.redeem_writing import COLLECT, Handed, write
from services.hot.requests import HandOut, Outcome
from services.pickup.units import to_come, waiting
from services.transactions import Transactions


class Redeeming:
    """Work for the committer: an answer for each order that changes hands whole, None for what the plain path must do.

    It does one request for each order and each key; whoever comes second meets what the first has left. It never waits
    for an order that somebody else holds.
    """

    def __init__(self, unit: Transactions) -> None:
        self._unit = unit

    def __call__(self, asked: Sequence[HandOut]) -> list[Outcome]:
        """An outcome for each, in order."""
        with self._unit(SYSTEM) as ctx:
            going = _claim_keys(ctx, _at_desks(ctx, first_of_each(asked)))
            handed = _judge(ctx, going)
            said = write(ctx, handed) if handed else {}
        return [said.get(each) for each in asked]


Going = Mapping[HandOut, tuple[str, int]]
"""Those that may go on, with the name of who hands over and the number of their key."""


def first_of_each(asked: Sequence[HandOut]) -> list[HandOut]:
    """The first request for each order and under each key."""
    seen: set[object] = set()
    first: list[HandOut] = []
    for each in asked:
        if seen.isdisjoint((each.order_id, each.asked.named)):
            first.append(each)
        seen |= {each.order_id, each.asked.named}
    return first


def _at_desks(ctx: Ctx, asked: Sequence[HandOut]) -> dict[HandOut, str]:
    """Those whose device is still let in at its desk, and the name of who stands there."""
    ids = [each.asked.actor.session_id or 0 for each in asked]
    names = {row.id: row.display_name for row in sql.DESKS(ctx.session, ids, now=ctx.now)}
    return {each: names[key] for each in asked if (key := each.asked.actor.session_id) in names}


def _claim_keys(ctx: Ctx, names: Mapping[HandOut, str]) -> dict[HandOut, tuple[str, int]]:
    by_key = {each.asked.named: each for each in names}
    rows = [(*named, by_key[named].asked.fingerprint) for named in sorted(by_key)]
    inserted = join_rows.INSERT_KEYS(ctx.session.connection(), rows, ("null", ctx.now))
    found = {by_key[row.actor, row.key]: row.id for row in inserted}
    return {each: (name, found[each]) for each, name in names.items() if each in found}


def _judge(ctx: Ctx, going: Going) -> list[Handed]:
    """The usual ones among them, their orders held; the others give their keys back."""
    if not going:
        return []
    rows = sql.HOLD_ORDERS(ctx.session, [each.order_id for each in going])
    held = {row.public_id: SimpleNamespace(**row._mapping) for row in rows}
    lines: dict[int, list[Any]] = {order.id: [] for order in held.values()}
    if held:
        for line in sql.LINES(ctx.session, list(lines)):
            lines[line.order_id].append(line)
    handed = [
        Handed(each, key_id, name, order, lines[order.id])
        for each, (name, key_id) in going.items()
        if (order := held.get(each.order_id)) and _is_usual(each, order, lines[order.id])
    ]
    kept = {each.key_id for each in handed}
    left = [(key_id,) for _, key_id in going.values() if key_id not in kept]
    sql.FORGET_KEYS(ctx.session.connection(), left)
    return handed


def _is_usual(each: HandOut, order: Any, lines: Sequence[Any]) -> bool:
    """Whether all of the order waits at this desk and is paid, so that its hand-over is its end."""
    return (
        order.point_id == each.asked.actor.point_id
        and order.state in COLLECT.sources
        and order.pickup_deadline is not None  # what is brought has none
        and any(map(waiting, lines))
        and not any(map(to_come, lines))
        and not due.due_fen(order, lines)
        and order.delivery_fee_fen - order.fee_refunded_fen == order.fee_earned_fen
    )
