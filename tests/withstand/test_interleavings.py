"""Actors whose statements are interleaved on PostgreSQL: the invariants hold, and whoever loses a race is told so."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from chaos.interleavings.batches import TOGETHER
from chaos.interleavings.ground import Ground, opened
from chaos.interleavings.playing import COMPARED, Tally, play
from chaos.interleavings.run import summed, told
from domain.errors import SoldOut
from domain.payments import Arrival
from models import Offer, Order
from services import counting
from services.context import Ctx
from services.hot import notice_writing
from services.pickup import redeeming, reporting

QUICK = 24
AT_THE_DESK = {"redeem" + TOGETHER, "undo"}
FOUND_WITHIN = 25
SINGLE = {"join", "pay", "cancel", "expire", "close", "redeem", "undo", "refund", "withdraw", "report", "lease"}
OFFLINE = "without a network"
BATCHES = {kind + TOGETHER for kind in ("join", "pay", "redeem")}


@pytest.fixture
def ground(postgres_url: str, tmp_path: Path) -> Iterator[Ground]:
    """An empty one."""
    with opened(postgres_url, tmp_path) as made:
        yield made


def test_interleavings_of_every_kind_of_actor_break_nothing(ground: Ground) -> None:
    tally = Tally()
    for seed in range(1, QUICK + 1):
        play(ground, seed, tally)
    for seed in range(3):
        play(ground, seed, tally, only="handing over", kinds_of=AT_THE_DESK)
    for seed in range(3):
        play(ground, seed, tally, only=OFFLINE, kinds_of={"report", "lease", "redeem"})
    print(tally)  # noqa: T201 - the figures are the report
    assert tally.broke == []
    assert tally.kinds.keys() == SINGLE | BATCHES
    assert tally.compared
    assert tally.steps > 20 * QUICK


def _read_then_write(ctx: Ctx, offers: Mapping[Offer, int], resident_id: int) -> dict[Offer, int]:
    """Look whether there is enough, and then take it."""
    counted = {}
    for offer in sorted(offers, key=lambda offer: offer.id):
        row = ctx.session.execute(select(Offer.quota, Offer.held_units, Offer.sold_units).where(Offer.id == offer.id))
        quota, held, sold = row.one()
        if quota is not None and held + sold + offers[offer] > quota:
            raise SoldOut(offer=offer.name, free=quota - held - sold)
        ctx.session.execute(
            Offer.__table__.update().where(Offer.id == offer.id).values(held_units=held + offers[offer])  # type: ignore[attr-defined]  # a table has it
        )
        counted[offer] = sold
    return counted


def test_a_look_before_a_write_is_found_out(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "hold", _read_then_write)
    assert _played_until_it_broke(ground, {"join"})


def test_a_batch_that_looks_only_before_its_locks_is_found_out(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def still_counts(*_: object) -> Arrival:
        return Arrival.COUNT

    monkeypatch.setattr(notice_writing, "classify", still_counts)
    assert _played_until_it_broke(ground, {"pay" + TOGETHER, "cancel"})


def test_a_report_that_judges_before_it_holds_the_order_is_found_out(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(ctx: Ctx, order_ids: Sequence[str]) -> list[Order]:
        return list(ctx.session.scalars(select(Order).where(Order.public_id.in_(order_ids))))

    monkeypatch.setattr(reporting, "redeeming", SimpleNamespace(hold=look, redeem=redeeming.redeem))
    tally = Tally()
    while not tally.broke and tally.played < FOUND_WITHIN:
        play(ground, 1000 + COMPARED * tally.played, tally, only=OFFLINE, kinds_of={"report", "redeem"})
    print(f"found by interleaving {tally.played}: {tally.broke}")  # noqa: T201 - the figure is the report
    assert tally.broke


def _played_until_it_broke(ground: Ground, kinds: Collection[str]) -> list[str]:
    """What the first interleaving of actors of these kinds broke that broke something."""
    tally = Tally()
    while not tally.broke and tally.played < FOUND_WITHIN:
        play(ground, 1000 + tally.played, tally, only="selling", kinds_of=kinds)
    print(f"found by interleaving {tally.played}: {tally.broke}")  # noqa: T201 - the figure is the report
    return tally.broke


def test_a_chunk_is_kept_as_it_was_counted() -> None:
    tally = Tally(played=2, kinds=Counter(pay=3), broke=["seed 7: rule"])
    kept = json.loads(json.dumps(told(tally)))
    assert (kept["played"], kept["kinds"], kept["broke"]) == (2, {"pay": 3}, ["seed 7: rule"])
    assert summed([kept, kept])["kinds"] == {"pay": 6}


def test_chunks_are_summed() -> None:
    one = {"played": 2, "kinds": {"pay": 3}, "broke": []}
    total = summed([one, {**one, "broke": ["seed 7: rule"]}])
    assert total == {"held": False, "played": 4, "kinds": {"pay": 6}, "broke": ["seed 7: rule"]}
