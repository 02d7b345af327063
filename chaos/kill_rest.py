"""The end of a town: sweeps run until nothing is on its way, then the books are laid beside the gateway's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from chaos.clocks import all_pages
from chaos.kill_promises import broken
from chaos.kill_stall import placed
from chaos.kill_town import Town
from chaos.serving import serving
from demo import judge
from domain.actors import SYSTEM
from jobs.schedule import SCHEDULE
from models import Order, Payment, Refund
from services.assembly import Lintuan
from tests.builders import people

ROUNDS, ROUND_SECONDS, BETWEEN_SWEEPS_SECONDS = 60, 240, 30
PAUSE_SECONDS = 0.3
SWEEPS = [job for job in SCHEDULE if job.name.startswith(("orders.expire", "payments.", "refunds."))]


def at_rest(town: Town) -> list[str]:
    """Let it come to rest before the product of this process; everything that is wrong then."""
    with _served(town) as url:
        town.repeat()
        left = _pass_time(town)
        found = [*left, *broken(town.unit, town.promises.kept), *_differences(town, url)]
    orders, keys = placed(town.unit, town.stall), {one.key for one in town.promises.kept if one.kind == "placed"}
    return found if orders == len(keys) else [*found, f"{orders} orders under {len(keys)} keys"]


@contextmanager
def _served(town: Town) -> Iterator[str]:
    with serving(town.app) as port:
        for customer in town.customers:
            customer.port = port
        town.notices_port = port
        yield f"http://127.0.0.1:{port}"


def _pass_time(town: Town) -> list[str]:
    """What is on its way after many rounds; nothing, as it should be.

    Time passes between two sweeps as well: what one has just asked about, the next leaves alone for some seconds.
    """
    parts: Lintuan = town.app.extensions["lintuan"]
    pause, seconds, left = threading.Event(), 0, [""]
    for _ in range(ROUNDS):
        for job in SWEEPS:
            seconds += BETWEEN_SWEEPS_SECONDS
            parts.clock.shift(seconds)  # type: ignore[attr-defined]  # the system clock has it
            town.stage.move_clock(seconds)
            job.sweep(parts.unit, parts.outside)
        if not (left := _under_way(town)):
            break
        seconds += ROUND_SECONDS
        pause.wait(PAUSE_SECONDS)
    return left


def _under_way(town: Town) -> list[str]:
    queries = {
        "refund": select(Refund.public_id).where(Refund.state.in_(("requested", "submitted"))),
        "payment": select(Payment.public_id).where(Payment.state.in_(("created", "awaiting_payer"))),
        "order": select(Order.public_id).where(Order.state == "pending_payment"),
    }
    with town.unit.reading() as ctx:
        return [f"{what} {number} does not come to rest" for what, query in queries.items()
                for number in ctx.session.scalars(query)]  # fmt: skip


def _differences(town: Town, url: str) -> list[str]:
    """Our books as the operator reads them over HTTP against what the sandbox's ledger gained."""
    with town.unit(SYSTEM) as ctx:
        headers = people.bearer(people.token(ctx, people.operator(ctx)))
    payments, refunds = (all_pages(url, f"/api/admin/{name}", headers) for name in ("payments", "refunds"))
    return judge.compare(
        [row for row in payments if row["id"] not in town.seeded],
        refunds,
        _gained(town.ledger_before, town.stage.seen("ledger")),
    )


def _gained(before: Any, after: Any) -> Any:
    known = {row["out_trade_no"] for row in before["payments"]} | {row["out_refund_no"] for row in before["refunds"]}
    return {
        "payments": [row for row in after["payments"] if row["out_trade_no"] not in known],
        "refunds": [row for row in after["refunds"] if row["out_refund_no"] not in known],
        **{name: after[name] - before[name] for name in ("received_fen", "refunded_fen", "net_fen")},
        "balanced": after["balanced"],
    }
