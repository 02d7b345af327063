"""kill -9 of the served product under load: what was acknowledged is there after each restart, and nothing twice.

A run is made of towns that live through some kills each, come to rest and are judged; each is kept.
"""

from __future__ import annotations

import random
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from chaos.batches import paid_together, placed_together
from chaos.databases import copied
from chaos.holding import SERVED
from chaos.keeping import Keeper, Piece
from chaos.kill_databases import durability, waiting_for_disk
from chaos.kill_product import CARELESS
from chaos.kill_promises import broken
from chaos.kill_rest import at_rest
from chaos.kill_town import Town, town
from services.assembly import Lintuan
from services.flows import refunding
from tests.integrations.sandbox_process import running_sandbox

TOWNS, KILLS, WORKERS, WAITING = 8, 25, 2, 60
LIVES = range(10, 61)
"""How many promises a generation of the product lives to make; the control's is slow and dies sooner."""
SHORT_LIVES = range(3, 6)
PATIENCE_SECONDS = 300.0
PATHS = (
    *SERVED, "chaos/batches.py", "chaos/keeping.py", "chaos/kill.py", "chaos/kill_careless.py",
    "chaos/kill_customers.py", "chaos/kill_product.py", "chaos/kill_promises.py", "chaos/kill_rest.py",
    "chaos/kill_stall.py", "chaos/kill_town.py", "constraints.txt", "stack",
)  # fmt: skip


def kills(place: Town, count: int, seed: int, lives: range = LIVES) -> list[str]:
    """Start the product, let it work and kill it, that many times; everything that was wrong, each with its kill."""
    parts: Lintuan = place.app.extensions["lintuan"]
    chance = random.Random(f"kill-{seed}")  # noqa: S311 - the same lives each time
    found: list[str] = []
    for number in range(count):
        before = len(place.promises.kept)
        place.product.start()
        place.repeat()
        if not place.busy_until(before + chance.choice(lives), PATIENCE_SECONDS):
            found.append(f"kill {number}: too few answers in {PATIENCE_SECONDS:.0f} s")
        wrong = broken(place.unit, place.promises.kept[before:])
        refunding.submit_due(place.unit, parts.outside)  # their notices come while the next generation works
        found += [f"kill {number}: {words}" for words in wrong]
    return found


def live(url: str, folder: Path, seed: int) -> Piece:
    """One town, killed `KILLS` times and judged at rest; the same people and wishes each time for its seed."""
    (folder / "sandbox").mkdir(parents=True)
    with (
        copied(url) as copy,
        running_sandbox(folder / "sandbox") as stage,
        town(copy, folder / "product", stage, WORKERS, WAITING, seed) as place,
    ):
        wrong = [*kills(place, KILLS, seed), *at_rest(place)]
        together = {"placed": placed_together(place.unit), "paid": paid_together(place.unit)}
        promises = Counter(one.kind for one in place.promises.kept)
    return {"kills": KILLS, "promises": promises, "answers": place.told, "together": together, "wrong": wrong}


def control(url: str, folder: Path, target: str) -> Piece:
    """What is found wrong with a product that answers before it commits: "found" has to say something."""
    (folder / "sandbox").mkdir(parents=True)
    with (
        copied(url) as copy,
        running_sandbox(folder / "sandbox") as stage,
        town(copy, folder / "product", stage, WORKERS, 1, 0, target) as place,
    ):
        return {"found": kills(place, 2, 0, SHORT_LIVES), "wrong": []}


def run(url: str, folder: Path) -> dict[str, Any]:
    """200 kills on the kind of database at `url`, and the controls; what was promised and what was not kept."""
    kind = url.partition(":")[0].partition("+")[0]
    keeper = Keeper("kill", kind, PATHS)
    with waiting_for_disk(url, folder) as disk:
        waits = durability(disk)
        towns: dict[str, Piece] = {}
        for number in range(TOWNS):
            name = f"town-{number}"
            towns[name] = keeper.piece(name, partial(live, disk, folder / name, number))
        controls = {who: keeper.piece(f"late-{who}", partial(control, disk, folder / f"late-{who}", target))["found"]
                    for who, target in CARELESS.items()}  # fmt: skip
    keeper.finish()
    wrong = [f"{name}, {words}" for name, one in towns.items() for words in one["wrong"]]
    counts = ("promises", "answers", "together")
    sums = {what: sum((Counter(one[what]) for one in towns.values()), Counter[str]()) for what in counts}
    return {"held": not wrong and all(controls.values()) and all(sums["together"].values()), **waits,
            "workers": WORKERS, "kills": sum(one["kills"] for one in towns.values()), **sums, "wrong": wrong[:20],
            "controls_wrong": {who: len(found) for who, found in controls.items()},
            "controls_first": {who: found[:2] for who, found in controls.items()}}  # fmt: skip
